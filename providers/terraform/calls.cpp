#include "providers/terraform/calls.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>

namespace driftkeeper::terraform {
namespace {

constexpr std::array<std::string_view, 14> allowed = {
    "PATH",     "LANG",      "TZ",         "SSL_CERT_FILE", "SSL_CERT_DIR", "HTTP_PROXY", "HTTPS_PROXY",
    "NO_PROXY", "ALL_PROXY", "http_proxy", "https_proxy",   "no_proxy",     "all_proxy",  "LANGUAGE"};

bool isAllowed(std::string_view name) noexcept {
    return name.starts_with("LC_") || std::ranges::find(allowed, name) != allowed.end();
}

enum class WorkspaceName { Given, Left };

ToolCall callOf(const Session& session, std::vector<std::string> words, WorkspaceName workspace) {
    ToolCall call;
    call.argv = std::move(words);
    call.argv.insert(call.argv.begin(), session.program);
    call.directory = session.directory;
    call.environment = session.environment;
    call.environment["TF_DATA_DIR"] = session.dataDirectory.string();
    call.environment["TMPDIR"] = session.temporaryDirectory.string();
    if (workspace == WorkspaceName::Given && !session.workspace.empty())
        call.environment["TF_WORKSPACE"] = session.workspace;
    call.sandbox = session.sandbox;
    return call;
}

}  // namespace

bool isForbidden(std::string_view name) noexcept {
    return name.starts_with("TF_CLI_ARGS") || name.starts_with("TF_LOG") || name.starts_with("LD_") ||
           name == "TF_REATTACH_PROVIDERS" || name == "TF_DATA_DIR" || name == "TF_WORKSPACE";
}

Environment callerEnvironment() {
    Environment result;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view text = *entry;
        if (const std::size_t at = text.find('='); at != std::string_view::npos)
            result.emplace(text.substr(0, at), text.substr(at + 1));
    }
    return result;
}

Environment toolEnvironment(const Workspace& workspace, const Environment& caller) {
    Environment result;
    for (const auto& [name, value] : caller)
        if (workspace.workingTree ? !isForbidden(name) : isAllowed(name)) result.emplace(name, value);
    result.try_emplace("PATH", "/usr/local/bin:/usr/bin:/bin");
    if (!workspace.workingTree) {
        result["HOME"] = (workspace.privateDirectory / "home").string();
        // Modules come by git from folders that strangers can write: no prompts, no repositories inside repositories.
        result["GIT_TERMINAL_PROMPT"] = "0";
        result["GIT_CONFIG_COUNT"] = "1";
        result["GIT_CONFIG_KEY_0"] = "safe.bareRepository";
        result["GIT_CONFIG_VALUE_0"] = "explicit";
    }
    for (const auto& [name, value] : workspace.environment)
        if (!isForbidden(name)) result[name] = value;
    result["TF_IN_AUTOMATION"] = "1";
    result["TF_INPUT"] = "0";
    result["CHECKPOINT_DISABLE"] = "1";
    if (!workspace.cliConfigFile.empty()) result["TF_CLI_CONFIG_FILE"] = workspace.cliConfigFile.string();
    return result;
}

ToolCall versionCall(const Session& session) {
    return callOf(session, {"version", "-json"}, WorkspaceName::Left);
}

ToolCall initCall(const Session& session, LockFileMode lockFile) {
    std::vector<std::string> words = {"init", "-input=false", "-no-color", "-reconfigure"};
    if (lockFile == LockFileMode::ReadOnly) words.emplace_back("-lockfile=readonly");
    for (const std::string& setting : session.backendConfig) words.push_back("-backend-config=" + setting);
    ToolCall call = callOf(session, std::move(words), WorkspaceName::Left);
    if (!session.pluginCache.empty()) {
        call.environment["TF_PLUGIN_CACHE_DIR"] = session.pluginCache.string();
        call.sandbox.writable.push_back(session.pluginCache);
    }
    // The lock file is replaced by renaming, so its folder must be writable.
    if (lockFile == LockFileMode::MayComplete) call.sandbox.writable.push_back(session.directory);
    return call;
}

ToolCall planCall(const Session& session) {
    std::vector<std::string> words = {"plan",  "-input=false", "-lock=false",
                                      "-json", "-no-color",    "-out=" + session.planFile().string()};
    for (const std::string& file : session.variableFiles) words.push_back("-var-file=" + file);
    ToolCall call = callOf(session, std::move(words), WorkspaceName::Given);
    call.keepOutput = false;
    return call;
}

ToolCall showCall(const Session& session) {
    return callOf(session, {"show", "-json", "-no-color", session.planFile().string()}, WorkspaceName::Given);
}

ToolCall schemasCall(const Session& session) {
    return callOf(session, {"providers", "schema", "-json"}, WorkspaceName::Given);
}

ToolCall workspaceListCall(const Session& session) {
    return callOf(session, {"workspace", "list", "-no-color"}, WorkspaceName::Left);
}

ToolCall statePullCall(const Session& session) {
    return callOf(session, {"state", "pull"}, WorkspaceName::Given);
}

}  // namespace driftkeeper::terraform
