#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "parsers/cloudformation/template.hpp"
#include "parsers/source/source_file.hpp"

// Which files of a repository are stacks. One template is one stack, one deployment file of Git
// sync another; a template that another one nests, or that a deployment file names, is none by
// itself. A folder that holds one stack is that stack; one that holds several has them as
// FOLDER/STEM. What is found is said in the options `template` and `deployment_file` (from the
// folder); `same_stack_as` (from the root) lists the files that mean one deployed stack by their
// names. Templates that others nest by a URL are left out as `nested`.
namespace driftkeeper::cloudformation {

// *.yaml *.yml *.json *.template
bool isSource(std::string_view path) noexcept;

std::vector<DiscoveredStack> discover(const std::vector<SourceFile>& files);

// The folder, and the nested templates of its templates elsewhere.
std::vector<std::string> closureOf(std::string_view folder, const std::vector<SourceFile>& files);

// Nested templates that lie in the same repository: logical id -> path as written, from the
// template's folder.
std::map<std::string, std::string> nestedTemplates(const Template& source);

// The name that a stack has without settings: the file's stem, or its folder's name (`folder`, may
// be empty) when the stem is template, main, stack, cloudformation, index or deployment. What no
// stack's name may hold becomes a hyphen; empty: there is no such name.
std::string conventionalStackName(std::string_view fileName, std::string_view folder);

}  // namespace driftkeeper::cloudformation
