#include "daemon/git/stack_folders.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cassert>
#include <utility>
#include <vector>

#include "daemon/git/git_folder.hpp"
#include "daemon/git/tree_folder.hpp"
#include "parsers/text/ascii.hpp"
#include "providers/process/remove_tree.hpp"
#include "providers/process/tree_size.hpp"

namespace driftkeeper {

namespace {

namespace fs = std::filesystem;

bool isSafeName(std::string_view name) {
    return !name.empty() && name.size() <= 128 && name.front() != '.' &&
           std::ranges::all_of(
               name, [](char c) { return isLetterOrDigit(c) || c == '-' || c == '_' || c == '.'; });
}

}  // namespace

void makePrivate(const fs::path& folder) {
    std::error_code ignored;  // who uses the folder says why it cannot
    fs::create_directories(folder, ignored);
    fs::permissions(folder, fs::perms::owner_all, ignored);
}

StackFolders::StackFolders(fs::path directory, DiskBudget& budget)
    : directory_(std::move(directory)), budget_(budget) {
    removeTree(scratchFolder());
    for (const fs::path& folder : {directory_ / "copies", scratchFolder()}) makePrivate(folder);
}

// What the copy of a stack uses.
void StackFolders::charge(const std::string& stackId, std::uint64_t bytes) {
    copies_.with([&](auto& all) {
        auto& before = all[stackId];
        budget_.used += bytes;
        budget_.used -= before;
        before = bytes;
    });
}

Result<Export> StackFolders::copy(const Stack& stack, const Export& source) {
    assert(isSafeName(stack.id));
    const Checkout& checkout = *source.checkout;
    const Descriptor from(::open(checkout.root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!from.isOpen()) return cannotWrite("open", "its folder");
    const PutFile put = [&](const TreeFile& file, int folder,
                            const std::string& name) -> Result<void> {
        const Descriptor original(
            ::openat(from.get(), file.path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
        if (!original.isOpen()) return cannotWrite("read", file.path);
        return copyFile(file, original.get(), folder, name);
    };
    charge(stack.id, checkout.allBytes);
    if (budget_.isOver()) {
        remove(stack.id);
        return std::unexpected(overLimit(budget_));
    }
    std::vector<const TreeFile*> files;
    for (const auto& file : checkout.tree->files) files.push_back(&file);
    const fs::path place = directory_ / "copies" / stack.id;
    if (auto done = writeTree(place, files, put, Writers::Tools); !done)
        return std::unexpected(done.error());
    if (auto done = writeGitFolder(place / "src", source.git); !done)
        return std::unexpected(done.error());
    Export copy = source;
    copy.root = place / "src";
    copy.directory = copy.root / source.directory.lexically_relative(source.root);
    if (source.directory == source.root) copy.directory = copy.root;
    return copy;
}

Result<fs::path> StackFolders::emptyScratch(const Stack& stack, const Export& source) {
    assert(isSafeName(stack.id));
    const fs::path folder = scratchFolder() / stack.id;
    remove(stack.id);
    if (fs::exists(folder)) return cannotWrite("remove", "what tools wrote");
    countWritten();
    if (budget_.isOver()) return std::unexpected(overLimit(budget_));
    makePrivate(folder);
    std::error_code ignored;  // what follows says why it cannot be used
    fs::create_directory(folder / "upper", ignored);
    fs::permissions(folder / "upper", fs::perms(0755), ignored);
    if (auto done = writeGitFolder(folder / "upper", source.git); !done)
        return std::unexpected(done.error());
    return folder;
}

void StackFolders::countWritten() {
    std::uint64_t bytes = 0;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(scratchFolder(), error))
        bytes += bytesBelow(entry.path() / "upper");
    budget_.written = bytes;
}

void StackFolders::remove(const std::string& stackId) {
    assert(isSafeName(stackId));
    charge(stackId, 0);
    removeTree(directory_ / "copies" / stackId);
    removeScratch(stackId);
}

void StackFolders::removeScratch(const std::string& stackId) {
    assert(isSafeName(stackId));
    removeTree(scratchFolder() / stackId);
}

}  // namespace driftkeeper
