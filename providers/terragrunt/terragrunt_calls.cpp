#include "providers/terragrunt/terragrunt_calls.hpp"

#include <algorithm>

#include "parsers/json/json.hpp"
#include "parsers/terragrunt/printed_json.hpp"
#include "providers/terraform/session.hpp"
#include "providers/terragrunt/terragrunt_reasons.hpp"

namespace driftkeeper::terragrunt {
namespace {

// Of the caller's own settings for terragrunt only what says who it is and which program it runs:
// all others would make a look mean something else.
bool isKept(std::string_view name) {
    return name == "TG_TF_PATH" || name == "TG_AUTH_PROVIDER_CMD" || name.starts_with("TG_IAM_");
}

bool isTerragrunts(std::string_view name) {
    return name.starts_with("TG_") || name.starts_with("TERRAGRUNT_");
}

constexpr terraform::Flavour flavour{terragruntTool, terraform::Language::OpenTofu, "", ""};

}  // namespace

terraform::Session sessionFor(const Workspace& workspace, const Environment& caller) {
    terraform::Session session = terraform::sessionFor(workspace, caller, flavour);
    std::erase_if(session.environment, [&](const auto& variable) {
        return isTerragrunts(variable.first) && !isKept(variable.first) &&
               !workspace.environment.contains(variable.first);
    });
    session.prefix = {"run",  "--non-interactive",   "--no-color", "--log-format",
                      "json", "--tf-forward-stdout", "--"};
    session.evaluatesEarly = false;  // terragrunt gives the values by the environment
    session.dataDirectory.clear();   // every unit that it asks for outputs needs its own
    session.environment["TG_DOWNLOAD_DIR"] = (workspace.privateDirectory / "terragrunt").string();
    // Its cache of providers would lie where nobody may write, or be shared with other stacks.
    session.environment["TG_NO_AUTO_PROVIDER_CACHE_DIR"] = "true";
    session.environment["XDG_CACHE_HOME"] = (workspace.privateDirectory / "terragrunt").string();
    // It works elsewhere than in the unit's folder.
    for (std::string& file : session.variableFiles) file = (workspace.directory / file).string();
    for (std::string& setting : session.backendConfig)
        if (!setting.contains('=')) setting = (workspace.directory / setting).string();
    return session;
}

void useProgram(terraform::Session& session, const std::string& tfProgram) {
    if (!tfProgram.empty()) session.environment["TG_TF_PATH"] = tfProgram;
}

namespace {

// A command of terragrunt's own.
ToolCall ownCall(const terraform::Session& session, const char* group, const char* command) {
    terraform::Session plain = session;
    plain.prefix = {group, command, "--non-interactive", "--no-color", "--log-format", "json"};
    ToolCall call = terraform::versionCall(plain);
    call.argv.resize(call.argv.size() - 2);  // "version -json"
    return call;
}

}  // namespace

ToolCall infoCall(const terraform::Session& session) {
    return ownCall(session, "info", "print");
}

ToolCall generateCall(const terraform::Session& session, const std::filesystem::path& directory) {
    ToolCall call = ownCall(session, "stack", "generate");
    call.directory = directory;
    return call;
}

std::optional<WorkPlace> workPlaceIn(std::string_view info) {
    const auto read = printedJson(info);
    if (!read) return std::nullopt;
    const auto oneOf = [&](const char* key, const char* older) {
        const auto text = (*read)[key].string();
        return std::string(text.empty() ? (*read)[older].string() : text);
    };
    WorkPlace place{oneOf("working_dir", "WorkingDir"),
                    oneOf("terraform_binary", "TerraformBinary")};
    if (place.directory.empty()) return std::nullopt;
    return place;
}

ToolCall outputsCall(const terraform::Session& session, const std::filesystem::path& directory) {
    ToolCall call = terraform::statePullCall(session);
    call.argv.resize(call.argv.size() - 2);  // "state pull"
    for (const char* word : {"output", "-json", "-no-color"}) call.argv.emplace_back(word);
    call.directory = directory;
    return call;
}

terraform::Session withoutTerragrunt(const terraform::Session& session, const WorkPlace& place) {
    terraform::Session plain = session;
    const auto chosen = valueOf(session.environment, "TG_TF_PATH");
    plain.program = chosen.empty() ? place.program : chosen;
    plain.prefix.clear();
    plain.directory = place.directory;
    std::erase_if(plain.environment,
                  [](const auto& variable) { return isTerragrunts(variable.first); });
    return plain;
}

}  // namespace driftkeeper::terragrunt
