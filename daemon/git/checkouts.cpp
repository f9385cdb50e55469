#include "daemon/git/checkouts.hpp"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "daemon/base/guarded.hpp"
#include "daemon/git/export_folder.hpp"
#include "daemon/git/mirror.hpp"
#include "daemon/git/remote_url.hpp"
#include "daemon/git/source_tree.hpp"
#include "parsers/text/ascii.hpp"
#include "parsers/text/digest.hpp"
#include "parsers/text/encoding.hpp"

namespace driftkeeper {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t mostWholeFiles = 20'000;
constexpr std::uint64_t mostWholeBytes = 256U << 20U;
constexpr std::ptrdiff_t mostPacks = 200;
constexpr auto unusedMirrorLife = std::chrono::days(30);

// One repository in memory: whoever holds `fetching` talks to its server, whoever holds `busy`
// works on its mirror and exports. Nobody waits for a server to look at what is here.
struct Source {
    std::mutex fetching;  // before `busy`
    std::mutex busy;
    SourceTree tree;  // the last one that was read
    std::optional<bool> wholeTreeFits;
    SilentBlobs silent;
};

bool isSafeName(std::string_view name) {
    return !name.empty() && name.size() <= 128 && name.front() != '.' &&
           std::ranges::all_of(
               name, [](char c) { return isLetterOrDigit(c) || c == '-' || c == '_' || c == '.'; });
}

std::string shortDigest(std::string_view text) {
    return hex(sha256(text)).substr(0, 16);
}

// Another url is another mirror; the part before the last '-' tells whose.
std::string mirrorName(const RepositorySettings& repository) {
    return shortDigest(repository.name) + "-" + shortDigest(repository.url);
}

void makePrivate(const fs::path& folder) {
    std::error_code ignored;  // who uses the folder says why it cannot
    fs::create_directories(folder, ignored);
    fs::permissions(folder, fs::perms::owner_all, ignored);
}

void removeAll(const fs::path& path) {
    std::error_code ignored;
    fs::remove_all(path, ignored);
}

template <class Use>
void eachIn(const fs::path& folder, Use use) {
    std::error_code error;
    std::vector<fs::path> entries;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
        entries.push_back(it->path());
    for (const auto& entry : entries) use(entry);
}

// Every fetch leaves a pack and nothing ever merges them: after some hundred the mirror is made
// anew.
bool isCrowded(const fs::path& mirror) {
    std::ptrdiff_t packs = 0;
    eachIn(mirror / "objects" / "pack",
           [&](const fs::path& file) { packs += file.extension() == ".pack" ? 1 : 0; });
    return packs > mostPacks;
}

Result<bool> fitsWhole(git_odb* objects, const SourceTree& tree) {
    if (tree.files.size() > mostWholeFiles) return false;
    std::uint64_t total = 0;
    for (const auto& file : tree.files) {
        const auto size = blobSize(objects, file.id);
        if (!size) return std::unexpected(size.error());
        if ((total += *size) > mostWholeBytes) return false;
    }
    return true;
}

std::vector<const TreeFile*> filesToExport(const SourceTree& tree, const Stack& stack, bool whole) {
    std::vector<const TreeFile*> files;
    if (!whole) files = closureFiles(tree, stack, OtherStacks::Taken);
    for (const auto& file : tree.files)
        if (whole || file.path.find('/') == std::string::npos) files.push_back(&file);
    const auto path = [](const TreeFile* file) -> const std::string& { return file->path; };
    std::ranges::sort(files, {}, path);
    const auto repeated = std::ranges::unique(files);
    files.erase(repeated.begin(), repeated.end());
    return files;
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
    fs::path directory;
    Seconds timeLimit;
    Guarded<std::map<std::string, std::shared_ptr<Source>>> sources;

    std::shared_ptr<Source> source(const RepositorySettings& repository) {
        return sources.with([&](auto& all) {
            auto& source = all[mirrorName(repository)];
            if (!source) source = std::make_shared<Source>();
            return source;
        });
    }

    fs::path mirror(const RepositorySettings& repository) const {
        return directory / "mirrors" / mirrorName(repository);
    }

    Result<std::string> update(Source& source, const RepositorySettings& repository,
                               const Patience& patience);
    Result<Snapshot> read(Source& source, const RepositorySettings& repository,
                          const std::string& commit, const WantedKinds& wanted,
                          std::string_view known);
    Result<void> load(Source& source, git_repository* mirror, const std::string& commit);
    void forgetOtherUrls(const RepositorySettings& repository);
    template <class Use>
    auto withTree(const RepositorySettings& repository, const std::string& commit, Use use)
        -> decltype(use(std::declval<Source&>(), static_cast<git_odb*>(nullptr)));
};

Result<std::string> Checkouts::State::update(Source& source, const RepositorySettings& repository,
                                             const Patience& patience) {
    const fs::path folder = mirror(repository);
    if (!isCrowded(folder)) return updateMirror(folder, repository, patience);
    fs::path fresh = folder;
    fresh += ".new";
    removeAll(fresh);
    auto commit = updateMirror(fresh, repository, patience);
    if (!commit) return commit;
    const std::scoped_lock lock(source.busy);
    removeAll(folder);
    std::error_code error;
    fs::rename(fresh, folder, error);
    if (error)
        return failure(Remedy::FixSetup, "git_state",
                       "the mirror cannot be replaced: " + error.message());
    return commit;
}

Result<void> Checkouts::State::load(Source& source, git_repository* repository,
                                    const std::string& commit) {
    if (source.tree.commit == commit) return {};
    auto tree = readTree(repository, commit);
    if (!tree) return std::unexpected(tree.error());
    source.tree = std::move(*tree);
    source.wholeTreeFits.reset();
    return {};
}

Result<Snapshot> Checkouts::State::read(Source& source, const RepositorySettings& repository,
                                        const std::string& commit, const WantedKinds& wanted,
                                        std::string_view known) {
    const auto opened = openMirror(mirror(repository));
    if (!opened) return std::unexpected(opened.error());
    if (auto loaded = load(source, opened->get(), commit); !loaded)
        return std::unexpected(loaded.error());
    auto digest = sourcesDigest(source.tree, wanted);
    if (digest == known) return Snapshot{commit, {}, {}, std::move(digest), true};
    const auto objects = openObjects(opened->get());
    if (!objects) return std::unexpected(objects.error());
    auto sources = sourceFiles(objects->get(), source.tree, wanted, source.silent);
    if (!sources) return std::unexpected(sources.error());
    Snapshot snapshot{commit, std::move(sources->files), std::move(sources->leftOut),
                      std::move(digest)};
    std::ranges::copy(source.tree.leftOut, std::back_inserter(snapshot.leftOut));
    std::ranges::sort(snapshot.leftOut);
    return snapshot;
}

void Checkouts::State::forgetOtherUrls(const RepositorySettings& repository) {
    const std::string name = mirrorName(repository);
    const std::string whose = name.substr(0, name.find('-') + 1);
    eachIn(directory / "mirrors", [&](const fs::path& mirror) {
        const std::string other = mirror.filename();
        if (other.starts_with(whose) && other != name) removeAll(mirror);
    });
}

template <class Use>
auto Checkouts::State::withTree(const RepositorySettings& repository, const std::string& commit,
                                Use use)
    -> decltype(use(std::declval<Source&>(), static_cast<git_odb*>(nullptr))) {
    const auto kept = source(repository);
    const std::scoped_lock lock(kept->busy);
    const auto run = [&]() -> decltype(use(*kept, nullptr)) {
        if (!isFullHash(commit))
            return failure(Remedy::Report, "git_no_ref",
                           "\"" + scrubbed(commit) + "\" is not a commit");
        const auto opened = openMirror(mirror(repository));
        if (!opened) return std::unexpected(opened.error());
        if (auto loaded = load(*kept, opened->get(), commit); !loaded)
            return std::unexpected(loaded.error());
        const auto objects = openObjects(opened->get());
        if (!objects) return std::unexpected(objects.error());
        return use(*kept, objects->get());
    };
    auto result = run();
    // One that is being fetched is its fetch's to judge.
    if (result || result.error().code != "git_damaged") return result;
    if (const std::unique_lock fetch(kept->fetching, std::try_to_lock); fetch) {
        removeAll(mirror(repository));
        kept->tree = {};
    }
    return result;
}

Checkouts::Checkouts(fs::path directory, Seconds timeLimit) : state_(std::make_unique<State>()) {
    startGit();
    state_->directory = std::move(directory);
    state_->timeLimit = timeLimit;
    makePrivate(state_->directory / "mirrors");
    makePrivate(state_->directory / "exports");
    eachIn(state_->directory / "mirrors", [](const fs::path& mirror) {
        std::error_code error;
        const auto used = fs::last_write_time(mirror, error);
        if (mirror.extension() == ".new" ||
            (!error && fs::file_time_type::clock::now() - used > unusedMirrorLife))
            removeAll(mirror);
    });
}

Checkouts::~Checkouts() = default;

Result<Snapshot> Checkouts::sync(const RepositorySettings& repository, std::stop_token stop,
                                 const WantedKinds& wanted, std::string_view known) {
    const auto source = state_->source(repository);
    const std::scoped_lock fetch(source->fetching);
    const Patience patience{std::move(stop), std::chrono::steady_clock::now() + state_->timeLimit};
    const fs::path mirror = state_->mirror(repository);
    const auto once = [&]() -> Result<Snapshot> {
        const auto commit = state_->update(*source, repository, patience);
        if (!commit) return std::unexpected(commit.error());
        const std::scoped_lock lock(source->busy);
        return state_->read(*source, repository, *commit, wanted, known);
    };
    const bool isOld = fs::exists(mirror);
    auto snapshot = once();
    if (!snapshot && snapshot.error().code == "git_damaged") {
        {
            const std::scoped_lock lock(source->busy);
            removeAll(mirror);
            source->tree = {};
        }
        if (isOld) snapshot = once();
    }
    if (snapshot) {
        std::error_code ignored;
        fs::last_write_time(mirror, fs::file_time_type::clock::now(), ignored);
        state_->forgetOtherUrls(repository);
    }
    return snapshot;
}

Result<Export> Checkouts::prepare(const RepositorySettings& repository, const Stack& stack,
                                  const std::string& commit) {
    assert(isSafeName(stack.id));
    return state_->withTree(
        repository, commit, [&](Source& source, git_odb* objects) -> Result<Export> {
            const auto found = placed(source.tree, stack);
            if (!found) return std::unexpected(found.error());
            if (!source.wholeTreeFits) {
                const auto fits = fitsWhole(objects, source.tree);
                if (!fits) return std::unexpected(fits.error());
                source.wholeTreeFits = *fits;
            }
            const fs::path place = state_->directory / "exports" / stack.id;
            if (auto done = writeExport(
                    place, filesToExport(source.tree, *found, *source.wholeTreeFits), objects);
                !done)
                return std::unexpected(done.error());
            const fs::path root = place / "src";
            Export made{root,
                        found->path == "." ? root : root / found->path,
                        commit,
                        digestOf(source.tree, *found),
                        {}};
            for (const auto& one : source.tree.leftOut) made.leftOut.push_back(one.path);
            return made;
        });
}

Result<std::string> Checkouts::sourceDigest(const RepositorySettings& repository,
                                            const Stack& stack, const std::string& commit) {
    return state_->withTree(repository, commit,
                            [&](Source& source, git_odb*) -> Result<std::string> {
                                const auto found = placed(source.tree, stack);
                                if (!found) return std::unexpected(found.error());
                                return digestOf(source.tree, *found);
                            });
}

Result<std::vector<std::optional<std::string>>> Checkouts::sourceDigests(
    const RepositorySettings& repository, const std::vector<Stack>& stacks,
    const std::string& commit) {
    using Digests = std::vector<std::optional<std::string>>;
    return state_->withTree(repository, commit, [&](Source& source, git_odb*) -> Result<Digests> {
        Digests digests;
        for (const auto& stack : stacks) {
            const auto found = placed(source.tree, stack);
            digests.push_back(found ? std::optional(digestOf(source.tree, *found)) : std::nullopt);
        }
        return digests;
    });
}

Result<std::optional<std::string>> Checkouts::file(const RepositorySettings& repository,
                                                   const std::string& commit,
                                                   const std::string& path, std::uint64_t most) {
    using Text = std::optional<std::string>;
    return state_->withTree(repository, commit,
                            [&](Source& source, git_odb* objects) -> Result<Text> {
                                const auto real = source.tree.resolved(path);
                                const TreeFile* file = real ? source.tree.find(*real) : nullptr;
                                if (file == nullptr) return Text();
                                auto text = readBlob(objects, *file, most);
                                if (!text) return std::unexpected(text.error());
                                return Text(*std::move(text));
                            });
}

Result<std::optional<Touch>> Checkouts::lastTouch(const RepositorySettings& repository,
                                                  const std::string& commit,
                                                  const std::vector<std::string>& paths) {
    const auto source = state_->source(repository);
    const std::scoped_lock lock(source->busy);
    const auto opened = openMirror(state_->mirror(repository));
    if (!opened) return std::unexpected(opened.error());
    return driftkeeper::lastTouch(opened->get(), commit, paths);
}

Result<std::optional<Touch>> Checkouts::lastTouchOf(const RepositorySettings& repository,
                                                    const Stack& stack, const std::string& commit) {
    return lastTouch(repository, commit,
                     stack.closure.empty() ? std::vector{stack.path} : stack.closure);
}

void Checkouts::removeExport(const std::string& stackId) {
    assert(isSafeName(stackId));
    removeAll(state_->directory / "exports" / stackId);
}

}  // namespace driftkeeper
