#include "providers/cloudformation/calls.hpp"

namespace driftkeeper::cloudformation {
namespace {

ToolCall callOf(const Session& session, std::vector<std::string> words) {
    ToolCall call;
    call.argv = std::move(words);
    call.argv.insert(call.argv.begin(), session.program);
    call.directory = session.directory;
    call.environment = session.environment;
    call.sandbox = session.sandbox;
    return call;
}

ToolCall serviceCall(const Session& session, std::vector<std::string> words) {
    words.insert(words.begin(), "cloudformation");
    words.insert(words.end(), {"--output", "json", "--color", "off"});
    if (!session.region.empty()) words.insert(words.end(), {"--region", session.region});
    if (!session.endpointUrl.empty())
        words.insert(words.end(), {"--endpoint-url", session.endpointUrl});
    return callOf(session, std::move(words));
}

std::string firstOf(std::initializer_list<std::string> texts) {
    for (const auto& text : texts)
        if (!text.empty()) return text;
    return {};
}

}  // namespace

Session sessionFor(const Workspace& workspace, const Environment& caller) {
    Session session;
    if (auto program = optionOf(workspace.options, "program"); !program.empty())
        session.program = std::move(program);
    session.directory = workspace.directory;
    session.environment = lookEnvironment(workspace, caller);
    session.region = optionOf(workspace.options, "region");
    session.endpointUrl = firstOf({optionOf(workspace.options, "endpoint_url"),
                                   valueOf(session.environment, "AWS_ENDPOINT_URL_CLOUDFORMATION"),
                                   valueOf(session.environment, "AWS_ENDPOINT_URL")});
    session.environment["TMPDIR"] = (workspace.privateDirectory / "run").string();
    session.environment["AWS_PAGER"] =
        "";  // version 2 opens one otherwise; version 1 knows no --no-cli-pager
    session.environment["AWS_CLI_AUTO_PROMPT"] = "off";
    session.environment.try_emplace("AWS_RETRY_MODE", "standard");
    session.environment.try_emplace("AWS_MAX_ATTEMPTS", "2");
    session.sandbox = lookSandbox(workspace, session.environment);
    return session;
}

ToolCall versionCall(const Session& session) {
    return callOf(session, {"--version"});
}

ToolCall describeStackCall(const Session& session, const std::string& stack) {
    return serviceCall(session, {"describe-stacks", "--stack-name", stack});
}

ToolCall listResourcesCall(const Session& session, const std::string& stack) {
    return serviceCall(session, {"list-stack-resources", "--stack-name", stack});
}

ToolCall getTemplateCall(const Session& session, const std::string& stack) {
    return serviceCall(session,
                       {"get-template", "--template-stage", "Original", "--stack-name", stack});
}

ToolCall detectDriftCall(const Session& session, const std::string& stack) {
    return serviceCall(session, {"detect-stack-drift", "--stack-name", stack});
}

ToolCall detectionCall(const Session& session, const std::string& detection) {
    return serviceCall(session, {"describe-stack-drift-detection-status",
                                 "--stack-drift-detection-id", detection});
}

ToolCall resourceDriftsCall(const Session& session, const std::string& stack,
                            const std::string& nextToken) {
    std::vector<std::string> words{"describe-stack-resource-drifts", "--stack-name", stack,
                                   "--max-results", "100"};
    if (!nextToken.empty()) words.insert(words.end(), {"--next-token", nextToken});
    return serviceCall(session, std::move(words));
}

std::string versionIn(std::string_view said) {
    constexpr std::string_view begin = "aws-cli/";
    const auto at = said.find(begin);
    if (at == std::string_view::npos) return {};
    said.remove_prefix(at + begin.size());
    return std::string(said.substr(0, said.find_first_not_of("0123456789.")));
}

}  // namespace driftkeeper::cloudformation
