#include "parsers/gitops/kustomization.hpp"

#include <algorithm>
#include <array>

#include "parsers/gitops/documents.hpp"
#include "parsers/yaml/yaml.hpp"

namespace driftkeeper::gitops {
namespace {

using Words = std::vector<std::string>;

constexpr std::array<std::string_view, 3> fileNames = {"kustomization.yaml", "kustomization.yml",
                                                       "Kustomization"};
constexpr std::array<std::string_view, 3> builtOn = {"resources", "bases", "components"};

// Lists of files and folders.
constexpr std::array<std::string_view, 3> lists = {"crds", "configurations",
                                                   "patchesStrategicMerge"};
// Lists of files and folders with objects of plugins, or of such objects.
constexpr std::array<std::string_view, 3> pluginLists = {"generators", "transformers",
                                                         "validators"};
// Lists of objects that name a file as `path`.
constexpr std::array<std::string_view, 3> withPath = {"patches", "patchesJson6902", "replacements"};
// Lists of objects with `files` (NAME=FILE or FILE), `envs` and `env`.
constexpr std::array<std::string_view, 2> objectGenerators = {"configMapGenerator",
                                                              "secretGenerator"};
// Lists of charts, with values in files.
constexpr std::array<std::string_view, 2> chartGenerators = {"helmCharts",
                                                             "helmChartInflationGenerator"};

bool isAmong(std::string_view word, const auto& words) {
    return std::ranges::find(words, word) != words.end();
}

bool isWrittenOut(const std::string& text) {
    return text.contains('\n') || text.starts_with('{') || text.starts_with('[');
}

// A text that may name a file: an object written out in place is none.
void addName(const YamlNode& node, Words& found) {
    if (node.kind != YamlNode::Kind::Scalar || node.scalar.empty()) return;
    if (!isWrittenOut(node.scalar)) found.push_back(node.scalar);
}

void addMember(const YamlNode& object, std::string_view key, Words& found) {
    const YamlNode* member = object.find(key);
    if (member == nullptr) return;
    addName(*member, found);
    for (const YamlNode& item : member->sequence) addName(item, found);
}

// A file or folder, or the object itself.
void addPlugin(const YamlNode& node, Kustomization& kustomization) {
    if (isWrittenOut(node.scalar))
        for (std::string& file : namedByPlugins(node.scalar))
            kustomization.reads.push_back(std::move(file));
    addName(node, kustomization.plugins);
    addName(node, kustomization.reads);
}

// NAME=FILE -> FILE
void addGenerated(const YamlNode& generator, Words& found) {
    Words files;
    addMember(generator, "files", files);
    for (std::string& file : files) found.push_back(file.substr(file.find('=') + 1));
    addMember(generator, "envs", found);
    addMember(generator, "env", found);
}

void addChart(const YamlNode& chart, Kustomization& kustomization) {
    addMember(chart, "name", kustomization.charts);
    for (const std::string_view key : {"valuesFile", "additionalValuesFiles", "values"})
        addMember(chart, key, kustomization.reads);
}

void addEntry(const YamlEntry& entry, Kustomization& kustomization) {
    const std::string& key = entry.key.scalar;
    for (const YamlNode& item : entry.value.sequence) {
        if (isAmong(key, builtOn)) addName(item, kustomization.builtOn);
        if (isAmong(key, lists)) addName(item, kustomization.reads);
        if (isAmong(key, pluginLists)) addPlugin(item, kustomization);
        if (isAmong(key, withPath)) addMember(item, "path", kustomization.reads);
        if (isAmong(key, objectGenerators)) addGenerated(item, kustomization.reads);
        if (isAmong(key, chartGenerators)) addChart(item, kustomization);
    }
    if (key == "openapi") addMember(entry.value, "path", kustomization.reads);
}

bool isKustomize(const YamlNode& root) {
    const YamlNode* version = root.find("apiVersion");
    if (version == nullptr) return true;
    const auto slash = version->scalar.find('/');
    return slash == std::string::npos ||
           version->scalar.substr(0, slash) == "kustomize.config.k8s.io";
}

}  // namespace

bool isKustomizationFile(std::string_view name) noexcept {
    return isAmong(name, fileNames);
}

std::optional<Kustomization> readKustomization(std::string_view text) {
    const YamlDocument read = parseYaml(text);
    if (!isKustomize(read.root)) return std::nullopt;
    Kustomization kustomization;
    for (const YamlEntry& entry : read.root.mapping) addEntry(entry, kustomization);
    if (const YamlNode* kind = read.root.find("kind"))
        kustomization.isComponent = kind->scalar == "Component";
    return kustomization;
}

std::vector<std::string> namedByPlugins(std::string_view text) {
    Words named;
    for (const std::string_view part : splitDocuments(text)) {
        const YamlDocument read = parseYaml(part);
        const YamlNode* version = read.root.find("apiVersion");
        if (version == nullptr || version->scalar != "builtin") continue;
        addGenerated(read.root, named);
        for (const std::string_view key : {"path", "paths"}) addMember(read.root, key, named);
        if (const YamlNode* replaced = read.root.find("replacements"))
            for (const YamlNode& one : replaced->sequence) addMember(one, "path", named);
    }
    return named;
}

bool isRemote(std::string_view entry) noexcept {
    return entry.contains("://") || entry.starts_with("git@") || entry.starts_with("git::") ||
           entry.contains("?ref=") || entry.contains("?version=") ||
           entry.starts_with("github.com/") || entry.starts_with("gitlab.com/") ||
           entry.starts_with("bitbucket.org/");
}

}  // namespace driftkeeper::gitops
