#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "daemon/git/libgit.hpp"
#include "daemon/model/settings.hpp"
#include "daemon/model/stack.hpp"
#include "parsers/result.hpp"
#include "parsers/source/source_file.hpp"
#include "providers/catalog.hpp"
#include "providers/sources.hpp"

namespace driftkeeper {

struct TreeFile {
    enum class Kind : char { Plain = 'f', Executable = 'x', Link = 'l' };
    std::string path;  // from the root, '/' between parts
    Kind kind = Kind::Plain;
    std::string id;      // of the blob, 40 hex digits
    std::string target;  // of a link: leads to somewhere inside the tree, or to nothing
};

// All files of one commit that may be written to disk. Immutable once read.
struct SourceTree {
    std::string commit;
    std::vector<TreeFile> files;   // sorted by the bytes of their paths
    std::vector<LeftOut> leftOut;  // links that could leave the tree, submodules, folders that Git
                                   // takes for a repository

    [[nodiscard]] const TreeFile* find(std::string_view path) const;
    // Everything below a folder; "." is all.
    [[nodiscard]] std::span<const TreeFile> below(std::string_view folder) const;
    // The path of a file or folder with every link on the way followed, normalised; nothing when
    // there is none.
    [[nodiscard]] std::optional<std::string> resolved(std::string_view path) const;
};

// Errors: git_hostile_tree (Report): names that no checkout should have, over 1,000,000 files, over
// 200 levels; git_no_ref (Retry): no such commit here; git_damaged (Retry): objects are missing.
Result<SourceTree> readTree(git_repository* repository, const std::string& commit);

// Bytes of a blob. Errors: git_huge_file (Report) when it is larger than `limit`, found without
// reading it; git_damaged.
Result<std::uint64_t> blobSize(git_odb* objects, const std::string& id);
Result<std::string> readBlob(git_odb* objects, const TreeFile& file, std::uint64_t limit);
Result<GitOwned<git_odb>> openObjects(git_repository* repository);

// Blobs that are known to say nothing to discovery, by id: they are not read again.
using SilentBlobs = std::unordered_set<std::string>;

// The files that discovery of the wanted kinds reads, those behind links too, and links to folders;
// what is left out (SourceCollector) is said.
Result<Sources> sourceFiles(git_odb* objects, const SourceTree& tree, const WantedKinds& wanted,
                            SilentBlobs& silent);

// SHA-256 in hex over path, kind and content of those files and links.
std::string sourcesDigest(const SourceTree& tree, const WantedKinds& wanted);

// "." or parts joined by '/', without "." and ".."; nothing for a path that leaves the root.
std::optional<std::string> normalised(std::string_view path);

// Files below a stack's closure and its variable files, links followed; sorted by path. A folder
// with configuration files of its own that the closure does not name is another stack or an unused
// module: it can be skipped.
enum class OtherStacks { Skipped, Taken };
std::vector<const TreeFile*> closureFiles(const SourceTree& tree, const Stack& stack,
                                          OtherStacks others);

// SHA-256 in hex over path, kind and content of the files that decide a stack's verdict: no other
// stacks.
std::string digestOf(const SourceTree& tree, const Stack& stack);

}  // namespace driftkeeper
