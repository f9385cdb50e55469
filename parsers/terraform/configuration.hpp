#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace driftkeeper::terraform {

// One file of a configuration folder.
struct SourceFile {
    std::string path;  // from the repository's root, '/' between parts
    std::string text;
};

struct ModuleCall {
    std::string name;
    std::string source;                           // as written; empty when it is no literal
    [[nodiscard]] bool isLocal() const noexcept;  // ./ or ../
};

// What can be said of one folder's .tf, .tf.json, .tofu and .tofu.json files without evaluating anything. Broken files
// give what could be read; `broken` names them.
struct Configuration {
    std::vector<ModuleCall> modules;
    std::optional<std::string> backend;                             // type of the backend block
    std::map<std::string, std::string> backendAttributes;           // those that are plain literals
    bool cloud = false;                                             // a cloud block
    std::map<std::string, std::string> requiredProviders;           // local name -> source ("" when not given)
    std::vector<std::string> requiredVersions;                      // constraints as written
    std::map<std::string, std::vector<std::string>> ignoreChanges;  // "TYPE.NAME" -> paths, or {"all"}
    std::map<std::string, std::vector<std::string>> locals;         // local name -> traversals in its expression
    std::vector<std::string>
        outsidePaths;  // literals that begin with ../ or ${path.module}/../ (files it reads), normalised from the root
    std::string setupText;  // canonical text of all that init depends on: backend, cloud, required_*, module calls
    std::vector<std::string> broken;
    bool openTofuOnly = false;  // only .tofu files
};

Configuration readConfiguration(const std::vector<SourceFile>& files);

// True for the names that make a folder a configuration: *.tf *.tf.json *.tofu *.tofu.json (not hidden, not editor
// backups).
bool isConfigurationFile(std::string_view path) noexcept;

// A folder that can be checked, and every folder or file of the repository that its verdict depends on.
struct DiscoveredStack {
    std::string path;                  // folder from the repository's root; "." for the root itself
    std::vector<std::string> closure;  // `path`, local modules (transitively), outside files; sorted, no duplicates
    bool openTofu = false;
};

// Every folder with configuration files that no local module call names. `files`: all configuration files of the tree.
// Sorted by path. include/exclude globs are the caller's.
std::vector<DiscoveredStack> discoverStacks(const std::vector<SourceFile>& files);

// The closure of one folder, also of one that is a module of another.
std::vector<std::string> closureOf(std::string_view folder, const std::vector<SourceFile>& files);

}  // namespace driftkeeper::terraform
