#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "providers/look/environment.hpp"
#include "providers/look/provider.hpp"
#include "providers/process/tool_runner.hpp"

// Which commands a look runs, as pure values. AWS CLI Command Reference, `cloudformation`: the
// words are those of versions 1 and 2.
namespace driftkeeper::cloudformation {

// What all calls of one look share.
struct Session {
    std::string program = "aws";
    std::filesystem::path directory;  // where it runs
    std::string region;               // empty: what the environment or the profile says
    std::string endpointUrl;          // empty: AWS
    Environment environment;
    Sandbox sandbox;
};

// The session of a look, from its options and the environment. AWS_ENDPOINT_URL_CLOUDFORMATION and
// AWS_ENDPOINT_URL count although older versions of the CLI do not know them. Retries of the CLI
// are few unless the environment says otherwise: waiting for AWS is the request budget's.
Session sessionFor(const Workspace& workspace, const Environment& caller);

ToolCall versionCall(const Session& session);
ToolCall describeStackCall(const Session& session, const std::string& stack);
ToolCall listResourcesCall(const Session& session,
                           const std::string& stack);  // the CLI itself fetches all pages
ToolCall getTemplateCall(const Session& session,
                         const std::string& stack);  // as it was deployed, not as processed
ToolCall detectDriftCall(const Session& session, const std::string& stack);
ToolCall detectionCall(const Session& session, const std::string& detection);
// One page: no version of the CLI fetches the others.
ToolCall resourceDriftsCall(const Session& session, const std::string& stack,
                            const std::string& nextToken);

// aws-cli/2.9.19 Python/… -> 2.9.19; empty for anything else.
std::string versionIn(std::string_view said);

}  // namespace driftkeeper::cloudformation
