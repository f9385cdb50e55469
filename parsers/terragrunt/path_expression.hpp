#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace driftkeeper::terragrunt {

// The files of a repository, wherever they are kept. Paths are from its root, '/' between parts,
// the root itself is
// ".".
struct Tree {
    std::function<std::optional<std::string>(const std::string& path)>
        read;  // nullopt: there is no such file
    std::function<bool(const std::string& path)> hasFolder;
};

// Where an expression stands.
struct Scope {
    const Tree& tree;
    std::string unit;           // folder of the unit that is read
    std::string includeFolder;  // of the file that the unit includes; empty: none
    const std::map<std::string, std::string>&
        locals;  // name -> expression, of the file it stands in
    // name -> text, of a file that a stack generates; nullptr: none are known
    const std::map<std::string, std::string>* values = nullptr;
};

// The text of an expression that is made of literals, templates, `local`, `values` and the
// functions that say where things lie: find_in_parent_folders, get_terragrunt_dir,
// get_original_terragrunt_dir, get_parent_terragrunt_dir, get_repo_root, get_path_to_repo_root,
// get_path_from_repo_root, path_relative_to_include, path_relative_from_include, dirname, basename.
// What is absolute in the tree begins with '/', which is the repository's root. nullopt: anything
// else. Source: terragrunt v1.1 docs, reference/hcl/functions.
std::optional<std::string> textOf(std::string_view expression, const Scope& scope);

// The path in the tree that a text of a unit means; nullopt: it leaves the tree.
std::optional<std::string> placeOf(std::string_view text, std::string_view unit);

}  // namespace driftkeeper::terragrunt
