#pragma once

#include <string>

#include "parsers/source/option_spec.hpp"

namespace driftkeeper {

// The workspace that a stack's options name; "default" when they name none.
inline std::string workspaceOf(const OptionValues& options) {
    auto workspace = optionOf(options, "workspace");
    return workspace.empty() ? "default" : workspace;
}

// What a stack is called when nothing else is said: its path, with @workspace where that is not
// the default one.
inline std::string usualStackName(const std::string& path, const OptionValues& options) {
    const auto workspace = workspaceOf(options);
    return workspace == "default" ? path : path + "@" + workspace;
}

}  // namespace driftkeeper
