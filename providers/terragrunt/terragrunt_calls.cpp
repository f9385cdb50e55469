#include "providers/terragrunt/terragrunt_calls.hpp"

#include <algorithm>
#include <array>

#include "parsers/json/json.hpp"
#include "providers/terraform/session.hpp"
#include "providers/terragrunt/terragrunt_reasons.hpp"

namespace driftkeeper::terragrunt {
namespace {

// What a caller may have set and what would make a look mean something else.
constexpr std::array<std::string_view, 11> forbidden = {
    "TG_ALL",          "TG_GRAPH",        "TG_WORKING_DIR", "TG_CONFIG",      "TG_OUT_DIR",
    "TG_JSON_OUT_DIR", "TG_NO_AUTO_INIT", "TG_NO_COLOR",    "TG_REPORT_FILE", "TG_REPORT_FORMAT",

    "TG_SOURCE"};

constexpr terraform::Flavour flavour{terragruntTool, terraform::Language::OpenTofu, "", ""};

}  // namespace

terraform::Session sessionFor(const Workspace& workspace, const Environment& caller) {
    terraform::Session session = terraform::sessionFor(workspace, caller, flavour);
    std::erase_if(session.environment, [](const auto& variable) {
        return variable.first.starts_with("TG_LOG") || variable.first.starts_with("TERRAGRUNT_") ||
               std::ranges::find(forbidden, variable.first) != forbidden.end();
    });
    session.prefix = {"run",  "--non-interactive",   "--no-color", "--log-format",
                      "json", "--tf-forward-stdout", "--"};
    session.dataDirectory.clear();  // every unit that it asks for outputs needs its own
    session.environment["TG_DOWNLOAD_DIR"] = (workspace.privateDirectory / "terragrunt").string();
    // It works elsewhere than in the unit's folder.
    for (std::string& file : session.variableFiles) file = (workspace.directory / file).string();
    for (std::string& setting : session.backendConfig)
        if (!setting.contains('=')) setting = (workspace.directory / setting).string();
    return session;
}

void useProgram(terraform::Session& session, const std::string& tfProgram) {
    if (!tfProgram.empty()) session.environment["TG_TF_PATH"] = tfProgram;
}

ToolCall infoCall(const terraform::Session& session) {
    terraform::Session plain = session;
    plain.prefix = {"info", "print", "--non-interactive", "--no-color", "--log-format", "json"};
    ToolCall call = terraform::versionCall(plain);
    call.argv.resize(call.argv.size() - 2);  // "version -json"
    return call;
}

std::optional<std::string> workingDirectoryIn(std::string_view info) {
    const auto read = readJson(info);
    if (!read) return std::nullopt;
    for (const char* key : {"working_dir", "WorkingDir"})
        if (const auto path = (*read)[key].string(); !path.empty()) return std::string(path);
    return std::nullopt;
}

}  // namespace driftkeeper::terragrunt
