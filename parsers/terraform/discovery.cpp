#include <algorithm>
#include <array>
#include <memory>
#include <set>

#include "parsers/terraform/beside_configuration.hpp"
#include "parsers/terraform/configuration.hpp"
#include "parsers/terraform/language_evidence.hpp"
#include "parsers/terraform/possible_texts.hpp"
#include "parsers/terraform/source_path.hpp"
#include "parsers/text/ascii.hpp"

namespace driftkeeper::terraform {
namespace {

constexpr std::string_view terraformVersion = ".terraform-version";
constexpr std::string_view openTofuVersion = ".opentofu-version";
constexpr std::string_view toolVersions = ".tool-versions";

// Folders whose contents are there to be used or tried, not to be applied: what their names end
// with, as in terraform-modules, _examples and integration-tests.
constexpr std::array<std::string_view, 4> libraries = {"modules", "module", "wrappers", "wrapper"};
constexpr std::array<std::string_view, 9> trials = {
    "examples", "example", "samples", "sample", "tests", "testdata", "fixtures", "fixture", "e2e"};

// What one folder uses: read once in a language, however many stacks use it.
struct Folder {
    std::vector<std::string> modules;  // folders of local module calls
    // Folders that a call may mean, where its source is no literal; * stands for any part.
    std::vector<std::string> maybe;
    std::vector<std::string> outside;
    std::vector<std::string> fromRoot;  // literals that mean the folder of the stack
    bool hasBackend = false;
    bool isOfNothing = false;
    std::optional<Language> onlyKnownTo;
    std::set<std::string> requiredVariables;
};

// A version file that counts for a folder, and the language that it speaks for.
struct VersionFile {
    std::string path;
    Language language;
};

// Which programs a .tool-versions file lists: `opentofu 1.12.6` in a line of its own.
std::set<Language> languagesIn(std::string_view text) {
    std::set<Language> found;
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        const auto tool = line.substr(0, line.find_first_of(" \t\r#"));
        if (tool == "terraform") found.insert(Language::Terraform);
        if (tool == "opentofu") found.insert(Language::OpenTofu);
    }
    return found;
}

// The folders of a tree that hold configuration files, read when they are asked for.
class Folders {
public:
    explicit Folders(const std::vector<SourceFile>& files) {
        for (const auto& file : files)
            if (!file.link.empty()) links_.emplace(file.path, file.link);
        for (const auto& file : files) {
            if (isDownloaded(file.path)) continue;
            if (isConfigurationFile(file.path)) files_[folderOf(file.path)].push_back(file);
            if (isVersionFile(file.path)) addVersionFile(file);
            if (isStateFile(file.path)) withState_.insert(folderOfState(file.path));
            if (isStateFile(file.path)) states_[folderOfState(file.path)] += file.text;
            if (isLockFile(file.path)) locks_[folderOf(file.path)] = file.text;
            if (isConfigurationFile(file.path)) addRegistriesNamedBy(file.text, namedRegistries_);
            if (isValuesFile(file.path)) values_[folderOf(file.path)].merge(variablesIn(file));
            if (isStackFile(file.path)) stackFiles_.try_emplace(folderOf(file.path), file.path);
            if (isTestFile(file.path) || isStackFile(file.path))
                for (auto& module : modulesCalledBy(file)) called_.insert(real(std::move(module)));
        }
    }

    [[nodiscard]] std::vector<std::string> names() const {
        std::vector<std::string> all;
        for (const auto& [name, files] : files_) all.push_back(name);
        return all;
    }

    // Folders that only tests and stack files call.
    [[nodiscard]] const std::set<std::string>& calledByOthers() const noexcept { return called_; }

    // Folders with files of Terraform Stacks, and one of those.
    [[nodiscard]] const std::map<std::string, std::string>& stackFiles() const noexcept {
        return stackFiles_;
    }

    // With a place for its state, whoever else uses it.
    bool isRoot(const std::string& name) {
        return withState_.contains(name) || at(name, languageOf(name)).hasBackend;
    }

    // Why nobody would apply such a folder by itself; empty: somebody may.
    std::string reasonToLeaveOut(const std::string& name) {
        const auto known = values_.find(name);
        if (at(name, languageOf(name)).isOfNothing) return "nothing";
        for (const auto& variable : at(name, languageOf(name)).requiredVariables)
            if (known == values_.end() || !known->second.contains(variable)) return "module";
        return placeOf(name);
    }

    Language languageOf(const std::string& name) {
        const auto known = languages_.find(name);
        if (known != languages_.end()) return known->second;
        return languages_[name] = findLanguage(name);
    }

    const Folder& at(const std::string& name, Language language) {
        const auto [place, isNew] = read_.try_emplace({name, language});
        if (const auto files = files_.find(name); isNew && files != files_.end())
            place->second = read(name, files->second, language);
        return place->second;
    }

    // The folders with configuration that a call may mean.
    [[nodiscard]] std::vector<std::string> meantBy(const std::vector<std::string>& patterns) const {
        std::vector<std::string> found;
        for (const auto& pattern : patterns) {
            if (!pattern.contains('*')) {
                found.push_back(pattern);
                continue;
            }
            for (const auto& [name, files] : files_)
                if (matchesText(pattern, name)) found.push_back(name);
        }
        return found;
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
            for (const auto& literal : folder.fromRoot)
                if (auto path = outsidePath(start, literal)) outside.insert(std::move(*path));
            for (const auto& module : folder.modules)
                if (reached.insert(module).second) waiting.push_back(module);
            for (auto& module : meantBy(folder.maybe))
                if (files_.contains(module) && reached.insert(module).second)
                    waiting.push_back(std::move(module));
        }
        reached.insert(outside.begin(), outside.end());
        if (const auto version = versionFileOf(start); version && folderOf(version->path) != start)
            reached.insert(version->path);
        return {reached.begin(), reached.end()};
    }

private:
    [[nodiscard]] Language findLanguage(const std::string& name) {
        if (hasOnlyOpenTofuFiles(name)) return Language::OpenTofu;
        const auto files = files_.find(name);
        const auto isTofu = [](const SourceFile& file) { return isOpenTofuFile(file.path); };
        const bool any = files != files_.end() && std::ranges::any_of(files->second, isTofu);
        if (const auto version = versionFileOf(name)) return version->language;
        if (any) return Language::OpenTofu;
        if (files == files_.end()) return Language::Terraform;
        if (const auto only = onlyKnownTo(name)) return *only;
        for (const auto* texts : {&locks_, &states_})
            if (const auto text = texts->find(name); text != texts->end())
                if (const auto said = languageByRegistries(text->second, namedRegistries_))
                    return *said;
        return Language::Terraform;
    }

    [[nodiscard]] bool hasOnlyOpenTofuFiles(const std::string& name) const {
        const auto files = files_.find(name);
        return files != files_.end() &&
               std::ranges::all_of(files->second, isOpenTofuFile, &SourceFile::path);
    }

    // By the folder's own files or those of a local module, which the same program reads.
    [[nodiscard]] std::optional<Language> onlyKnownTo(const std::string& name) {
        std::set<std::string> reached{name};
        std::vector<std::string> waiting{name};
        while (!waiting.empty()) {
            const auto next = std::move(waiting.back());
            waiting.pop_back();
            if (hasOnlyOpenTofuFiles(next)) return Language::OpenTofu;
            const auto& folder = at(next, Language::Terraform);
            if (folder.onlyKnownTo) return folder.onlyKnownTo;
            for (const auto& module : folder.modules)
                if (reached.insert(module).second) waiting.push_back(module);
        }
        return std::nullopt;
    }

    void addVersionFile(const SourceFile& file) {
        const auto name = fileName(file.path);
        std::set<Language> said;
        if (name == terraformVersion) said = {Language::Terraform};
        if (name == openTofuVersion) said = {Language::OpenTofu};
        if (name == toolVersions) said = languagesIn(file.text);
        auto& of = versions_[folderOf(file.path)];
        for (const auto language : said) of.try_emplace(language, file.path);
    }

    // Of workspaces: FOLDER/terraform.tfstate.d/WORKSPACE/terraform.tfstate
    static std::string folderOfState(std::string_view path) {
        auto folder = folderOf(path);
        const auto above = folderOf(folder);
        return fileName(above) == "terraform.tfstate.d" ? folderOf(above) : folder;
    }

    static std::string placeOf(std::string_view name) {
        std::string kind;
        while (!name.empty()) {
            const auto part = name.substr(0, name.find('/'));
            name.remove_prefix(std::min(part.size() + 1, name.size()));
            const auto last = lowered(part.substr(part.find_last_of("-_.") + 1));
            if (std::ranges::find(trials, last) != trials.end()) return "example";
            if (std::ranges::find(libraries, last) != libraries.end()) kind = "module";
        }
        return kind;
    }

    // Where a path leads through links to folders.
    [[nodiscard]] std::string real(std::string path) const {
        constexpr int mostHops = 40;
        for (int hop = 0; hop < mostHops && !links_.empty(); ++hop) {
            auto link = links_.end();
            for (auto folder = path; link == links_.end() && folder != ".";
                 folder = folderOf(folder))
                link = links_.find(folder);
            if (link == links_.end()) break;
            const auto below = path.substr(std::min(link->first.size() + 1, path.size()));
            path = resolved(link->second, below).value_or(path);
        }
        return path;
    }

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
            const auto found = versions_.find(folder);
            const bool isSaid = found != versions_.end() && !found->second.empty();
            if (isSaid && found->second.size() > 1) return std::nullopt;
            if (isSaid) {
                const auto& [language, path] = *found->second.begin();
                return VersionFile{path, language};
            }
            if (folder == ".") return std::nullopt;
        }
    }

    [[nodiscard]] Folder read(const std::string& name, const std::vector<SourceFile>& files,
                              Language language) const {
        auto configuration = readConfiguration(files, language);
        Folder folder;
        folder.outside = std::move(configuration.outsidePaths);
        folder.fromRoot = std::move(configuration.fromRootModule);
        folder.hasBackend = configuration.backend.has_value() || configuration.cloud;
        folder.isOfNothing = configuration.isOfNothing;
        folder.onlyKnownTo = configuration.onlyKnownTo;
        folder.requiredVariables = std::move(configuration.requiredVariables);
        for (const auto& call : configuration.modules) {
            const auto path = call.isLocal() ? resolved(name, call.source) : std::nullopt;
            if (path) folder.modules.push_back(real(*path));
            for (const auto& literal : call.maybe)
                if (const auto other = resolved(name, literal); other && literal.starts_with('.'))
                    folder.maybe.push_back(real(*other));
        }
        return folder;
    }

    std::map<std::string, std::vector<SourceFile>> files_;
    std::map<std::string, std::map<Language, std::string>> versions_;  // folder -> files
    std::map<std::string, std::string> links_;             // path -> the folder that it leads to
    std::map<std::string, std::set<std::string>> values_;  // folder -> variables with values
    std::set<std::string> withState_;
    std::map<std::string, std::string> states_;  // folder -> text
    std::map<std::string, std::string> locks_;   // the same
    std::set<std::string> namedRegistries_;      // by configuration anywhere in the tree
    std::map<std::string, Language> languages_;  // as far as they were asked for
    std::set<std::string> called_;
    std::map<std::string, std::string> stackFiles_;
    std::map<std::pair<std::string, Language>, Folder> read_;
};

}  // namespace

bool isVersionFile(std::string_view path) noexcept {
    const auto name = fileName(path);
    return name == terraformVersion || name == openTofuVersion || name == toolVersions;
}

std::vector<DiscoveredStack> discoverStacks(const std::vector<SourceFile>& files) {
    Folders folders(files);
    const auto names = folders.names();
    std::set<std::string> called = folders.calledByOthers();
    for (const auto& name : names) {
        const auto& folder = folders.at(name, folders.languageOf(name));
        for (const auto& calls : {folder.modules, folders.meantBy(folder.maybe)})
            for (const auto& module : calls)
                if (module != name) called.insert(module);
    }
    std::vector<DiscoveredStack> stacks;
    for (const auto& name : names) {
        const bool isRoot = folders.isRoot(name);
        if (!isRoot && called.contains(name)) continue;
        const auto* provider =
            folders.languageOf(name) == Language::OpenTofu ? "opentofu" : "terraform";
        stacks.push_back({name, provider, folders.closure(name)});
        if (!isRoot) stacks.back().leftOut = folders.reasonToLeaveOut(name);
    }
    for (const auto& [folder, file] : folders.stackFiles())
        stacks.push_back({folder, "terraform", {folder}, file, {}, "terraform_stack"});
    return stacks;
}

std::function<std::vector<std::string>(std::string_view)> closuresIn(
    const std::vector<SourceFile>& files) {
    return [folders = std::make_shared<Folders>(files)](std::string_view folder) {
        return folders->closure(resolved(".", folder).value_or("."));
    };
}

std::vector<std::string> closureOf(std::string_view folder, const std::vector<SourceFile>& files) {
    return closuresIn(files)(folder);
}

}  // namespace driftkeeper::terraform
