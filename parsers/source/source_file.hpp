#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "parsers/source/option_spec.hpp"

// The words of discovery: from the files of a repository to the stacks in it.
namespace driftkeeper {

// One file of a repository.
struct SourceFile {
    std::string path;  // from the repository's root, '/' between parts
    std::string text{};
    std::string
        link{};  // of a link: the folder of the repository that it leads to; then there is no text
};

// What is not looked at, and why: a code that daemon/wording/left_out.hpp has words for.
struct LeftOut {
    std::string path;
    std::string reason;

    auto operator<=>(const LeftOut&) const = default;
};

// What one provider has to know of a stack, by the keys of its own settings.
using ProviderOptions = OptionValues;

// A folder that a provider can check, and every folder or file of the repository that its verdict
// depends on.
struct DiscoveredStack {
    std::string path;      // folder from the repository's root; "." for the root itself
    std::string provider;  // one of providerKinds()
    std::vector<std::string>
        closure;         // `path` and what it uses elsewhere in the tree; sorted, no duplicates
    std::string name{};  // where a folder holds several; empty: its path
    ProviderOptions options{};  // what the files say of it
    std::string leftOut{};  // why nobody looks at it unless the settings name it: a code; empty: it
                            // is a stack
};

}  // namespace driftkeeper
