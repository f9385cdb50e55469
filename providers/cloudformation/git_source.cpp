#include "providers/cloudformation/git_source.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "parsers/cloudformation/discovery.hpp"
#include "parsers/text/ascii.hpp"
#include "providers/cloudformation/reasons.hpp"
#include "providers/look/files.hpp"

namespace driftkeeper::cloudformation {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t largest = std::size_t{8} << 20;  // CloudFormation itself takes 1 MB

bool isWithin(const fs::path& folder, const fs::path& path) {
    return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first ==
           folder.end();
}

// A file of the source tree; a link that leads out of it is none.
std::optional<std::string> innerFile(const Workspace& workspace, const fs::path& path) {
    std::error_code error;
    const Sight& sight = workspace.sight;
    const fs::path real = fs::canonical(sight.onHost(path), error);
    if (error || !isWithin(fs::canonical(sight.onHost(workspace.root), error), real) || error)
        return std::nullopt;
    if (!fs::is_regular_file(real, error)) return std::nullopt;
    return fileText(real, largest);
}

std::unexpected<Reason> broken(const fs::path& path, const Error& error) {
    return std::unexpected(
        reason("broken_configuration", path.filename().string() + ": " + error.message));
}

Outcome<std::string> needed(const Workspace& workspace, const fs::path& path) {
    if (auto text = innerFile(workspace, path)) return *std::move(text);
    return std::unexpected(reason("no_template", path.filename().string() + " cannot be read"));
}

Outcome<Template> templateAt(const Workspace& workspace, const fs::path& path) {
    const auto text = needed(workspace, path);
    if (!text) return std::unexpected(text.error());
    auto source = readTemplate(*text);
    if (!source) return broken(path, source.error());
    return *std::move(source);
}

Outcome<StackSettings> settingsAt(const Workspace& workspace, const fs::path& path) {
    const auto text = needed(workspace, path);
    if (!text) return std::unexpected(text.error());
    auto settings = readStackSettings(*text);
    if (!settings) return broken(path, settings.error());
    return *std::move(settings);
}

// As discovery finds it, in the folder alone.
std::vector<DiscoveredStack> stacksIn(const Workspace& workspace) {
    std::vector<SourceFile> files;
    std::error_code error;
    for (const auto& entry :
         fs::directory_iterator(workspace.sight.onHost(workspace.directory), error)) {
        const std::string name = entry.path().filename().string();
        if (!isSource(name)) continue;
        if (auto text = innerFile(workspace, entry.path()))
            files.push_back({name, *std::move(text)});
    }
    return discover(files);
}

bool isConventional(const DiscoveredStack& stack) {
    const std::string file = optionOf(stack.options, "template");
    return !file.empty() && conventionalStackName(file, "").empty();
}

// Where the files are: what the options say, else what the folder holds.
Outcome<ProviderOptions> filesOf(const Workspace& workspace) {
    const auto& given = workspace.options;
    if (!optionOf(given, "template").empty() || !optionOf(given, "deployment_file").empty())
        return given;
    auto stacks = stacksIn(workspace);
    if (stacks.size() > 1)
        std::erase_if(stacks, [](const auto& one) { return !isConventional(one); });
    if (stacks.size() != 1)
        return std::unexpected(reason(
            "no_template", stacks.empty() ? "the folder has none" : "the folder has several"));
    auto found = stacks.front().options;
    found.insert(given.begin(), given.end());
    return found;
}

bool isStackName(std::string_view name) {
    const auto isLetter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    const auto isFit = [&](char c) { return isLetterOrDigit(c) || c == '-'; };
    const bool isArn = name.starts_with("arn:");
    return !name.empty() && name.size() <= 1024 &&
           (isArn || (isLetter(name.front()) && std::ranges::all_of(name, isFit)));
}

std::string folderName(const Workspace& workspace) {
    const bool isRoot = workspace.directory.lexically_normal() == workspace.root.lexically_normal();
    // In the daemon the root is a checkout, whose name says nothing.
    return isRoot && !workspace.workingTree ? "" : workspace.directory.filename().string();
}

// Which of them is the deployed one nobody can know.
std::string sharedWords(const std::vector<std::string>& files) {
    constexpr std::size_t mostShown = 3;
    std::string words;
    for (std::size_t n = 0; n < std::min(files.size(), mostShown); ++n)
        words += (n == 0 ? "" : ", ") + files[n];
    return words + (files.size() > mostShown ? ", … mean the same one" : " mean the same one");
}

Outcome<void> addSettings(const Workspace& workspace, const std::string& file,
                          StackSettings& settings) {
    if (file.empty()) return {};
    auto more = settingsAt(workspace, workspace.directory / file);
    if (!more) return std::unexpected(more.error());
    for (auto& [name, value] : more->parameters) settings.parameters.insert_or_assign(name, value);
    if (more->tags) settings.tags = std::move(more->tags);
    if (!more->templatePath.empty()) settings.templatePath = std::move(more->templatePath);
    return {};
}

// A deployment file names its template from the root of the repository, people also from its own
// folder.
fs::path templateOf(const Workspace& workspace, const ProviderOptions& files,
                    const StackSettings& settings) {
    if (const auto file = optionOf(files, "template"); !file.empty())
        return workspace.directory / file;
    std::error_code error;
    const fs::path fromRoot = workspace.root / settings.templatePath;
    return fs::exists(workspace.sight.onHost(fromRoot), error)
               ? fromRoot
               : workspace.directory / settings.templatePath;
}

}  // namespace

Outcome<GitSource> readGitSource(const Workspace& workspace) {
    const auto files = filesOf(workspace);
    if (!files) return std::unexpected(files.error());
    GitSource git;
    const std::string deployment = optionOf(*files, "deployment_file");
    for (const auto& file : {deployment, optionOf(*files, "parameters_file")})
        if (auto added = addSettings(workspace, file, git.settings); !added)
            return std::unexpected(added.error());
    git.file = templateOf(workspace, *files, git.settings).lexically_normal();
    auto source = templateAt(workspace, git.file);
    if (!source) return std::unexpected(source.error());
    git.source = *std::move(source);
    git.stackName = optionOf(*files, "stack_name");
    const auto named = deployment.empty() ? git.file.filename().string()
                                          : fs::path(deployment).filename().string();
    if (git.stackName.empty()) {
        if (const auto shared = files->find("same_stack_as"); shared != files->end())
            return std::unexpected(reason("no_stack_name", sharedWords(shared->second)));
        git.stackName = conventionalStackName(named, folderName(workspace));
    }
    if (!isStackName(git.stackName)) return std::unexpected(reason("no_stack_name", named));
    return git;
}

Outcome<std::optional<std::pair<fs::path, Template>>> readNested(const Workspace& workspace,
                                                                 const fs::path& outer,
                                                                 const std::string& path) {
    const fs::path file = (outer.parent_path() / path).lexically_normal();
    if (!innerFile(workspace, file)) return std::nullopt;
    auto source = templateAt(workspace, file);
    if (!source) return std::unexpected(source.error());
    return std::pair(file, *std::move(source));
}

}  // namespace driftkeeper::cloudformation
