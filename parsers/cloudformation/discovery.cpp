#include "parsers/cloudformation/discovery.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "parsers/cloudformation/parameters_file.hpp"
#include "parsers/cloudformation/values.hpp"
#include "parsers/terraform/source_path.hpp"
#include "parsers/text/ascii.hpp"

namespace driftkeeper::cloudformation {
namespace {

constexpr std::string_view providerName = "cloudformation";

std::string folderOf(std::string_view path) {
    const auto slash = path.rfind('/');
    return slash == std::string_view::npos ? "." : std::string(path.substr(0, slash));
}

std::string_view fileOf(std::string_view path) {
    return path.substr(path.rfind('/') + 1);
}

// web.template.yaml -> web
std::string_view stemOf(std::string_view path) {
    auto name = fileOf(path);
    name = name.substr(0, name.rfind('.'));
    for (const std::string_view end : {".template", ".cfn", ".cloudformation"})
        if (name.ends_with(end) && name.size() > end.size()) name.remove_suffix(end.size());
    return name;
}

bool namesType(const Json& value) {
    if (value["Type"].string().contains("::")) return true;
    return std::ranges::any_of(value.items, [](const Json& item) { return namesType(item); });
}

// Resources of AWS types, also within loops (Fn::ForEach::…), or ones that a transform brings.
bool holdsResources(const Json& document) {
    const Json& resources = document["Resources"];
    if (!resources.isObject()) return false;
    return !resources["Fn::Transform"].isNull() || namesType(resources);
}

// `Type: AWS::…`, as YAML or JSON write it.
bool spellsType(std::string_view text) {
    for (auto at = text.find("AWS::"); at != std::string_view::npos;
         at = text.find("AWS::", at + 1)) {
        const auto before = trimmed(text.substr(0, at), " \"'");
        if (before.ends_with(':') &&
            trimmed(before.substr(0, before.size() - 1), " \"'").ends_with("Type"))
            return true;
    }
    return false;
}

// Whether a text is a template, also one with mistakes: then it says so itself, and not of
// something in it.
bool isTemplate(std::string_view text, const Result<Json>& document) {
    constexpr std::string_view version = "AWSTemplateFormatVersion";
    if (document) return holdsResources(*document) || !(*document)[version].isNull();
    if (text.contains(version)) return true;
    return text.contains("Resources") && !text.contains("{%") && spellsType(text);
}

// The parts of a path or URL, the last one first; of a part in which variables stand what follows
// them.
std::vector<std::string_view> partsFromEnd(std::string_view path) {
    std::vector<std::string_view> parts;
    path = path.substr(0, path.find_first_of("?#"));
    while (!path.empty()) {
        const auto slash = path.rfind('/');
        const auto part = path.substr(slash == std::string_view::npos ? 0 : slash + 1);
        parts.push_back(part.substr(part.rfind('}') + 1));
        path = path.substr(0, slash == std::string_view::npos ? 0 : slash);
    }
    return parts;
}

std::size_t commonParts(const std::vector<std::string_view>& one,
                        const std::vector<std::string_view>& other) {
    const auto differs = std::ranges::mismatch(one, other);
    return static_cast<std::size_t>(differs.in1 - one.begin());
}

// The text at the end of a URL that functions put together; a URL is known by its "://".
std::string urlIn(const Json& value, bool& isUrl) {
    std::string last;
    if (value.string().contains("://")) isUrl = true;
    if (!value.string().empty()) last = value.string();
    for (const Json& item : value.items)
        if (auto inner = urlIn(item, isUrl); !inner.empty()) last = std::move(inner);
    return last;
}

// Other templates that a template names: nested stacks, also within loops, stack sets, products.
struct NamedTemplates {
    std::vector<std::string> urls;
    std::vector<std::string> paths;  // from the template's folder
};

void addNamed(const Json& value, NamedTemplates& named) {
    for (const std::string_view key : {"TemplateURL", "LoadTemplateFromURL"}) {
        // Of Fn::Sub with a map of values only its text counts.
        const Json& given = value[key];
        const Json& filled = given["Fn::Sub"];
        bool isUrl = false;
        auto text = urlIn(filled.isArray() ? filled.at(0) : given, isUrl);
        if (isUrl)
            named.urls.push_back(std::move(text));
        else if (!given.string().empty())
            named.paths.push_back(std::move(text));
    }
    for (const Json& item : value.items) addNamed(item, named);
}

// The way from one folder of the repository to a file of it.
std::string pathFrom(std::string_view folder, std::string_view path) {
    if (folder == ".") return std::string(path);
    if (path.starts_with(folder) && path.substr(folder.size()).starts_with('/'))
        return std::string(path.substr(folder.size() + 1));
    std::string up;
    for (std::size_t at = 0; at != std::string_view::npos; at = folder.find('/', at + 1))
        up += "../";
    return up + std::string(path);
}

struct Found {
    std::string file;  // template or deployment file
    bool isDeployment = false;
    std::string templatePath;
};

class Tree {
public:
    explicit Tree(const std::vector<SourceFile>& files) {
        for (const auto& file : files)
            if (isSource(file.path)) read(file);
    }

    std::vector<DiscoveredStack> stacks() const {
        std::map<std::string, std::vector<Found>> byFolder;
        std::set<std::string> used;
        for (const auto& [file, path] : deployments_) {
            byFolder[folderOf(file)].push_back({file, true, path});
            used.insert(path);
        }
        for (const auto& [file, nested] : templates_) used.insert(nested.begin(), nested.end());
        for (const auto& [file, nested] : templates_)
            if (!used.contains(file)) byFolder[folderOf(file)].push_back({file, false, file});
        const auto uploaded = nestedByUrl();
        std::vector<DiscoveredStack> result;
        std::map<std::string, std::vector<std::string>> byName;
        for (const auto& [folder, found] : byFolder)
            for (const auto& one : found) {
                result.push_back(stackOf(folder, one, found.size() > 1));
                if (uploaded.contains(one.file)) result.back().leftOut = "nested";
                if (result.back().leftOut.empty()) byName[nameOf(folder, one)].push_back(one.file);
            }
        for (auto& stack : result) markShared(stack, byName);
        return result;
    }

    std::vector<std::string> closure(const std::string& folder) const {
        std::set<std::string> reached{folder};
        for (const auto& [file, nested] : templates_)
            if (folderOf(file) == folder) addNested(file, reached);
        for (const auto& [file, path] : deployments_)
            if (folderOf(file) == folder) addFile(path, reached);
        return {reached.begin(), reached.end()};
    }

private:
    void read(const SourceFile& file) {
        if (isDeploymentFile(file.text)) {
            deployments_.emplace(file.path, templateOfDeployment(file));
            return;
        }
        if (!mayBeTemplate(file.text)) return;
        const auto document = readValue(file.text);
        if (!isTemplate(file.text, document)) return;
        auto& nested = templates_[file.path];
        const auto source = document ? templateOf(*document) : std::unexpected(document.error());
        if (!source) return;
        const auto add = [&](std::string_view path) {
            if (auto inner = terraform::resolved(folderOf(file.path), path))
                nested.push_back(*std::move(inner));
        };
        for (const auto& [id, path] : nestedTemplates(*source)) add(path);
        NamedTemplates named;
        addNamed((*document)["Resources"], named);
        for (const auto& path : named.paths) add(path);
        for (auto& url : named.urls) urls_.emplace_back(file.path, std::move(url));
    }

    // From the root of the repository, as Git sync wants it.
    static std::string templateOfDeployment(const SourceFile& file) {
        const auto settings = readStackSettings(file.text);
        return terraform::resolved(".", settings ? settings->templatePath : "").value_or("");
    }

    DiscoveredStack stackOf(const std::string& folder, const Found& one,
                            bool isOneOfSeveral) const {
        DiscoveredStack stack{folder, std::string(providerName), {}, {}, {}};
        std::set<std::string> reached{folder};
        addFile(one.templatePath, reached);
        stack.closure.assign(reached.begin(), reached.end());
        if (isOneOfSeveral)
            stack.name = (folder == "." ? "" : folder + "/") + std::string(stemOf(one.file));
        stack.options[one.isDeployment ? "deployment_file" : "template"] = {
            pathFrom(folder, one.file)};
        return stack;
    }

    static std::string nameOf(const std::string& folder, const Found& one) {
        return conventionalStackName(fileOf(one.file), folder == "." ? "" : fileOf(folder));
    }

    // Says which files mean the same deployed stack, as long as no setting gives them names.
    static void markShared(DiscoveredStack& stack,
                           const std::map<std::string, std::vector<std::string>>& byName) {
        if (!stack.leftOut.empty()) return;
        const bool isDeployment = stack.options.contains("deployment_file");
        const auto from = optionOf(stack.options, isDeployment ? "deployment_file" : "template");
        const Found one{terraform::resolved(stack.path, from).value_or(from), isDeployment, {}};
        const auto name = nameOf(stack.path, one);
        if (const auto found = byName.find(name);
            !name.empty() && found != byName.end() && found->second.size() > 1)
            stack.options["same_stack_as"] = found->second;
    }

    // For every URL the template that lies nearest of those that agree with the most of its end.
    std::set<std::string> nestedByUrl() const {
        std::map<std::string_view, std::vector<std::string_view>> byFile;
        for (const auto& [file, nested] : templates_) byFile[fileOf(file)].push_back(file);
        std::set<std::string> nested;
        for (const auto& [parent, url] : urls_) {
            const auto parts = partsFromEnd(url);
            const auto candidates = parts.empty() ? byFile.end() : byFile.find(parts.front());
            if (candidates == byFile.end()) continue;
            const auto fit = [&](std::string_view file) {
                const auto begin = std::ranges::mismatch(file, parent).in1 - file.begin();
                return std::pair(commonParts(partsFromEnd(file), parts), begin);
            };
            const auto best = std::ranges::max(candidates->second, {}, fit);
            if (best != parent) nested.emplace(best);
        }
        return nested;
    }

    void addFile(const std::string& path, std::set<std::string>& reached) const {
        const auto isWithin = [&](const std::string& known) {
            return path == known || known == "." ||
                   (path.starts_with(known) && path[known.size()] == '/');
        };
        if (path.empty() || !templates_.contains(path)) return;
        if (std::ranges::none_of(reached, isWithin)) reached.insert(path);
        addNested(path, reached);
    }

    void addNested(const std::string& file, std::set<std::string>& reached, int depth = 0) const {
        const auto found = templates_.find(file);
        if (found == templates_.end() || depth > 10) return;
        for (const auto& inner : found->second) {
            if (folderOf(inner) != folderOf(file) && templates_.contains(inner))
                reached.insert(inner);
            if (inner != file) addNested(inner, reached, depth + 1);
        }
    }

    std::map<std::string, std::vector<std::string>> templates_;  // path -> nested ones
    std::map<std::string, std::string> deployments_;             // path -> template
    std::vector<std::pair<std::string, std::string>>
        urls_;  // template, and the URL of one that it nests
};

}  // namespace

bool isSource(std::string_view path) noexcept {
    const auto name = path.substr(path.rfind('/') + 1);
    return !name.starts_with('.') && (name.ends_with(".yaml") || name.ends_with(".yml") ||
                                      name.ends_with(".json") || name.ends_with(".template"));
}

std::vector<DiscoveredStack> discover(const std::vector<SourceFile>& files) {
    return Tree(files).stacks();
}

std::vector<std::string> closureOf(std::string_view folder, const std::vector<SourceFile>& files) {
    return Tree(files).closure(terraform::resolved(".", folder).value_or("."));
}

std::map<std::string, std::string> nestedTemplates(const Template& source) {
    std::map<std::string, std::string> paths;
    for (const auto& [id, resource] : source.resources) {
        const bool isStack = resource.type == "AWS::CloudFormation::Stack";
        if (!isStack && resource.type != "AWS::Serverless::Application") continue;
        const auto path = resource.properties[isStack ? "TemplateURL" : "Location"].string();
        if (!path.empty() && !path.contains("://") && !path.contains("{{")) paths.emplace(id, path);
    }
    return paths;
}

std::string conventionalStackName(std::string_view fileName, std::string_view folder) {
    constexpr std::array generic{"template",       "main",  "stack",
                                 "cloudformation", "index", "deployment"};
    const auto stem = stemOf(fileName);
    std::string name(std::ranges::find(generic, stem) == generic.end() ? stem : folder);
    for (char& c : name) {
        const bool isFit = isLetterOrDigit(c);
        if (!isFit) c = '-';
    }
    name.erase(0, std::min(name.find_first_not_of('-'), name.size()));
    return name;
}

}  // namespace driftkeeper::cloudformation
