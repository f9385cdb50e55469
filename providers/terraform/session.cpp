#include "providers/terraform/session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "parsers/hcl/hcl.hpp"
#include "providers/look/files.hpp"
#include "providers/look/redacted.hpp"
#include "providers/process/remove_tree.hpp"
#include "providers/terraform/program_versions.hpp"
#include "providers/terraform/reasons.hpp"
#include "providers/terraform/terraform_options.hpp"

namespace driftkeeper::terraform {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t longestTemporaryDirectory =
    88;  // plugins make sockets there, and their paths end at 107 bytes

bool contains(const fs::path& folder, const fs::path& path) {
    return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first ==
           folder.end();
}

// The CLI settings may name mirrors and caches anywhere, also below what is hidden, but nothing
// above it.
void addSettingsFolders(Sandbox& sandbox, const fs::path& settings) {
    sandbox.readable.push_back(settings);
    const auto text = fileText(settings, std::size_t{1} << 20);
    if (!text) return;
    for (std::string& word : hcl::strings(*text))
        if (word.starts_with('/') &&
            std::ranges::none_of(sandbox.hidden, [&](const fs::path& hidden) {
                return contains((fs::path(word) / "").lexically_normal().parent_path(), hidden);
            }))
            sandbox.readable.emplace_back(std::move(word));
}

std::string fileOrNothing(const fs::path& path) {
    return path.empty() ? "" : fileText(path).value_or("");
}

// The CLI settings that terraform finds by itself.
void addCallersSettings(Session& session, const Flavour& flavour) {
    const fs::path file = cliSettingsOf(session.environment, flavour);
    if (file.empty()) return;
    addSettingsFolders(session.sandbox, file);
    if (!session.pluginCache.empty()) return;
    const auto text = fileText(file, std::size_t{1} << 20);
    if (!text) return;
    for (const hcl::Attribute& attribute : hcl::read(*text).body.attributes) {
        std::string folder;
        if (attribute.name == "plugin_cache_dir" &&
            hcl::stringLiteral(attribute.expression, folder) && folder.starts_with('/'))
            session.pluginCache = folder;
    }
}

}  // namespace

Session sessionFor(const Workspace& workspace, const Environment& caller, const Flavour& flavour) {
    const TerraformOptions options = terraformOptionsOf(workspace);
    Session session;
    session.program = options.program.empty() ? std::string(flavour.tool.tool) : options.program;
    session.directory = workspace.directory;
    session.dataDirectory = workspace.privateDirectory / "data";
    session.runDirectory = workspace.privateDirectory / "run";
    session.temporaryDirectory = session.runDirectory / "tmp";
    session.workspace = options.workspace;
    session.variableFiles = options.variableFiles;
    session.backendConfig = options.backendConfig;
    session.evaluatesEarly = flavour.language == Language::OpenTofu;
    session.environment = toolEnvironment(workspace, caller);
    Sandbox& sandbox = session.sandbox;
    sandbox = lookSandbox(workspace, session.environment);
    if (workspace.workingTree) {
        session.pluginCache = options.pluginCache;
        if (session.pluginCache.empty())
            session.pluginCache = valueOf(session.environment, "TF_PLUGIN_CACHE_DIR");
        addCallersSettings(session, flavour);
        if (!session.pluginCache.empty()) sandbox.readable.push_back(session.pluginCache);
    } else {
        session.sharedPlugins = options.pluginCache;
        if (!session.sharedPlugins.empty()) {
            session.pluginCache = workspace.privateDirectory / "plugins";
            sandbox.readable.push_back(session.sharedPlugins);
        }
        // Not what lies in its HOME, where a plan may have put it.
        if (const fs::path file = valueOf(session.environment, "TF_CLI_CONFIG_FILE"); !file.empty())
            addSettingsFolders(sandbox, file);
        if (!workspace.environment.contains("HOME"))
            session.initHome = workspace.privateDirectory / "init-home";
    }
    for (const auto* files : {&options.variableFiles, &options.backendConfig})
        for (const std::string& file : *files)
            if (file.starts_with('/')) sandbox.readable.emplace_back(file);
    if (options.dataDirectory.starts_with('/'))
        sandbox.readable.emplace_back(options.dataDirectory);
    return session;
}

fs::path cliSettingsOf(const Environment& environment, const Flavour& flavour) {
    if (const auto named = valueOf(environment, "TF_CLI_CONFIG_FILE"); !named.empty()) return named;
    const fs::path home = valueOf(environment, "HOME");
    std::error_code error;
    if (!home.is_absolute()) return {};
    const auto usual = home / ".terraformrc";
    const auto own = home / ".tofurc";
    const bool hasOwn = flavour.language == Language::OpenTofu && fs::exists(own, error);
    if (hasOwn) return own;
    return fs::exists(usual, error) ? usual : fs::path();
}

bool haveDevOverrides(const fs::path& cliSettings) {
    const auto settings = hcl::read(fileOrNothing(cliSettings));
    const auto* installation = settings.body.block("provider_installation");
    return installation != nullptr && installation->block("dev_overrides") != nullptr;
}

Outcome<void> makeFolders(Session& session, const Workspace& workspace, ToolName tool) {
    if (session.temporaryDirectory.native().size() > longestTemporaryDirectory) {
        std::string pattern = "/tmp/driftkeeper-" + std::string(6, 'X');
        if (mkdtemp(pattern.data()) == nullptr)
            return std::unexpected(reason("private_directory",
                                          "its path is too long for the sockets of plugins", tool));
        session.temporaryDirectory = pattern;
        session.sandbox.writable.emplace_back(pattern);
    }
    for (const fs::path& folder : {session.runDirectory, session.temporaryDirectory})
        if (auto made = emptyFolder(folder); !made) return because(made.error(), tool);
    const fs::path& own = workspace.privateDirectory;
    const fs::path& notes = workspace.notesDirectory;
    for (const fs::path& folder : {own / "home", own / "data", notes / "lock", notes / "schemas"})
        if (auto made = makeFolder(folder); !made) return because(made.error(), tool);
    return {};
}

void removeFolders(const Session& session) {
    removeTree(session.runDirectory);
    removeTree(session.temporaryDirectory);
}

std::vector<std::string> secretsOf(const Session& session, const Sources& sources) {
    std::vector<std::string> result;
    const auto add = [&](std::string_view name, const std::string& text) {
        if (text.size() >= 4 && namesSecret(name) && !name.starts_with("GIT_CONFIG_"))
            result.push_back(text);
    };
    for (const auto& [name, text] : session.environment) add(name, text);
    for (const auto& [name, text] : sources.root.backendAttributes) add(name, text);
    for (const std::string& setting : session.backendConfig)
        if (const std::size_t at = setting.find('='); at != std::string::npos)
            add(setting.substr(0, at), setting.substr(at + 1));
    std::ranges::sort(result, std::ranges::greater(),
                      &std::string::size);  // a secret may hold another one
    return result;
}

std::string initFingerprint(const Workspace& workspace, const Session& session,
                            const Sources& sources, const std::string& lockFile,
                            const ValueTags& tags) {
    const TerraformOptions options = terraformOptionsOf(workspace);
    std::string text = fmt::format("{}\n{}\n{}\n{}\n", lockFile, sources.setupText,
                                   buildOf(session.program, session.environment, session.directory),
                                   session.workspace);
    for (const std::string& setting : options.backendConfig) {
        text += setting + "\n";
        if (setting.find('=') == std::string::npos)
            text += fileOrNothing(workspace.sight.onHost(workspace.directory / setting)) + "\n";
    }
    if (session.evaluatesEarly)
        for (const std::string& file : session.variableFiles)
            text += file + "\n" +
                    fileOrNothing(workspace.sight.onHost(workspace.directory / file)) + "\n";
    text += fmt::format("{}\n{}\n{}\n", options.cliConfigFile.string(),
                        fileOrNothing(options.cliConfigFile), options.pluginCache.string());
    for (const auto& [name, setting] : workspace.environment) text += name + "=" + setting + "\n";
    return tags.tag(text);
}

}  // namespace driftkeeper::terraform
