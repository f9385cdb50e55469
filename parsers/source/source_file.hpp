#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

// The words of discovery: from the files of a repository to the stacks in it.
namespace driftkeeper {

// One file of a repository.
struct SourceFile {
    std::string path;  // from the repository's root, '/' between parts
    std::string text;
};

// What one provider has to know of a stack, by the keys of its own settings. A list has any number of values,
// everything else exactly one; a flag is "true" or "false", a duration a number of seconds.
using ProviderOptions = std::map<std::string, std::vector<std::string>>;

// The single value of an option; empty when it is not given.
inline std::string optionOf(const ProviderOptions& options, std::string_view key) {
    const auto it = options.find(std::string(key));
    return it == options.end() || it->second.empty() ? std::string() : it->second.front();
}

// A folder that a provider can check, and every folder or file of the repository that its verdict depends on.
struct DiscoveredStack {
    std::string path;                  // folder from the repository's root; "." for the root itself
    std::string provider;              // one of providerKinds()
    std::vector<std::string> closure;  // `path` and what it uses elsewhere in the tree; sorted, no duplicates
    std::string name{};                // where a folder holds several; empty: its path
    ProviderOptions options{};         // what the files say of it
};

}  // namespace driftkeeper
