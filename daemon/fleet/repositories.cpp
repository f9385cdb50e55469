#include "daemon/fleet/repositories.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "daemon/alert/decide/owners.hpp"
#include "daemon/base/log.hpp"
#include "daemon/fleet/codeowners_file.hpp"
#include "daemon/wording/left_out.hpp"
#include "providers/catalog.hpp"

namespace driftkeeper {
namespace {

constexpr int failuresUntilTold =
    3;  // a network may blink; settings and credentials do not mend themselves
constexpr Seconds longestPause{600};
constexpr std::size_t mostQuick = 4;      // polls that began a moment ago
constexpr std::size_t mostReaders = 128;  // polls
constexpr Seconds quickPoll{5};
constexpr Seconds longestLatest{30};

Seconds longestUnread(const RepositorySettings& repository) {
    return std::max(3 * repository.poll, Seconds(600));
}

// Within a folder of the tree.
bool isBelow(std::string_view path, std::string_view folder) {
    return folder == "." ||
           (path.starts_with(folder) && path.substr(folder.size()).starts_with('/'));
}

}  // namespace

// A stack whose files could not all be read is not gone: it stays what it was.
void Repositories::keepUnread(const RepositorySettings& repository,
                              const std::vector<LeftOut>& leftOut, const std::vector<Stack>& before,
                              std::vector<Stack>& wanted) {
    const auto isUnread = [&](const Stack& stack) {
        return std::ranges::any_of(leftOut, [&](const LeftOut& one) {
            return isTrouble(one.reason) &&
                   (one.path == stack.path || isBelow(one.path, stack.path) ||
                    isBelow(stack.path, one.path));
        });
    };
    for (const auto& stack : before) {
        const auto isSame = [&](const Stack& one) { return one.fullName() == stack.fullName(); };
        if (stack.repository != repository.name || !isOpenToDiscovery(repository, stack.path))
            continue;
        const auto isNamed = [&](const StackSettings& one) { return one.path == stack.path; };
        if (std::ranges::any_of(repository.stacks, isNamed) || std::ranges::any_of(wanted, isSame))
            continue;
        if (!isUnread(stack)) continue;
        // The scheduler's own copy has the environment; the store keeps none.
        wanted.push_back(scheduler_.find(stack.id).value_or(stack));
    }
}

namespace {

Trouble brokenRules(const RepositorySettings& repository, const std::string& mistake) {
    Trouble trouble;
    trouble.kind = IncidentKind::Repository;
    trouble.subject = repository.name + " ignore rules";
    trouble.shownName = repository.name;
    trouble.cause = "ignore_rules_broken";
    trouble.text = "the ignore rules of repository " + repository.name +
                   " cannot be read, the last good ones stay in force: " + mistake;
    return trouble;
}

Trouble unreachable(const RepositorySettings& repository, const Error& error) {
    Trouble trouble;
    trouble.kind = IncidentKind::Repository;
    trouble.subject = repository.name;
    trouble.shownName = repository.name;
    trouble.cause = error.code;
    trouble.text = "repository " + repository.name + " cannot be read: " + error.message;
    return trouble;
}

}  // namespace

Repositories::Known& Repositories::known(const std::string& repository) {
    const std::scoped_lock lock(mutex_);
    return repositories_[repository];
}

std::string Repositories::commit(const std::string& repository) const {
    const std::scoped_lock lock(mutex_);
    const auto it = repositories_.find(repository);
    return it == repositories_.end() ? std::string() : it->second.commit;
}

// The one that has been due longest, if there is a place for it.
std::optional<RepositorySettings> Repositories::takeDue() {
    std::size_t all = 0;
    std::size_t quick = 0;
    for (const auto& [name, state] : repositories_) {
        all += state.taken ? 1 : 0;
        quick += state.taken && !state.slow.isOver(clock_) ? 1 : 0;
    }
    if (quick >= mostQuick || all >= mostReaders) return std::nullopt;
    const auto settings = settings_.get();
    const RepositorySettings* next = nullptr;
    for (const auto& repository : settings->repositories) {
        const Known& state = repositories_[repository.name];
        if (state.taken || !state.due.isOver(clock_)) continue;
        if (next == nullptr || state.due < repositories_[next->name].due) next = &repository;
    }
    if (next == nullptr) return std::nullopt;
    Known& state = repositories_[next->name];
    state.taken = true;
    state.slow = Deadline(clock_, quickPoll);
    ++state.begun;
    return *next;
}

void Repositories::run(std::stop_token stop) {
    while (!stop.stop_requested()) {
        std::unique_lock lock(mutex_);
        const auto next = takeDue();
        if (!next) {
            changed_.wait_for(lock, stop, std::chrono::milliseconds(500),
                              [&] { return std::exchange(woken_, false); });
            continue;
        }
        // The thread before it has nothing left to do.
        repositories_[next->name].reader =
            std::jthread([this, repository = *next, stop] { poll(repository, stop); });
    }
    std::vector<std::jthread> readers;
    const std::scoped_lock lock(mutex_);
    for (auto& [name, state] : repositories_) readers.push_back(std::move(state.reader));
}

void Repositories::poll(const RepositorySettings& repository, std::stop_token stop) {
    (void)sync(repository, std::move(stop));
    const std::scoped_lock lock(mutex_);
    Known& state = repositories_[repository.name];
    state.taken = false;
    state.ended = state.begun;
    const Seconds pause = repository.poll * (1 << std::min(state.failures, 4));
    state.due = Deadline(clock_, std::min(pause, std::max(repository.poll, longestPause)));
    if (std::exchange(state.poked, false)) state.due = {};
    woken_ = true;
    changed_.notify_all();
}

Result<std::string> Repositories::latest(const RepositorySettings& repository,
                                         std::stop_token stop) {
    std::unique_lock lock(mutex_);
    Known& state = repositories_[repository.name];
    const auto late = failure(Remedy::Retry, "git_timeout", "the repository is not read in time");
    if (state.failures > 0) return late;
    const std::uint64_t wanted = state.begun + 1;
    state.due = {};
    state.poked = state.taken;
    woken_ = true;
    changed_.notify_all();
    const bool isRead =
        changed_.wait_for(lock, stop, longestLatest, [&] { return state.ended >= wanted; });
    if (!isRead || state.failures > 0) return late;
    return state.commit;
}

bool Repositories::poke(const std::string& repository) {
    const auto settings = settings_.get();
    const bool isOurs = std::ranges::any_of(
        settings->repositories, [&](const auto& one) { return one.name == repository; });
    if (!isOurs) return false;
    const std::scoped_lock lock(mutex_);
    Known& state = repositories_[repository];
    state.due = {};
    state.poked = state.taken;
    woken_ = true;
    changed_.notify_all();
    return true;
}

Result<std::string> Repositories::sync(const RepositorySettings& repository, std::stop_token stop) {
    Known& state = known(repository.name);
    const std::scoped_lock serial(state.syncing);
    const auto settings = settings_.get();
    const bool isCurrent = state.found && state.found->settings == settings;
    const auto providers = providersOf(*settings);
    auto snapshot = checkouts_.sync(repository, stop, kindsFor(repository, providers),
                                    isCurrent ? state.found->sourcesDigest : std::string());
    if (stop.stop_requested()) return failure(Remedy::Retry, "stopped", "the daemon is stopping");
    if (!snapshot) {
        failed(repository, state, snapshot.error());
        return std::unexpected(snapshot.error());
    }
    overview_.synced(repository.name, clock_.now(), snapshot->commit);
    if (!snapshot->isKnown) {
        state.found = Found{settings, std::move(snapshot->sourcesDigest),
                            inventoryOf(repository, settings->checks, providers, snapshot->files),
                            std::move(snapshot->leftOut)};
        noteRenamed(repository, state.found->inventory, snapshot->files);
    }
    const auto followed = follow(repository, state, snapshot->commit);
    if (!followed) {
        log::error(log::event::stateTrouble, "the stacks of a repository could not be kept",
                   {{"repository", repository.name}, {"reason", followed.error().message}});
        return followed;
    }
    bool wasFailing = false;
    {
        const std::scoped_lock lock(mutex_);
        wasFailing = state.failures > 0 || !state.followed;
        state.failures = 0;
        state.unread.reset();
        state.followed = settings_.get() == settings;
    }
    if (wasFailing) (void)alerter_.close(unreachable(repository, {}), "readable");
    return followed;
}

void Repositories::failed(const RepositorySettings& repository, Known& state, const Error& error) {
    bool isLong = false;
    {
        const std::scoped_lock lock(mutex_);
        if (!state.unread) state.unread = Deadline(clock_, longestUnread(repository));
        isLong = ++state.failures >= failuresUntilTold || state.unread->isOver(clock_);
    }
    overview_.syncFailed(repository.name);
    log::warning(
        log::event::repositoryUnreadable, "repository cannot be read",
        {{"repository", repository.name}, {"code", error.code}, {"reason", error.message}});
    if (error.remedy != Remedy::Retry || isLong)
        (void)alerter_.open(unreachable(repository, error));
}

// Turns what was found into stacks. A stack that is gone is retired; a settings entry whose folder
// was never there stays a stack, so that its check can say so.
Result<std::string> Repositories::follow(const RepositorySettings& repository, Known& state,
                                         const std::string& commit) {
    bool isSameCommit = false;
    {
        const std::scoped_lock lock(mutex_);
        isSameCommit = state.commit == commit;
        if (state.followed && isSameCommit) return commit;
        state.commit = commit;
    }
    const Inventory& inventory = state.found->inventory;
    const auto before = store_.stacks.list();
    if (!before) return std::unexpected(before.error());

    std::vector<Stack> wanted = inventory.stacks;
    for (const auto& missing : inventory.missing) {
        const bool wasThere = std::ranges::any_of(*before, [&](const Stack& stack) {
            return stack.fullName() == missing.fullName() && !stack.closure.empty();
        });
        if (!wasThere) {
            wanted.push_back(missing);
            wanted.back().closure.clear();
        }
    }
    keepUnread(repository, state.found->leftOut, *before, wanted);
    reportLeftOut(repository, state.found->leftOut, inventory.leftOut);
    const bool otherRules = readRules(repository, commit);
    const Codeowners codeowners = readOwners(repository, commit);
    for (auto& stack : wanted)
        addOwners(stack, codeowners, ownFilesOf(stack.provider),
                  ownFileOf(stack.provider, stack.options));
    const auto digests = checkouts_.sourceDigests(repository, wanted, commit);
    std::set<std::string> kept;
    for (std::size_t at = 0; at < wanted.size(); ++at) {
        const Stack& stack = wanted[at];
        const auto stored = store_.stacks.keep(stack);
        if (!stored) return std::unexpected(stored.error());
        kept.insert(stored->id);
        if (!keepStack(*stored, digests ? (*digests)[at] : std::nullopt))
            return failure(Remedy::Retry, "store_failed",
                           "the last check of " + stack.fullName() + " cannot be read");
        if (otherRules) (void)scheduler_.request(stored->id);
    }
    for (const auto& stack : *before) {
        if (stack.repository != repository.name || kept.contains(stack.id)) continue;
        // What the files still hold, or held at this very commit, only the settings can take out.
        const bool isTakenOut = isSameCommit || inventory.isInGit(stack) ||
                                !isLookedFor(repository, *settings_.get(), stack);
        log::info(log::event::stackGone,
                  isTakenOut ? "stack is taken out by the settings" : "stack is gone",
                  {{"stack", stack.fullName()}});
        retire(stack, isTakenOut ? Retired::TakenOut : Retired::GoneFromGit);
    }
    log::info(log::event::repositoryRead, "repository read",
              {{"repository", repository.name},
               {"commit", commit},
               {"stacks", std::to_string(wanted.size())}});
    return commit;
}

// What is not looked at, in the journal and in the metrics.
void Repositories::reportLeftOut(const RepositorySettings& repository, std::vector<LeftOut> sources,
                                 const std::vector<LeftOut>& folders) {
    std::ranges::copy(folders, std::back_inserter(sources));
    overview_.leftOut(repository.name, sources);
    std::map<std::string, std::vector<LeftOut>> byReason;
    for (auto& one : sources) byReason[one.reason].push_back(std::move(one));
    for (const auto& [reason, some] : byReason) {
        log::write(isTrouble(reason) ? log::Level::Warning : log::Level::Info,
                   log::event::sourcesLeftOut, "part of a repository is not checked",
                   {{"repository", repository.name},
                    {"code", reason},
                    {"count", std::to_string(some.size())},
                    {"reason", leftOutText(some)}});
    }
}

// A repository's own ignore rules. A broken file leaves the last good ones in force, also over a
// restart. True: they are others than before.
bool Repositories::readRules(const RepositorySettings& repository, const std::string& commit) {
    std::vector<IgnoreRule> rules;
    std::string mistake;
    for (const auto& file : rulesFiles) {
        auto loaded = loadRules(repository, commit, file, mistake);
        std::ranges::move(loaded, std::back_inserter(rules));
    }
    std::string origin;
    if (const auto touch =
            checkouts_.lastTouch(repository, commit, {rulesFiles[0].name, rulesFiles[1].name});
        touch && *touch && !rules.empty())
        origin = "commit " + (*touch)->commit.substr(0, 12) + " by " + (*touch)->author;
    const bool areOthers = rules_.keep(repository.name, std::move(rules), origin);
    std::vector<std::string> names;
    for (const auto& rule : rules_.rules()) names.push_back(rule.name);
    (void)store_.quiet.keepRules(names, clock_.now());
    if (mistake.empty()) {
        (void)alerter_.close(brokenRules(repository, {}), "readable");
    } else {
        (void)alerter_.open(brokenRules(repository, mistake));
    }
    return areOthers;
}

// Whom a repository names for its folders. No incident when a line is wrong: that only leaves a
// recipient out.
Codeowners Repositories::readOwners(const RepositorySettings& repository,
                                    const std::string& commit) {
    auto file = readCodeowners([&](const std::string& path) {
        return checkouts_.file(repository, commit, path, mostCodeownersText);
    });
    if (!file.mistake.empty())
        log::warning(
            log::event::repositoryFileIgnored, "part of CODEOWNERS was ignored",
            {{"repository", repository.name}, {"commit", commit}, {"reason", file.mistake}});
    return std::move(file.codeowners);
}

// One file's rules: those of the commit, or the last good ones and what is wrong with it.
std::vector<IgnoreRule> Repositories::loadRules(const RepositorySettings& repository,
                                                const std::string& commit, const RulesFile& file,
                                                std::string& mistake) {
    const std::string key = "rules " + repository.name + ' ' + file.name;
    const auto text = checkouts_.file(repository, commit, file.name, mostRulesText);
    if (!text) {
        mistake = text.error().message;
    } else if (!*text) {
        (void)store_.notes.keep(key, {});
        return {};
    } else {
        auto loaded = file.parse(**text, repository.name, file.name);
        if (loaded.mistakes.empty()) {
            (void)store_.notes.keep(key, **text);
            return std::move(loaded.rules);
        }
        const auto& first = loaded.mistakes.front();
        mistake = fmt::format("{}:{}: {}", file.name, first.position.line, first.message);
    }
    const auto good = store_.notes.find(key);
    if (!good || !*good || (*good)->empty()) return {};
    return file.parse(**good, repository.name, file.name).rules;
}

// Hands a stack to the scheduler; due at once when its files differ from those of its last check.
bool Repositories::keepStack(const Stack& stack, const std::optional<std::string>& digest) {
    const auto status = store_.stacks.status(stack.id);
    if (!status || !*status) return false;
    const auto& last = (*status)->last;
    const bool changed = digest && last && last->sourceDigest != *digest;
    const bool soon =
        changed ||
        (*status)->unconfirmed;  // what was seen before a restart waits for its confirmation
    scheduler_.keep(stack, last ? std::optional(last->finished) : std::nullopt, (*status)->failures,
                    soon);
    overview_.keep(**status);
    return true;
}

}  // namespace driftkeeper
