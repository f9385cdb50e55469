#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "daemon/observe/exposition.hpp"

namespace driftkeeper {

// What Prometheus scrapes. What is counted while it happens is prometheus-cpp's and kept here; what
// can be read when it is asked for is rendered by exposition(). config/metrics.md lists every
// family. Thread-safe.
class Metrics {
public:
    explicit Metrics(const std::string& version);
    ~Metrics();

    // Its series of checks are there from now on, at 0: a rate needs a start.
    void expect(const std::string& provider) const;
    void sandbox(std::string_view mode);  // that holds the tools: strict, landlock or off
    void toolConnection(const std::string& allowedBy);  // an entry of network.allow; empty: refused
    void limitsHeldByKernel(bool yes);                  // control groups hold what a check uses
    void workers(unsigned count);                       // checks that may run at a time
    void checkStarted();
    void checkFinished(const std::string& provider, Verdict verdict, double seconds);
    void delivery(const std::string& channel, std::string_view outcome);
    void gaveUp(const std::string& channel);  // a delivery that is not tried again
    void reloaded(bool successful);

    // Text format 0.0.4.
    [[nodiscard]] std::string text(const Scrape& scrape) const;

private:
    struct Families;
    std::unique_ptr<Families> families_;
};

}  // namespace driftkeeper
