#include <algorithm>
#include <set>

#include "parsers/terraform/configuration.hpp"
#include "parsers/terraform/source_path.hpp"

namespace driftkeeper::terraform {
namespace {

// What one folder uses: read once, however many stacks use it.
struct Folder {
    std::vector<std::string> modules;  // folders of local module calls
    std::vector<std::string> outside;
    bool openTofuOnly = false;
};

// The folders of a tree that hold configuration files, read when they are asked for.
class Folders {
public:
    explicit Folders(const std::vector<SourceFile>& files) {
        for (const auto& file : files) {
            if (isConfigurationFile(file.path) && !isDownloaded(file.path)) files_[folderOf(file.path)].push_back(file);
        }
    }

    [[nodiscard]] std::vector<std::string> names() const {
        std::vector<std::string> all;
        for (const auto& [name, files] : files_) all.push_back(name);
        return all;
    }

    const Folder& at(const std::string& name) {
        const auto [place, isNew] = read_.try_emplace(name);
        if (const auto files = files_.find(name); isNew && files != files_.end())
            place->second = read(name, files->second);
        return place->second;
    }

    std::vector<std::string> closure(const std::string& start) {
        std::set<std::string> reached{start};
        std::set<std::string> outside;
        std::vector<std::string> waiting{start};
        while (!waiting.empty()) {
            const auto name = std::move(waiting.back());
            waiting.pop_back();
            const auto& folder = at(name);
            outside.insert(folder.outside.begin(), folder.outside.end());
            for (const auto& module : folder.modules) {
                if (reached.insert(module).second) waiting.push_back(module);
            }
        }
        reached.insert(outside.begin(), outside.end());
        return {reached.begin(), reached.end()};
    }

private:
    // .terraform holds copies of modules: never a stack of its own.
    static bool isDownloaded(std::string_view path) {
        return path.starts_with(".terraform/") || path.find("/.terraform/") != std::string_view::npos;
    }

    static Folder read(const std::string& name, const std::vector<SourceFile>& files) {
        auto configuration = readConfiguration(files);
        Folder folder{{}, std::move(configuration.outsidePaths), configuration.openTofuOnly};
        for (const auto& call : configuration.modules) {
            if (!call.isLocal()) continue;
            if (auto path = resolved(name, call.source)) folder.modules.push_back(std::move(*path));
        }
        return folder;
    }

    std::map<std::string, std::vector<SourceFile>> files_;
    std::map<std::string, Folder> read_;
};

}  // namespace

std::vector<DiscoveredStack> discoverStacks(const std::vector<SourceFile>& files) {
    Folders folders(files);
    const auto names = folders.names();
    std::set<std::string> called;
    for (const auto& name : names) {
        for (const auto& module : folders.at(name).modules) {
            if (module != name) called.insert(module);
        }
    }
    std::vector<DiscoveredStack> stacks;
    for (const auto& name : names) {
        if (!called.contains(name)) stacks.push_back({name, folders.closure(name), folders.at(name).openTofuOnly});
    }
    return stacks;
}

std::vector<std::string> closureOf(std::string_view folder, const std::vector<SourceFile>& files) {
    return Folders(files).closure(resolved(".", folder).value_or("."));
}

}  // namespace driftkeeper::terraform
