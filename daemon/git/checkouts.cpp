#include "daemon/git/checkouts.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "daemon/base/guarded.hpp"
#include "daemon/git/checkout.hpp"
#include "daemon/git/closure.hpp"
#include "daemon/git/folder_remover.hpp"
#include "daemon/git/mirror.hpp"
#include "daemon/git/objects.hpp"
#include "daemon/git/remote_url.hpp"
#include "daemon/git/repository_source.hpp"
#include "daemon/git/source_files.hpp"
#include "daemon/git/stack_folders.hpp"
#include "daemon/git/unlike.hpp"
#include "providers/process/remove_tree.hpp"

namespace driftkeeper {

namespace {

namespace fs = std::filesystem;

using Opened = RepositorySource::Opened;

constexpr auto unusedMirrorLife = std::chrono::days(30);

// One repository: whoever holds `fetching` talks to its server, whoever holds `busy` works on its
// mirror and checkouts. Nobody waits for a server to look at what is here.
struct Source {
    Source(const fs::path& directory, const std::string& name, DiskBudget& budget)
        : git(directory / "mirrors", directory, busy),
          checkouts(directory / "exports" / name, budget) {}

    std::mutex fetching;  // before `busy`
    std::mutex busy;
    RepositorySource git;
    CheckoutStore checkouts;
    SilentBlobs silent;
};

std::vector<fs::path> entriesOf(const fs::path& folder) {
    std::error_code error;
    std::vector<fs::path> entries;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
        entries.push_back(it->path());
    return entries;
}

// The stack with its path as the tree has it.
Result<Stack> placed(const SourceTree& tree, const Stack& stack) {
    const auto path = normalised(stack.path);
    const auto real = path ? tree.resolved(*path) : std::nullopt;
    if (!real || tree.find(*real))
        return failure(Remedy::Report, "git_no_path",
                       "commit " + tree.commit.substr(0, 12) + " has no folder \"" +
                           scrubbed(stack.path) + "\"");
    Stack found = stack;
    found.path = *path;
    return found;
}

}  // namespace

struct Checkouts::State {
    State(fs::path folder, Seconds limit)
        : directory(std::move(folder)), timeLimit(limit), own(directory, budget) {}

    fs::path directory;
    Seconds timeLimit;
    DiskBudget budget;
    FolderRemover remover;
    StackFolders own;
    Guarded<std::map<std::string, std::shared_ptr<Source>>> sources;

    std::shared_ptr<Source> source(const RepositorySettings& repository) {
        const auto name = RepositorySource::mirrorName(repository);
        return sources.with([&](auto& all) {
            auto& source = all[name];
            if (!source) source = std::make_shared<Source>(directory, name, budget);
            return source;
        });
    }

    Result<Snapshot> read(Source& source, const RepositorySettings& repository,
                          const std::string& commit, const WantedKinds& wanted,
                          std::string_view known);
    Result<std::shared_ptr<const Checkout>> checkout(Source& source, const Opened& opened);
    void removeUnused(Source& source);
    void removeLeftovers();
    template <class Use>
    auto withTree(const RepositorySettings& repository, const std::string& commit, Use use)
        -> decltype(use(std::declval<Source&>(), std::declval<const Opened&>()));
};

Result<Snapshot> Checkouts::State::read(Source& source, const RepositorySettings& repository,
                                        const std::string& commit, const WantedKinds& wanted,
                                        std::string_view known) {
    const auto opened = source.git.open(repository, commit);
    if (!opened) return std::unexpected(opened.error());
    const SourceTree& tree = *opened->tree;
    auto digest = sourcesDigest(tree, wanted);
    if (digest == known) return Snapshot{commit, {}, {}, std::move(digest), true};
    auto sources = sourceFiles(opened->objects.get(), tree, wanted, source.silent);
    if (!sources) return std::unexpected(sources.error());
    Snapshot snapshot{commit, std::move(sources->files), std::move(sources->leftOut),
                      std::move(digest)};
    std::ranges::copy(tree.leftOut, std::back_inserter(snapshot.leftOut));
    std::ranges::sort(snapshot.leftOut);
    return snapshot;
}

void Checkouts::State::removeUnused(Source& source) {
    remover.add(source.checkouts.takeUnused());
}

// What nobody uses makes room first.
Result<std::shared_ptr<const Checkout>> Checkouts::State::checkout(Source& source,
                                                                   const Opened& opened) {
    const auto bytesOf = [&](const TreeFile& file) { return source.git.bytesOf(opened, file); };
    auto made = source.checkouts.get(opened.tree, bytesOf);
    if (made || (made.error().code != "checkout_limit" && made.error().code != "git_disk_full"))
        return made;
    removeUnused(source);
    remover.finish();
    return source.checkouts.get(opened.tree, bytesOf);
}

// Mirrors that nobody used for long; checkouts without a mirror, and the exports that version 0.1.0
// made for each stack.
void Checkouts::State::removeLeftovers() {
    std::vector<fs::path> unused;
    for (const auto& mirror : entriesOf(directory / "mirrors")) {
        std::error_code error;
        const auto used = fs::last_write_time(mirror, error);
        if (mirror.extension() == ".new" ||
            (!error && fs::file_time_type::clock::now() - used > unusedMirrorLife))
            removeTree(mirror);
    }
    for (const auto& folder : entriesOf(directory / "exports"))
        if (!fs::exists(directory / "mirrors" / folder.filename())) unused.push_back(folder);
    remover.add(std::move(unused));
}

template <class Use>
auto Checkouts::State::withTree(const RepositorySettings& repository, const std::string& commit,
                                Use use)
    -> decltype(use(std::declval<Source&>(), std::declval<const Opened&>())) {
    const auto kept = source(repository);
    const std::scoped_lock lock(kept->busy);
    const auto opened = kept->git.open(repository, commit);
    using Answer = decltype(use(*kept, *opened));
    Answer result = opened ? use(*kept, *opened) : Answer(std::unexpected(opened.error()));
    // One that is being fetched is its fetch's to judge.
    if (result || result.error().code != "git_damaged") return result;
    if (const std::unique_lock fetch(kept->fetching, std::try_to_lock); fetch)
        kept->git.forget(repository);
    return result;
}

Checkouts::Checkouts(fs::path directory, Seconds timeLimit)
    : state_(std::make_unique<State>(std::move(directory), timeLimit)) {
    startGit();
    for (const char* folder : {"mirrors", "exports"}) makePrivate(state_->directory / folder);
    state_->removeLeftovers();
}

Checkouts::~Checkouts() = default;

Result<Snapshot> Checkouts::sync(const RepositorySettings& repository, std::stop_token stop,
                                 const WantedKinds& wanted, std::string_view known) {
    const auto source = state_->source(repository);
    const std::scoped_lock fetch(source->fetching);
    const Patience patience{std::move(stop), std::chrono::steady_clock::now() + state_->timeLimit};
    const auto commit = source->git.update(repository, patience);
    if (!commit) return std::unexpected(commit.error());
    const std::scoped_lock lock(source->busy);
    auto snapshot = state_->read(*source, repository, *commit, wanted, known);
    if (!snapshot && snapshot.error().code == "git_damaged") source->git.forget(repository);
    state_->removeUnused(*source);
    return snapshot;
}

Result<Export> Checkouts::prepare(const RepositorySettings& repository, const Stack& stack,
                                  const std::string& commit) {
    return state_->withTree(repository, commit,
                            [&](Source& source, const Opened& opened) -> Result<Export> {
                                const SourceTree& tree = *opened.tree;
                                if (auto missing = missingSubmodule(tree, stack, source.git))
                                    return std::unexpected(*std::move(missing));
                                const auto found = placed(tree, stack);
                                if (!found) return std::unexpected(found.error());
                                if (auto unlike = unlikeFile(tree, *found, source.git))
                                    return std::unexpected(*std::move(unlike));
                                auto checkout = state_->checkout(source, opened);
                                if (!checkout) return std::unexpected(checkout.error());
                                const fs::path root = (*checkout)->root;
                                Export made{root,
                                            found->path == "." ? root : root / found->path,
                                            commit,
                                            digestOf(tree, *found),
                                            {},
                                            source.git.gitFolder(repository, opened),
                                            *std::move(checkout)};
                                for (const auto& one : tree.leftOut)
                                    made.leftOut.push_back(one.path);
                                return made;
                            });
}

Result<Export> Checkouts::ownCopy(const Stack& stack, const Export& source) {
    return state_->own.copy(stack, source);
}

Result<std::string> Checkouts::sourceDigest(const RepositorySettings& repository,
                                            const Stack& stack, const std::string& commit) {
    return state_->withTree(repository, commit,
                            [&](Source&, const Opened& opened) -> Result<std::string> {
                                const auto found = placed(*opened.tree, stack);
                                if (!found) return std::unexpected(found.error());
                                return digestOf(*opened.tree, *found);
                            });
}

Result<std::vector<std::optional<std::string>>> Checkouts::sourceDigests(
    const RepositorySettings& repository, const std::vector<Stack>& stacks,
    const std::string& commit) {
    using Digests = std::vector<std::optional<std::string>>;
    return state_->withTree(
        repository, commit, [&](Source&, const Opened& opened) -> Result<Digests> {
            Digests digests;
            for (const auto& stack : stacks) {
                const auto found = placed(*opened.tree, stack);
                digests.push_back(found ? std::optional(digestOf(*opened.tree, *found))
                                        : std::nullopt);
            }
            return digests;
        });
}

Result<std::optional<std::string>> Checkouts::file(const RepositorySettings& repository,
                                                   const std::string& commit,
                                                   const std::string& path, std::uint64_t most) {
    using Text = std::optional<std::string>;
    return state_->withTree(repository, commit, [&](Source&, const Opened& opened) -> Result<Text> {
        const auto real = opened.tree->resolved(path);
        const TreeFile* file = real ? opened.tree->find(*real) : nullptr;
        if (file == nullptr) return Text();
        auto text = readBlob(opened.objects.get(), *file, most);
        if (!text) return std::unexpected(text.error());
        return Text(*std::move(text));
    });
}

Result<std::vector<std::string>> Checkouts::sopsFiles(const RepositorySettings& repository,
                                                      const Stack& stack,
                                                      const std::string& commit) {
    using Paths = std::vector<std::string>;
    return state_->withTree(repository, commit,
                            [&](Source&, const Opened& opened) -> Result<Paths> {
                                const auto found = placed(*opened.tree, stack);
                                if (!found) return std::unexpected(found.error());
                                return sopsFilesOf(opened.objects.get(), *opened.tree, *found);
                            });
}

Result<std::optional<Touch>> Checkouts::lastTouch(const RepositorySettings& repository,
                                                  const std::string& commit,
                                                  const std::vector<std::string>& paths) {
    const auto source = state_->source(repository);
    const std::scoped_lock lock(source->busy);
    const auto opened = source->git.open(repository, commit);
    if (!opened) return std::unexpected(opened.error());
    // What lies in a submodule changes with the commit that names the submodule's.
    std::vector<std::string> here;
    for (const auto& path : paths) {
        const auto& part = opened->tree->partOf(path);
        here.push_back(part.folder == "." ? path : part.folder);
    }
    return driftkeeper::lastTouch(opened->repository.get(), commit, here);
}

Result<std::optional<Touch>> Checkouts::lastTouchOf(const RepositorySettings& repository,
                                                    const Stack& stack, const std::string& commit) {
    return lastTouch(repository, commit,
                     stack.closure.empty() ? std::vector{stack.path} : stack.closure);
}

Result<fs::path> Checkouts::emptyScratch(const Stack& stack, const Export& source) {
    return state_->own.emptyScratch(stack, source);
}

void Checkouts::removeScratch(const std::string& stackId) {
    state_->own.removeScratch(stackId);
}

fs::path Checkouts::scratchFolder() const {
    return state_->own.scratchFolder();
}

void Checkouts::removeOwn(const std::string& stackId) {
    state_->own.remove(stackId);
}

void Checkouts::finishRemoving() {
    state_->remover.finish();
}

void Checkouts::setDiskLimit(std::uint64_t bytes) {
    state_->budget.limit = bytes;
}

std::uint64_t Checkouts::diskUsed() const {
    state_->own.countWritten();
    return state_->budget.used + state_->budget.written;
}

}  // namespace driftkeeper
