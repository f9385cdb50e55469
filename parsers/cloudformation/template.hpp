#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "parsers/json/json.hpp"
#include "parsers/result.hpp"

// AWS CloudFormation User Guide, "Template anatomy" (2026-01): JSON or YAML,
// AWSTemplateFormatVersion 2010-09-09.
namespace driftkeeper::cloudformation {

struct TemplateParameter {
    std::string type;  // String, CommaDelimitedList, AWS::SSM::Parameter::Value<String>, …
    std::optional<std::string> defaultValue;
    bool noEcho = false;

    [[nodiscard]] bool isList() const noexcept { return type.contains("List"); }
};

struct TemplateResource {
    std::string type;
    std::string condition;  // empty: none
    Json properties;        // functions in their long form
    Json attributes;        // DependsOn, DeletionPolicy, …: all that counts and is no property
};

// One template without what has no effect: descriptions, metadata, comments, the order of keys.
struct Template {
    std::map<std::string, TemplateParameter> parameters;
    std::map<std::string, TemplateResource>
        resources;  // by logical id; a loop (Fn::ForEach::NAME) is one, of type ""
    Json mappings;
    Json conditions;
    Json outputs;
    bool transformed = false;  // macros or SAM make other resources of it
};

// Fails with `broken_template` (Report), also for what has no resources.
Result<Template> readTemplate(std::string_view text);
Result<Template> templateOf(const Json& document);

// True when a text is worth reading as a template: it names resources, and types or functions.
// False for nothing that is one.
bool mayBeTemplate(std::string_view text) noexcept;

}  // namespace driftkeeper::cloudformation
