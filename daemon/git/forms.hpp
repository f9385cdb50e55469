#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "daemon/git/libgit.hpp"
#include "daemon/git/source_tree.hpp"
#include "parsers/result.hpp"

namespace driftkeeper {

// What a checkout makes of a file, by the attributes of its commit (gitattributes(5)) and of
// nothing else: line ends, $Id$, encodings. Programs that attributes name (filter=) never run. A
// form is NAME=VALUE words of the attributes that matter; a word of `filter` is there for Git LFS
// and git-crypt alone.

// The forms of one repository's files, as long as its .gitattributes stay the same.
struct KnownForms {
    std::string attributes{};  // what they were read from
    std::unordered_map<std::string, std::string> byPath{};
};

// Gives every file of a tree its form. Error: git_damaged.
Result<void> noteForms(git_repository* repository, SourceTree& tree, KnownForms& known);

// The value of a word; empty when the form does not have it.
std::string_view wordOf(std::string_view form, std::string_view name);

// The bytes that a checkout of the tree has at a file. Errors: git_damaged; git_huge_file (Report):
// Git keeps more than `limit` bytes.
Result<std::string> checkedOutBytes(git_repository* repository, git_odb* objects,
                                    const SourceTree& tree, const TreeFile& file,
                                    std::uint64_t limit);

}  // namespace driftkeeper
