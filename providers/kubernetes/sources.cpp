#include "providers/kubernetes/sources.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "parsers/gitops/kustomization.hpp"
#include "parsers/kubernetes/discovery.hpp"
#include "parsers/kubernetes/documents.hpp"
#include "providers/look/files.hpp"
#include "providers/look/redacted.hpp"

namespace driftkeeper::kubernetes {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> namesIn(const fs::path& folder) {
    std::vector<std::string> names;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error))
        if (entry.is_regular_file(error)) names.push_back(entry.path().filename().string());
    std::ranges::sort(names);
    return names;
}

void addDocuments(std::string_view text, const std::string& origin,
                  std::vector<Manifest>& manifests) {
    for (const std::string_view document : yamlDocuments(text))
        manifests.push_back({std::string(document), origin});
}

// Documents without apiVersion or kind belong to something else, such as the values of a chart; so
// do the files of other tools, and templates that another program fills in.
std::vector<Manifest> plainManifests(const fs::path& folder,
                                     const std::vector<std::string>& names) {
    std::vector<Manifest> manifests;
    for (const std::string& name : names)
        if (isManifestFile(name))
            addDocuments(fileText(folder / name).value_or(""), name, manifests);
    std::erase_if(manifests, [](const Manifest& one) {
        const ManifestHead head = headOf(one.text);
        if (head.apiVersion.empty() && head.kind.empty()) return true;
        return (head.isObject() && !head.isClusterObject()) || isOtherProgramsTemplate(one.text);
    });
    return manifests;
}

// Kustomize takes what is no file for something to fetch.
Outcome<void> refuseRemote(const fs::path& folder, std::set<fs::path>& seen) {
    std::error_code error;
    if (!seen.insert(fs::weakly_canonical(folder, error)).second) return {};
    for (const std::string& name : namesIn(folder)) {
        if (!gitops::isKustomizationFile(name)) continue;
        const auto read = gitops::readKustomization(fileText(folder / name).value_or(""));
        if (!read) continue;
        if (!read->charts.empty())
            return std::unexpected(reason("chart_in_kustomization", read->charts.front()));
        for (const std::string& entry : read->plugins)
            for (const std::string& named :
                 gitops::namedByPlugins(fileText(folder / entry).value_or("")))
                if (gitops::isRemote(named)) return std::unexpected(reason("remote_base", named));
        for (const auto* entries : {&read->builtOn, &read->reads})
            for (const std::string& entry : *entries) {
                const fs::path path = folder / entry;
                if (gitops::isRemote(entry) || !fs::exists(path, error))
                    return std::unexpected(reason("remote_base", entry));
                if (!fs::is_directory(path, error)) continue;
                if (auto below = refuseRemote(path, seen); !below) return below;
            }
    }
    return {};
}

// The last words of helm, without what a template says itself.
std::string helmWords(std::string_view err) {
    std::string_view line = err.substr(0, err.find('\n'));
    for (const std::string_view mark : {std::string_view("): "), std::string_view("at <")})
        if (const std::size_t at = line.find(mark); at != std::string_view::npos)
            line = line.substr(0, at + 1);
    return std::string(line);
}

}  // namespace

ToolCall templateCall(const Workspace& workspace, const Session& session) {
    const auto option = [&](std::string_view key, std::string fallback) {
        const std::string value = optionOf(workspace.options, key);
        return value.empty() ? std::move(fallback) : value;
    };
    ToolCall call;
    call.argv = {option("helm", "helm"),
                 "template",
                 option("release", workspace.directory.filename().string()),
                 workspace.directory.string(),
                 "--include-crds",
                 "--no-hooks",
                 "--skip-tests"};
    if (const std::string name = optionOf(workspace.options, "namespace"); !name.empty())
        call.argv.push_back("--namespace=" + name);
    if (const auto values = workspace.options.find("values"); values != workspace.options.end())
        for (const std::string& file : values->second)
            call.argv.push_back("--values=" + (workspace.directory / file).string());
    call.directory = session.directory;
    call.environment = session.environment;
    for (const auto& [name, folder] :
         {std::pair("HELM_CACHE_HOME", "cache"), std::pair("HELM_CONFIG_HOME", "config"),
          std::pair("HELM_DATA_HOME", "data")})
        call.environment[name] = (workspace.privateDirectory / "helm" / folder).string();
    call.sandbox = session.sandbox;
    return call;
}

namespace {

Outcome<std::vector<Manifest>> render(const Workspace& workspace, const Session& session,
                                      TimedRunner& runner, const std::vector<std::string>& secrets,
                                      bool isChart) {
    auto rendered = runner.run(isChart ? templateCall(workspace, session)
                                       : kustomizeCall(session, workspace.directory));
    if (!rendered) return std::unexpected(rendered.error());
    if (rendered->status != 0)
        return std::unexpected(
            reason("broken_configuration", isChart ? redacted(helmWords(rendered->err), secrets)
                                                   : wordsOf(*rendered, secrets)));
    std::vector<Manifest> manifests;
    addDocuments(rendered->out, isChart ? "helm template" : "kubectl kustomize", manifests);
    return manifests;
}

}  // namespace

Outcome<std::vector<Manifest>> renderAgain(const Workspace& workspace, const Session& session,
                                           TimedRunner& runner,
                                           const std::vector<std::string>& secrets) {
    return render(workspace, session, runner, secrets, true);
}

Outcome<Sources> readSources(const Workspace& workspace, const Session& session,
                             TimedRunner& runner, const std::vector<std::string>& secrets) {
    Sources sources;
    sources.ofNamespace = optionOf(workspace.options, "namespace");
    const auto folder = workspace.sight.onHost(workspace.directory);
    const auto names = namesIn(folder);
    const SourceKind kind = sourceKindOf(names);
    sources.isChart = kind == SourceKind::Chart;
    if (kind == SourceKind::Manifests) {
        sources.manifests = plainManifests(folder, names);
    } else {
        std::set<fs::path> seen;
        if (auto local = sources.isChart ? Outcome<void>() : refuseRemote(folder, seen); !local)
            return std::unexpected(local.error());
        auto rendered = render(workspace, session, runner, secrets, sources.isChart);
        if (!rendered) return std::unexpected(rendered.error());
        sources.manifests = *std::move(rendered);
    }
    if (sources.manifests.empty()) return std::unexpected(reason("nothing_to_check"));
    return sources;
}

}  // namespace driftkeeper::kubernetes
