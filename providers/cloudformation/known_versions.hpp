#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace driftkeeper::cloudformation {

// Versions of programs that were asked already: starting one costs half a second. Thread-safe. A
// key names one build of one program.
class KnownVersions {
public:
    std::optional<std::string> find(const std::string& key) {
        const std::scoped_lock lock(mutex_);
        const auto found = versions_.find(key);
        return found == versions_.end() ? std::nullopt : std::optional(found->second);
    }
    void note(const std::string& key, const std::string& version) {
        const std::scoped_lock lock(mutex_);
        versions_[key] = version;
    }

private:
    std::mutex mutex_;
    std::map<std::string, std::string> versions_;
};

}  // namespace driftkeeper::cloudformation
