#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/deadline.hpp"
#include "daemon/model/run_step.hpp"
#include "daemon/model/running_check.hpp"

namespace driftkeeper {

// The looks that are under way, and how far each is, for whoever watches. Thread-safe.
class Running {
public:
    // `publish` is told when the list changed, with its JSON; never two calls at once. A step that
    // differs from the one before in its numbers alone is published at most once a second.
    using Publish = std::function<void(std::string_view json)>;
    Running(const Clock& clock, Publish publish) : clock_(clock), publish_(std::move(publish)) {}

    // One look from its construction to its destruction. `all` outlives it. Of steps that differ in
    // their numbers alone its log keeps when the first began and what the last said; a log ends
    // after 200 lines.
    class Look {
    public:
        Look(Running& all, RunningCheck check) : all_(all), number_(all.begin(std::move(check))) {}
        ~Look() { all_.end(number_); }
        Look(const Look&) = delete;
        Look& operator=(const Look&) = delete;
        void step(std::string_view phrase) { all_.step(number_, phrase); }
        [[nodiscard]] std::vector<RunStep> log() const { return all_.log(number_); }

    private:
        Running& all_;
        std::uint64_t number_;
    };

    [[nodiscard]] std::vector<RunningCheck> list() const;  // oldest first
    // When the look at a stack began that is under way, by its full name.
    [[nodiscard]] std::optional<BootTime> since(const std::string& stack) const;

private:
    struct Entry {
        RunningCheck check;
        std::vector<RunStep> log;
        BootTime began{};
    };

    std::uint64_t begin(RunningCheck check);
    void step(std::uint64_t number, std::string_view phrase);
    [[nodiscard]] std::vector<RunStep> log(std::uint64_t number) const;
    void end(std::uint64_t number);
    [[nodiscard]] std::vector<RunningCheck> listLocked() const;
    void publishLocked();

    const Clock& clock_;
    const Publish publish_;
    mutable std::mutex mutex_;
    std::map<std::uint64_t, Entry>
        checks_;  // by the order in which they began; this and below: under mutex_
    std::uint64_t last_ = 0;
    Deadline nextPublished_;  // of news that differ in numbers alone
};

// {"version":1,"running":[{"stack":"infra/net","provider":"terraform","started":"…Z","step":"planning",
//                          "expected_seconds":2.4}]}; step and expected_seconds may be null.
std::string runningJson(const std::vector<RunningCheck>& checks);

}  // namespace driftkeeper
