#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/cloudformation/template.hpp"
#include "parsers/json/json.hpp"
#include "parsers/result.hpp"

// What `aws cloudformation … --output json` prints: API version 2010-05-15 as the CLI's versions 1
// and 2 render it. All readers fail with `output_unreadable` (Report).
namespace driftkeeper::cloudformation {

struct StackParameter {
    std::string value;     // **** for NoEcho
    std::string resolved;  // of a parameter that names an SSM parameter; else empty

    bool operator==(const StackParameter&) const = default;
};

struct StackOutput {
    std::string key;
    std::string exportName;  // empty: not exported
};

struct StackDescription {
    std::string id;  // ARN
    std::string name;
    std::string status;
    std::string statusReason;
    std::string lastUpdated;
    std::map<std::string, StackParameter> parameters;
    std::map<std::string, std::string> tags;
    std::vector<StackOutput> outputs;
};
Result<StackDescription> readStack(std::string_view answer);  // describe-stacks of one stack

struct StackResource {
    std::string logicalId;
    std::string physicalId;
    std::string type;
    std::string status;
    std::string driftStatus;  // IN_SYNC MODIFIED DELETED NOT_CHECKED UNKNOWN UNSUPPORTED
};
// list-stack-resources, without what is deleted.
Result<std::vector<StackResource>> readResources(std::string_view answer);

struct PropertyDifference {
    std::string path;  // JSON pointer
    std::string expected;
    std::string live;
};

struct ResourceDrift {
    std::string logicalId;
    std::string status;
    std::string statusReason;
    std::optional<Json> expected;  // absent when it is not there or no JSON
    std::optional<Json> live;
    std::vector<PropertyDifference> differences;
};

// One page of describe-stack-resource-drifts.
struct ResourceDrifts {
    std::vector<ResourceDrift> drifts;
    std::string nextToken;  // empty: the last page
};
Result<ResourceDrifts> readResourceDrifts(std::string_view answer);

Result<std::string> readDetectionId(std::string_view answer);  // detect-stack-drift

struct Detection {
    std::string status;  // DETECTION_IN_PROGRESS DETECTION_FAILED DETECTION_COMPLETE
    std::string reason;
    std::string stackStatus;  // DRIFTED IN_SYNC UNKNOWN NOT_CHECKED; empty while in progress
};
Result<Detection> readDetection(std::string_view answer);

// get-template: the CLI gives a JSON template as an object, a YAML one as a text. Fails also with
// `broken_template`.
Result<Template> readTemplateAnswer(std::string_view answer);

// An error as the CLI prints it: "An error occurred (CODE) when calling the OPERATION operation:
// MESSAGE".
struct ServiceError {
    std::string code;
    std::string operation;
    std::string message;
};
std::optional<ServiceError> serviceErrorIn(std::string_view stderrText);

}  // namespace driftkeeper::cloudformation
