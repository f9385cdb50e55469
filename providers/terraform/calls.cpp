#include "providers/terraform/calls.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace driftkeeper::terraform {
namespace {

enum class WorkspaceName { Given, Left };

// A workspace of HCP Terraform or Terraform Enterprise that runs plans itself refuses a parallelism
// of one's own before it queues a run; one with local execution takes it (10 is the default).
constexpr std::string_view notTheDefault = "-parallelism=9";

// The words of a call that loads the configuration, with the values of its variables. `name`: how
// many of the words name the command.
std::vector<std::string> withValues(const Session& session, std::vector<std::string> words,
                                    std::size_t name) {
    std::vector<std::string> options;
    for (const std::string& file : session.variableFiles) options.push_back("-var-file=" + file);
    if (session.evaluatesEarly)
        words.insert(words.begin() + static_cast<std::ptrdiff_t>(name), options.begin(),
                     options.end());
    return words;
}

ToolCall callOf(const Session& session, std::vector<std::string> words, WorkspaceName workspace) {
    ToolCall call;
    call.argv = {session.program};
    call.argv.insert(call.argv.end(), session.prefix.begin(), session.prefix.end());
    std::ranges::move(words, std::back_inserter(call.argv));
    call.directory = session.directory;
    call.environment = session.environment;
    if (!session.dataDirectory.empty())
        call.environment["TF_DATA_DIR"] = session.dataDirectory.string();
    call.environment["TMPDIR"] = session.temporaryDirectory.string();
    if (workspace == WorkspaceName::Given && !session.workspace.empty())
        call.environment["TF_WORKSPACE"] = session.workspace;
    call.sandbox = session.sandbox;
    return call;
}

}  // namespace

Environment toolEnvironment(const Workspace& workspace, const Environment& caller) {
    Environment result = lookEnvironment(workspace, caller);
    if (!workspace.workingTree) {
        // Modules come by git from folders that strangers can write: no prompts, no repositories
        // inside repositories.
        result.try_emplace("GIT_TERMINAL_PROMPT", "0");
        result.try_emplace("GIT_CONFIG_COUNT", "1");
        result.try_emplace("GIT_CONFIG_KEY_0", "safe.bareRepository");
        result.try_emplace("GIT_CONFIG_VALUE_0", "explicit");
    }
    result["TF_IN_AUTOMATION"] = "1";
    result["TF_INPUT"] = "0";
    result["CHECKPOINT_DISABLE"] = "1";
    // Providers log everything when nobody says otherwise, and the tool throws it away: up to a
    // third of the CPU time.
    result["TF_LOG_SDK"] = "off";
    result["TF_LOG_PROVIDER"] = "off";
    if (const auto file = optionOf(workspace.options, "cli_config_file"); !file.empty())
        result["TF_CLI_CONFIG_FILE"] = file;
    return result;
}

ToolCall versionCall(const Session& session) {
    return callOf(session, {"version", "-json"}, WorkspaceName::Left);
}

ToolCall initCall(const Session& session, const std::vector<std::string>& backendFiles,
                  LockFileMode lockFile) {
    std::vector<std::string> words = {"init", "-input=false", "-no-color", "-reconfigure"};
    if (lockFile == LockFileMode::ReadOnly) words.emplace_back("-lockfile=readonly");
    for (const std::string& file : backendFiles) words.push_back("-backend-config=" + file);
    ToolCall call = callOf(session, withValues(session, std::move(words), 1), WorkspaceName::Left);
    if (!session.initHome.empty()) {
        call.environment["HOME"] = session.initHome.string();
        // What a plan may have left in its HOME, or stands on the host, runs nothing here.
        for (const char* name : {"GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"})
            call.environment.try_emplace(name, "/dev/null");
        call.environment.try_emplace("GIT_TEMPLATE_DIR", "");
    }
    if (!session.pluginCache.empty()) {
        call.environment["TF_PLUGIN_CACHE_DIR"] = session.pluginCache.string();
        call.sandbox.writable.push_back(session.pluginCache);
    }
    // The lock file is replaced by renaming, so its folder must be writable.
    if (lockFile == LockFileMode::MayComplete && !session.sandbox.tree)
        call.sandbox.writable.push_back(session.directory);
    return call;
}

ToolCall planCall(const Session& session) {
    std::vector<std::string> words = {"plan",        "-input=false",
                                      "-lock=false", "-json",
                                      "-no-color",   "-out=" + session.planFile().string()};
    for (const std::string& file : session.variableFiles) words.push_back("-var-file=" + file);
    if (session.mayRunElsewhere) words.emplace_back(notTheDefault);
    ToolCall call = callOf(session, std::move(words), WorkspaceName::Given);
    call.keepOutput = false;
    return call;
}

ToolCall showCall(const Session& session) {
    auto words =
        withValues(session, {"show", "-json", "-no-color", session.planFile().string()}, 1);
    return callOf(session, std::move(words), WorkspaceName::Given);
}

ToolCall schemasCall(const Session& session) {
    return callOf(session, withValues(session, {"providers", "schema", "-json"}, 2),
                  WorkspaceName::Given);
}

ToolCall workspaceListCall(const Session& session) {
    return callOf(session, withValues(session, {"workspace", "list", "-no-color"}, 2),
                  WorkspaceName::Left);
}

ToolCall statePullCall(const Session& session) {
    return callOf(session, withValues(session, {"state", "pull"}, 2), WorkspaceName::Given);
}

}  // namespace driftkeeper::terraform
