#include "parsers/cloudformation/discovery.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "parsers/cloudformation/parameters_file.hpp"
#include "parsers/terraform/source_path.hpp"

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

bool holdsAwsTypes(const Template& source) {
    return std::ranges::any_of(source.resources, [](const auto& one) { return one.second.type.contains("::"); });
}

// The way from one folder of the repository to a file of it.
std::string pathFrom(std::string_view folder, std::string_view path) {
    if (folder == ".") return std::string(path);
    if (path.starts_with(folder) && path.substr(folder.size()).starts_with('/'))
        return std::string(path.substr(folder.size() + 1));
    std::string up;
    for (std::size_t at = 0; at != std::string_view::npos; at = folder.find('/', at + 1)) up += "../";
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
        std::vector<DiscoveredStack> result;
        for (const auto& [folder, found] : byFolder)
            for (const auto& one : found) result.push_back(stackOf(folder, one, found.size() > 1));
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
        const auto source = readTemplate(file.text);
        const bool saysSo = file.text.contains("AWSTemplateFormatVersion");
        if (source ? !holdsAwsTypes(*source) : !saysSo) return;
        auto& nested = templates_[file.path];
        if (!source) return;
        for (const auto& [id, path] : nestedTemplates(*source))
            if (auto inner = terraform::resolved(folderOf(file.path), path)) nested.push_back(*std::move(inner));
    }

    // From the root of the repository, as Git sync wants it.
    static std::string templateOfDeployment(const SourceFile& file) {
        const auto settings = readStackSettings(file.text);
        return terraform::resolved(".", settings ? settings->templatePath : "").value_or("");
    }

    DiscoveredStack stackOf(const std::string& folder, const Found& one, bool isOneOfSeveral) const {
        DiscoveredStack stack{folder, std::string(providerName), {}, {}, {}};
        std::set<std::string> reached{folder};
        addFile(one.templatePath, reached);
        stack.closure.assign(reached.begin(), reached.end());
        if (isOneOfSeveral) stack.name = (folder == "." ? "" : folder + "/") + std::string(stemOf(one.file));
        stack.options[one.isDeployment ? "deployment_file" : "template"] = {pathFrom(folder, one.file)};
        return stack;
    }

    void addFile(const std::string& path, std::set<std::string>& reached) const {
        const auto isWithin = [&](const std::string& known) {
            return path == known || known == "." || (path.starts_with(known) && path[known.size()] == '/');
        };
        if (path.empty() || !templates_.contains(path)) return;
        if (std::ranges::none_of(reached, isWithin)) reached.insert(path);
        addNested(path, reached);
    }

    void addNested(const std::string& file, std::set<std::string>& reached, int depth = 0) const {
        const auto found = templates_.find(file);
        if (found == templates_.end() || depth > 10) return;
        for (const auto& inner : found->second) {
            if (folderOf(inner) != folderOf(file) && templates_.contains(inner)) reached.insert(inner);
            if (inner != file) addNested(inner, reached, depth + 1);
        }
    }

    std::map<std::string, std::vector<std::string>> templates_;  // path -> nested ones
    std::map<std::string, std::string> deployments_;             // path -> template
};

}  // namespace

bool isSource(std::string_view path) noexcept {
    const auto name = path.substr(path.rfind('/') + 1);
    return !name.starts_with('.') && (name.ends_with(".yaml") || name.ends_with(".yml") || name.ends_with(".json") ||
                                      name.ends_with(".template"));
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
    constexpr std::array generic{"template", "main", "stack", "cloudformation", "index", "deployment"};
    const auto stem = stemOf(fileName);
    std::string name(std::ranges::find(generic, stem) == generic.end() ? stem : folder);
    for (char& c : name) {
        const bool isFit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!isFit) c = '-';
    }
    name.erase(0, std::min(name.find_first_not_of('-'), name.size()));
    return name;
}

}  // namespace driftkeeper::cloudformation
