#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "providers/look/timed_runner.hpp"
#include "providers/terraform/calls.hpp"
#include "providers/terraform/inputs.hpp"

// Modules by a branch (or by no ref at all) move without a commit of the repository that calls
// them: their repositories are asked where the branch is now.
namespace driftkeeper::terraform {

// Where a module comes from by Git, and what of it is asked for.
struct GitReference {
    std::string url;
    std::string ref;  // empty: the default branch

    auto operator<=>(const GitReference&) const = default;
};

// `source`: as init's manifest has it. nullopt: not by Git, or at a commit, which never moves.
std::optional<GitReference> gitReferenceIn(std::string_view source);

// The commits that `ls-remote` names for the reference: of a branch, else of a tag.
struct RemoteAnswer {
    std::vector<std::string> commits;  // of a tag: its own and that of what it names
    bool isTag = false;
};
RemoteAnswer readRemote(std::string_view lines);

ToolCall lsRemoteCall(const Session& session, const GitReference& reference);

// Asks each reference at most once an interval, whoever's stack it is; a tag, which should never
// move, once a day. Thread-safe: who comes while a reference is being asked waits for the answer.
class MovingModules {
public:
    // Whether one of the modules is not the one that its reference names now. What cannot be asked
    // counts as unmoved, and is asked again a minute later.
    bool haveMoved(const std::vector<InstalledModule>& modules, const Session& session,
                   TimedRunner& runner, std::chrono::seconds interval);

private:
    using Clock = std::chrono::steady_clock;
    struct Known {
        RemoteAnswer answer;
        std::optional<Clock::time_point> asked;  // when the last one ended
        bool isBeingAsked = false;
        bool isFailed = false;
    };
    static bool isFresh(const Known& known, std::chrono::seconds interval);
    RemoteAnswer answerFor(const GitReference& reference, const Session& session,
                           TimedRunner& runner, std::chrono::seconds interval);

    std::mutex mutex_;
    std::condition_variable answered_;
    std::map<GitReference, Known> known_;
};

}  // namespace driftkeeper::terraform
