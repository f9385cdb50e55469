#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/source/source_file.hpp"

namespace driftkeeper {

struct TreeFile {
    enum class Kind : char { Plain = 'f', Executable = 'x', Link = 'l' };
    std::string path;  // from the root, '/' between parts
    Kind kind = Kind::Plain;
    std::string id;        // of the blob, 40 hex digits
    std::string target{};  // of a link: leads to somewhere inside the tree, or to nothing
    std::string form{};    // how a checkout writes it (forms.hpp); empty: as the blob is
};

// A folder whose files one commit of one repository gives: the repository itself, or a submodule.
struct TreePart {
    std::string folder;  // "." for the repository itself
    std::string commit;

    auto operator<=>(const TreePart&) const = default;
};

// All files of one commit that may be written to disk, those of its submodules included. Immutable
// once read.
struct SourceTree {
    std::string commit;
    std::vector<TreeFile> files;   // sorted by the bytes of their paths
    std::vector<LeftOut> leftOut;  // links that could leave the tree, submodules that are not here,
                                   // folders that Git takes for a repository
    std::vector<TreePart> parts;   // the repository itself first
    std::vector<TreePart> missing;  // submodules that are not here
    std::vector<LeftOut> unlike;    // files that are here otherwise than people have them:
                                    // lfs_not_fetched, git_crypt; sorted

    [[nodiscard]] const TreeFile* find(std::string_view path) const;
    // Everything below a folder; "." is all.
    [[nodiscard]] std::span<const TreeFile> below(std::string_view folder) const;
    // The path of a file or folder with every link on the way followed, normalised; nothing when
    // there is none.
    [[nodiscard]] std::optional<std::string> resolved(std::string_view path) const;
    // The part that a file belongs to.
    [[nodiscard]] const TreePart& partOf(std::string_view path) const;
};

// "." or parts joined by '/', without "." and ".."; nothing for a path that leaves the root.
std::optional<std::string> normalised(std::string_view path);

// Of a path in the tree; "." at the root.
std::string folderOf(std::string_view path);
// A path below a folder of the tree.
std::string within(std::string_view folder, std::string_view path);

}  // namespace driftkeeper
