#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/base/guarded.hpp"
#include "daemon/model/memory.hpp"
#include "daemon/model/stack_line.hpp"
#include "parsers/source/source_file.hpp"

namespace driftkeeper {

// The whole fleet in numbers, kept in memory so that a scrape costs no query. Thread-safe.
class Overview {
public:
    void keep(const StackStatus& status);
    void remove(const std::string& stackId);
    // A check that the store could not take: it is shown until one is kept.
    void keepUnrecorded(std::shared_ptr<const Check> check);
    [[nodiscard]] std::shared_ptr<const Check> unrecorded(const std::string& stackId) const;
    [[nodiscard]] bool hasUnrecorded() const;
    void synced(const std::string& repository, TimePoint when, const std::string& commit);
    void leftOut(const std::string& repository,
                 const std::vector<LeftOut>& all);  // since the last sync
    void syncFailed(const std::string& repository);

    [[nodiscard]] std::vector<StackLine> stacks() const;  // by full name
    [[nodiscard]] std::optional<StackLine> find(const std::string& fullName) const;
    [[nodiscard]] std::size_t size() const;
    [[nodiscard]] bool allCheckedSince(
        TimePoint since) const;  // every stack's last check began after it
    [[nodiscard]] std::map<std::string, RepositoryLine> repositories() const;

private:
    struct Lines {
        std::map<std::string, StackLine> stacks;  // by full name
        std::map<std::string, RepositoryLine> repositories;
        std::map<std::string, std::shared_ptr<const Check>> unrecorded;  // by stack id
    };
    Guarded<Lines> lines_;
};

}  // namespace driftkeeper
