#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/source/source_file.hpp"

namespace driftkeeper::terraform {

// Who reads a folder: OpenTofu takes x.tofu instead of x.tf and x.tofu.json instead of x.tf.json,
// Terraform sees only the latter of each.
enum class Language { Terraform, OpenTofu };

struct ModuleCall {
    std::string name;
    std::string source;  // as written; empty when it is no literal
    // Of a source that is none: the literals in it, with * where values stand that only a plan
    // knows.
    std::vector<std::string> maybe;
    std::map<std::string, std::vector<std::string>>
        arguments;                                // name -> traversals in its expression
    [[nodiscard]] bool isLocal() const noexcept;  // ./ or ../
};

// A data "terraform_remote_state" block: the state of another stack. Values are literals, in which
// ${path.module},
// ${path.root} and ${terraform.workspace} may stand; what else is no literal is left out.
struct RemoteState {
    std::string backend;
    std::string workspace;
    std::map<std::string, std::string> config;

    bool operator==(const RemoteState&) const = default;
};

// What can be said of one folder's .tf, .tf.json, .tofu and .tofu.json files without evaluating
// anything. Broken files give what could be read; `broken` names them.
struct Configuration {
    std::vector<ModuleCall> modules;
    std::optional<std::string> backend;  // type of the backend block
    bool isOfNothing = false;            // blocks, and none that a plan would make anything of
    std::map<std::string, std::string> backendAttributes;  // those that are plain literals
    std::set<std::string> openBackendAttributes;           // the others: only the tool knows them
    bool cloud = false;                                    // a cloud block
    std::set<std::string> requiredVariables;               // those that have no default
    std::map<std::string, std::string>
        requiredProviders;                      // local name -> source ("" when not given)
    std::vector<std::string> requiredVersions;  // constraints as written, of who reads this
    // Those of .tf files, where OpenTofu reads them: from 1.12 on it takes them for Terraform's.
    std::vector<std::string> requiredOfTerraform;
    std::optional<Language> onlyKnownTo;  // something stands there that the other cannot read
    std::map<std::string, std::vector<std::string>>
        ignoreChanges;  // "TYPE.NAME" -> paths, or {"all"}
    std::map<std::string, std::vector<std::string>>
        locals;  // local name -> traversals in its expression
    std::map<std::string, std::vector<std::string>>
        outputs;  // output name -> traversals in its expression
    // "TYPE.NAME" of managed resources -> those of their traversals that may lead to another state:
    // data terraform_remote_state, local, var, module.
    std::map<std::string, std::vector<std::string>> references;
    std::map<std::string, RemoteState> remoteStates;  // by the name of the data source
    std::vector<std::string> outsidePaths;  // literals that begin with ../ or ${path.module}/../
                                            // (files it reads), normalised from the root
    std::vector<std::string>
        fromRootModule;     // literals that begin with ${path.root}/: files of whoever is planned
    std::string setupText;  // canonical text of all that init depends on: backend, cloud,
                            // required_*, module calls
    std::vector<std::string> broken;
};

Configuration readConfiguration(const std::vector<SourceFile>& files,
                                Language language = Language::Terraform);

// The files that the program of the language reads, in the order of `files`.
std::vector<const SourceFile*> filesReadBy(Language language, const std::vector<SourceFile>& files);

// True for the names that make a folder a configuration: *.tf *.tf.json *.tofu *.tofu.json (not
// hidden, not editor backups).
bool isConfigurationFile(std::string_view path) noexcept;

// .terraform-version, .opentofu-version or .tool-versions (asdf's and mise's), of any folder.
bool isVersionFile(std::string_view path) noexcept;

// True for what discovery reads: configuration, version and lock files, files of values that
// Terraform takes by itself, a state, and what else calls modules: files of tests and of Terraform
// Stacks.
bool isSourceFile(std::string_view path) noexcept;

// The folders with configuration files, of provider terraform or opentofu; the closure holds local
// modules (transitively), outside files and the version file that counts. `files`: those of the
// tree. Sorted by path. include/exclude globs are the caller's.
//
// With a backend or cloud block, or a state in the tree, a folder is a root, whoever calls it.
// Without, it is no stack when a module call, a test or a stack component names it; and left out as
// `module` when it has variables without values, or lies below modules/, as `example` below
// examples/, tests/ or fixtures/, and as `nothing` when no plan would make anything of it. Files of
// Terraform Stacks are left out as `terraform_stack`, one a folder, by that file's name.
//
// OpenTofu's is a folder that has nothing but .tofu files; else the nearest version file upwards
// says it; else a .tofu file, what only one of both can read there or in a local module, the
// registry in the lock file, the one in the state. What says nothing is Terraform's.
std::vector<DiscoveredStack> discoverStacks(const std::vector<SourceFile>& files);

// Gives the closure of any folder of the tree, and reads each folder once. `files` may go away; one
// thread.
std::function<std::vector<std::string>(std::string_view folder)> closuresIn(
    const std::vector<SourceFile>& files);

// The closure of one folder, also of one that is a module of another.
std::vector<std::string> closureOf(std::string_view folder, const std::vector<SourceFile>& files);

}  // namespace driftkeeper::terraform
