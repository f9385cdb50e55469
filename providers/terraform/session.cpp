#include "providers/terraform/session.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>

#include "parsers/hcl/hcl.hpp"
#include "providers/process/find_program.hpp"
#include "providers/terraform/files.hpp"
#include "providers/terraform/reasons.hpp"

namespace driftkeeper::terraform {
namespace {

namespace fs = std::filesystem;

bool contains(const fs::path& folder, const fs::path& path) {
    return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first == folder.end();
}

std::string value(const Environment& environment, const std::string& name) {
    const auto found = environment.find(name);
    return found == environment.end() ? "" : found->second;
}

// The CLI settings may name mirrors and caches anywhere, also below what is hidden, but nothing above it.
void addSettingsFolders(Sandbox& sandbox, const fs::path& settings) {
    sandbox.readable.push_back(settings);
    const auto text = readFile(settings, std::size_t{1} << 20);
    if (!text) return;
    for (std::string& word : hcl::strings(*text))
        if (word.starts_with('/') && std::ranges::none_of(sandbox.hidden, [&](const fs::path& hidden) {
                return contains((fs::path(word) / "").lexically_normal().parent_path(), hidden);
            }))
            sandbox.readable.emplace_back(std::move(word));
}

// Where tools of the caller keep tokens and caches that they refresh.
void addCacheFolders(std::vector<fs::path>& writable, const fs::path& home, const fs::path& directory) {
    if (home.empty() || !home.is_absolute()) return;
    for (const char* name : {".aws", ".azure", ".config", ".kube", ".cache", ".terraform.d"}) {
        std::error_code error;
        const fs::path folder = fs::canonical(home / name, error);
        if (!error && !contains(folder, fs::weakly_canonical(directory, error))) writable.push_back(folder);
    }
}

std::string fileOrNothing(const fs::path& path) {
    return path.empty() ? "" : readFile(path).value_or("");
}

// Another build of a program has another size or time; asking for its version would start it.
std::string describe(const Session& session) {
    const auto program = findProgram(session.program, value(session.environment, "PATH"), session.directory);
    struct stat about {};
    if (!program || ::stat(program->c_str(), &about) != 0) return session.program;
    return fmt::format("{} {} {} {}.{}", program->string(), about.st_ino, about.st_size, about.st_mtim.tv_sec,
                       about.st_mtim.tv_nsec);
}

}  // namespace

Session sessionFor(const Workspace& workspace, const Environment& caller) {
    Session session;
    if (!workspace.program.empty()) session.program = workspace.program;
    session.directory = workspace.directory;
    session.dataDirectory = workspace.privateDirectory / "data";
    session.runDirectory = workspace.privateDirectory / "run";
    session.temporaryDirectory = session.runDirectory / "tmp";
    session.workspace = workspace.workspace;
    session.variableFiles = workspace.variableFiles;
    session.backendConfig = workspace.backendConfig;
    session.environment = toolEnvironment(workspace, caller);
    session.pluginCache = workspace.pluginCache;
    if (workspace.workingTree && session.pluginCache.empty())
        session.pluginCache = value(session.environment, "TF_PLUGIN_CACHE_DIR");

    Sandbox& sandbox = session.sandbox;
    sandbox.hidden = workspace.hidden;
    sandbox.readable = {workspace.root, workspace.directory};
    if (!session.pluginCache.empty()) sandbox.readable.push_back(session.pluginCache);
    if (!workspace.cliConfigFile.empty()) addSettingsFolders(sandbox, workspace.cliConfigFile);
    for (const auto* files : {&workspace.variableFiles, &workspace.backendConfig})
        for (const std::string& file : *files)
            if (file.starts_with('/')) sandbox.readable.emplace_back(file);
    sandbox.writable = {workspace.privateDirectory};
    if (workspace.workingTree)
        addCacheFolders(sandbox.writable, value(session.environment, "HOME"), workspace.directory);
    return session;
}

std::vector<std::string> secretsOf(const Workspace& workspace, const Session& session, const Sources& sources) {
    std::vector<std::string> result;
    const auto add = [&](std::string_view name, const std::string& text) {
        if (text.size() >= 4 && namesSecret(name) && !name.starts_with("GIT_CONFIG_")) result.push_back(text);
    };
    for (const auto& [name, text] : session.environment) add(name, text);
    for (const auto& [name, text] : sources.root.backendAttributes) add(name, text);
    for (const std::string& setting : workspace.backendConfig)
        if (const std::size_t at = setting.find('='); at != std::string::npos)
            add(setting.substr(0, at), setting.substr(at + 1));
    std::ranges::sort(result, std::ranges::greater(), &std::string::size);  // a secret may hold another one
    return result;
}

std::string initFingerprint(const Workspace& workspace, const Session& session, const Sources& sources,
                            const std::string& lockFile, const ValueTags& tags) {
    std::string text =
        fmt::format("{}\n{}\n{}\n{}\n", lockFile, sources.setupText, describe(session), session.workspace);
    for (const std::string& setting : workspace.backendConfig) {
        text += setting + "\n";
        if (setting.find('=') == std::string::npos) text += fileOrNothing(workspace.directory / setting) + "\n";
    }
    text += fmt::format("{}\n{}\n{}\n", workspace.cliConfigFile.string(), fileOrNothing(workspace.cliConfigFile),
                        workspace.pluginCache.string());
    for (const auto& [name, setting] : workspace.environment) text += name + "=" + setting + "\n";
    return tags.tag(text);
}

}  // namespace driftkeeper::terraform
