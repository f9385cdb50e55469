#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "daemon/alert/alerter.hpp"
#include "daemon/base/deadline.hpp"
#include "daemon/fleet/inventory.hpp"
#include "daemon/fleet/scheduler.hpp"
#include "daemon/git/checkouts.hpp"
#include "daemon/judge/rule_book.hpp"
#include "daemon/observe/overview.hpp"
#include "daemon/settings/current_settings.hpp"
#include "daemon/store/store.hpp"
#include "parsers/codeowners/codeowners.hpp"

namespace driftkeeper {

// Follows the Git repositories: fetches them when their poll is due, turns what they hold into
// stacks, and makes due what a new commit touched. Thread-safe; one repository is synced by one
// thread at a time.
class Repositories {
public:
    Repositories(const CurrentSettings& settings, Checkouts& checkouts, Store& store,
                 Scheduler& scheduler, Overview& overview, Alerter& alerter, RuleBook& rules,
                 const Clock& clock)
        : settings_(settings),
          checkouts_(checkouts),
          store_(store),
          scheduler_(scheduler),
          overview_(overview),
          alerter_(alerter),
          rules_(rules),
          clock_(clock) {}

    // Polls until the token stops, each repository on a thread of its own: a few at once, and one
    // whose server takes long gives its place to the next.
    void run(std::stop_token stop);

    // Fetches now and follows what it finds. The error is handled already (counted, logged, told).
    Result<std::string> sync(const RepositorySettings& repository, std::stop_token stop);

    // The commit that a poll gives which begins after this. Waits half a minute at most, and not at
    // all for a repository whose last poll failed: git_timeout (Retry).
    Result<std::string> latest(const RepositorySettings& repository, std::stop_token stop);

    // Has the repository fetched at once, also when it is being fetched now (something may have
    // come since). False: it is none of the settings'.
    bool poke(const std::string& repository);

    // The commit that the last sync gave; empty: none yet.
    [[nodiscard]] std::string commit(const std::string& repository) const;

    // Stacks that are gone, and whose state was not empty when they were last looked at: they are
    // looked at again.
    void watchOrphans();

    // The settings changed: repositories that are gone lose their stacks, the others are due at
    // once.
    void settingsChanged();

private:
    // What discovery made of the files of a repository: it holds for every commit with the same
    // files.
    struct Found {
        std::shared_ptr<const Settings> settings;
        std::string sourcesDigest;
        Inventory inventory;
        std::vector<LeftOut> leftOut;
    };
    struct Known {
        std::mutex syncing;
        Deadline due;  // this and below: guarded by mutex_
        bool taken = false;
        Deadline slow;                     // of the poll that is under way
        std::optional<Deadline> unread{};  // when a first failure is one for too long
        std::uint64_t begun = 0;           // polls
        std::uint64_t ended = 0;
        std::jthread reader{};  // only of the thread in run()
        bool poked = false;     // while it was taken
        std::string commit;
        int failures = 0;  // in a row
        bool followed =
            false;  // its stacks are known to the scheduler since the settings last changed
        std::optional<Found> found{};  // by the last sync; guarded by `syncing`
    };
    Known& known(const std::string& repository);
    std::optional<RepositorySettings> takeDue();
    void poll(const RepositorySettings& repository, std::stop_token stop);
    Result<std::string> follow(const RepositorySettings& repository, Known& known,
                               const std::string& commit);
    bool keepStack(const Stack& stack, const std::optional<std::string>& digest);
    void retire(const Stack& stack, Retired why);
    void noteRenamed(const RepositorySettings& repository, Inventory& inventory,
                     const std::vector<SourceFile>& files);
    void keepUnread(const RepositorySettings& repository, const std::vector<LeftOut>& leftOut,
                    const std::vector<Stack>& before, std::vector<Stack>& wanted);
    void reportLeftOut(const RepositorySettings& repository, std::vector<LeftOut> sources,
                       const std::vector<LeftOut>& folders);
    bool readRules(const RepositorySettings& repository, const std::string& commit);
    Codeowners readOwners(const RepositorySettings& repository, const std::string& commit);
    std::vector<IgnoreRule> loadRules(const RepositorySettings& repository,
                                      const std::string& commit, const RulesFile& file,
                                      std::string& mistake);
    void failed(const RepositorySettings& repository, Known& known, const Error& error);

    const CurrentSettings& settings_;
    Checkouts& checkouts_;
    Store& store_;
    Scheduler& scheduler_;
    Overview& overview_;
    Alerter& alerter_;
    RuleBook& rules_;
    const Clock& clock_;
    mutable std::mutex mutex_;
    std::condition_variable_any changed_;
    bool woken_ = false;                         // something became due
    std::map<std::string, Known> repositories_;  // entries are never erased: references stay valid
};

}  // namespace driftkeeper
