#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "parsers/json/json.hpp"
#include "parsers/result.hpp"

namespace driftkeeper::cloudformation {

// What a file beside a template says of one stack.
struct StackSettings {
    std::map<std::string, std::string> parameters;           // lists joined by commas
    std::optional<std::map<std::string, std::string>> tags;  // nullopt: it says nothing of tags
    std::string templatePath;  // of a deployment file; empty otherwise
};

// JSON or YAML, in the forms that people have:
//   [{ParameterKey: …, ParameterValue: …}]                     aws cloudformation --parameters;
//   UsePreviousValue is left out {Parameters: {…}, Tags: {…}}                               the
//   template configuration file of CodePipeline {template-file-path: …, parameters: {…}, tags: {…}}
//   the stack deployment file of CloudFormation Git sync {NAME: value, …} everything else
// Fails with `broken_template` (Report).
Result<StackSettings> readStackSettings(std::string_view text);

// True for the third form.
bool isDeploymentFile(std::string_view text);

}  // namespace driftkeeper::cloudformation
