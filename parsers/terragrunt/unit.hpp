#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/terragrunt/path_expression.hpp"

namespace driftkeeper::terragrunt {

// A dependency block: the outputs of another unit.
struct Dependency {
    std::string name;
    std::string folder;  // of that unit, in the tree; empty: not known without evaluating
    bool mayMixIn =
        false;  // mock outputs are mixed into real ones at a plan, and terragrunt does not say so
    bool hasMocks = false;  // mock outputs stand in at a plan when there are no real ones
    std::string mocks;      // their expression
};

// What the files of one unit say without evaluating more than paths. Source: terragrunt v1.1 docs,
// reference/hcl.
struct Unit {
    std::string folder;
    std::vector<std::string> includes;  // files, as far as they are known
    bool hasInclude = false;            // an include block, known or not
    std::set<std::string>
        files;  // every file that its configuration reads, terragrunt.hcl among them, there or not
    std::vector<Dependency> dependencies;  // its own and those of its includes
    bool hasSource = false;                // terraform { source }, its own or an include's
    std::string
        sourceFolder;  // the module in the tree that it plans; empty: its own folder, or elsewhere
    std::string sourceRoot;          // what is copied along with it: before the // of the source
    std::vector<std::string> maybe;  // modules in the tree that a source which is no path may mean
    std::map<std::string, std::vector<std::string>> inputs;  // name -> traversals in its expression
    // remote_state, or a generated `backend` block: "" nothing was found, "?" not to be told, else
    // its type.
    std::string backend;
    // Those that are known. What is absolute in the tree begins with ${tree}.
    std::map<std::string, std::string> backendSettings;
    bool isBroken = false;
};

constexpr std::string_view unitFile = "terragrunt.hcl";
constexpr std::string_view jsonUnitFile = "terragrunt.hcl.json";

// The file of the unit in a folder; nullopt: there is none.
std::optional<std::string> unitFileIn(const std::string& folder, const Tree& tree);

// `folder` holds a terragrunt.hcl or a terragrunt.hcl.json.
Unit readUnit(const std::string& folder, const Tree& tree);

}  // namespace driftkeeper::terragrunt
