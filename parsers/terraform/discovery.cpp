#include <algorithm>
#include <memory>
#include <set>

#include "parsers/terraform/configuration.hpp"
#include "parsers/terraform/source_path.hpp"

namespace driftkeeper::terraform {
namespace {

constexpr std::string_view terraformVersion = ".terraform-version";
constexpr std::string_view openTofuVersion = ".opentofu-version";

// What one folder uses: read once in a language, however many stacks use it.
struct Folder {
    std::vector<std::string> modules;  // folders of local module calls
    std::vector<std::string> outside;
};

// A version file that counts for a folder, and the language that it speaks for.
struct VersionFile {
    std::string path;
    Language language;
};

// The folders of a tree that hold configuration files, read when they are asked for.
class Folders {
public:
    explicit Folders(const std::vector<SourceFile>& files) {
        for (const auto& file : files) {
            if (isDownloaded(file.path)) continue;
            if (isConfigurationFile(file.path)) files_[folderOf(file.path)].push_back(file);
            if (isVersionFile(file.path)) versions_.insert(file.path);
        }
    }

    [[nodiscard]] std::vector<std::string> names() const {
        std::vector<std::string> all;
        for (const auto& [name, files] : files_) all.push_back(name);
        return all;
    }

    [[nodiscard]] Language languageOf(const std::string& name) const {
        const auto files = files_.find(name);
        const auto isTofu = [](const SourceFile& file) { return isOpenTofuFile(file.path); };
        const bool any = files != files_.end() && std::ranges::any_of(files->second, isTofu);
        if (any && std::ranges::all_of(files->second, isTofu)) return Language::OpenTofu;
        const auto version = versionFileOf(name);
        if (version) return version->language;
        return any ? Language::OpenTofu : Language::Terraform;
    }

    const Folder& at(const std::string& name, Language language) {
        const auto [place, isNew] = read_.try_emplace({name, language});
        if (const auto files = files_.find(name); isNew && files != files_.end())
            place->second = read(name, files->second, language);
        return place->second;
    }

    std::vector<std::string> closure(const std::string& start) {
        const auto language = languageOf(start);
        std::set<std::string> reached{start};
        std::set<std::string> outside;
        std::vector<std::string> waiting{start};
        while (!waiting.empty()) {
            const auto name = std::move(waiting.back());
            waiting.pop_back();
            const auto& folder = at(name, language);
            outside.insert(folder.outside.begin(), folder.outside.end());
            for (const auto& module : folder.modules) {
                if (reached.insert(module).second) waiting.push_back(module);
            }
        }
        reached.insert(outside.begin(), outside.end());
        if (const auto version = versionFileOf(start); version && folderOf(version->path) != start)
            reached.insert(version->path);
        return {reached.begin(), reached.end()};
    }

private:
    // Copies of modules: never a stack of their own.
    static bool isDownloaded(std::string_view path) {
        for (const std::string_view folder : {".terraform/", ".terragrunt-cache/"}) {
            if (path.starts_with(folder) || path.contains("/" + std::string(folder))) return true;
        }
        return false;
    }

    // The nearest one upwards. A folder with both says nothing, and neither does what is above it.
    [[nodiscard]] std::optional<VersionFile> versionFileOf(std::string folder) const {
        for (;; folder = folderOf(folder)) {
            const auto prefix = folder == "." ? std::string() : folder + "/";
            const auto terraform = versions_.find(prefix + std::string(terraformVersion));
            const auto tofu = versions_.find(prefix + std::string(openTofuVersion));
            if (terraform != versions_.end() && tofu != versions_.end()) return std::nullopt;
            if (terraform != versions_.end()) return VersionFile{*terraform, Language::Terraform};
            if (tofu != versions_.end()) return VersionFile{*tofu, Language::OpenTofu};
            if (folder == ".") return std::nullopt;
        }
    }

    static Folder read(const std::string& name, const std::vector<SourceFile>& files, Language language) {
        auto configuration = readConfiguration(files, language);
        Folder folder{{}, std::move(configuration.outsidePaths)};
        for (const auto& call : configuration.modules) {
            if (!call.isLocal()) continue;
            if (auto path = resolved(name, call.source)) folder.modules.push_back(std::move(*path));
        }
        return folder;
    }

    std::map<std::string, std::vector<SourceFile>> files_;
    std::set<std::string> versions_;
    std::map<std::pair<std::string, Language>, Folder> read_;
};

}  // namespace

bool isVersionFile(std::string_view path) noexcept {
    return fileName(path) == terraformVersion || fileName(path) == openTofuVersion;
}

std::vector<DiscoveredStack> discoverStacks(const std::vector<SourceFile>& files) {
    Folders folders(files);
    const auto names = folders.names();
    std::set<std::string> called;
    for (const auto& name : names) {
        for (const auto& module : folders.at(name, folders.languageOf(name)).modules) {
            if (module != name) called.insert(module);
        }
    }
    std::vector<DiscoveredStack> stacks;
    for (const auto& name : names) {
        if (called.contains(name)) continue;
        const auto* provider = folders.languageOf(name) == Language::OpenTofu ? "opentofu" : "terraform";
        stacks.push_back({name, provider, folders.closure(name)});
    }
    return stacks;
}

std::function<std::vector<std::string>(std::string_view)> closuresIn(const std::vector<SourceFile>& files) {
    return [folders = std::make_shared<Folders>(files)](std::string_view folder) {
        return folders->closure(resolved(".", folder).value_or("."));
    };
}

std::vector<std::string> closureOf(std::string_view folder, const std::vector<SourceFile>& files) {
    return closuresIn(files)(folder);
}

}  // namespace driftkeeper::terraform
