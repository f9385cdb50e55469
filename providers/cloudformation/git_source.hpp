#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "parsers/cloudformation/parameters_file.hpp"
#include "parsers/cloudformation/template.hpp"
#include "providers/look/provider.hpp"
#include "providers/look/timed_runner.hpp"

namespace driftkeeper::cloudformation {

// What Git asks for: one template, what is given to it, and the name of the stack that it becomes.
struct GitSource {
    std::filesystem::path file;  // the template
    Template source;
    StackSettings settings;
    std::string stackName;
};

// Reads the files that the options `template`, `parameters_file` and `deployment_file` name;
// without them the folder's only template, or the one of a conventional name. The stack's name is
// the option `stack_name`, else the convention of parsers/cloudformation/discovery.hpp. Fails with
// `no_template`, `no_stack_name` or `broken_configuration`.
Outcome<GitSource> readGitSource(const Workspace& workspace);

// A nested template, by the path written in `outer`. nullopt: it does not lie in this repository.
Outcome<std::optional<std::pair<std::filesystem::path, Template>>> readNested(
    const Workspace& workspace, const std::filesystem::path& outer, const std::string& path);

}  // namespace driftkeeper::cloudformation
