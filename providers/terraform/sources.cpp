#include "providers/terraform/sources.hpp"

#include <algorithm>

#include "parsers/hcl/hcl.hpp"
#include "providers/look/files.hpp"

namespace driftkeeper::terraform {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t deepest = 32;        // module nesting
constexpr std::size_t mostModules = 2000;  // a module that calls itself ends here

Configuration readFolder(const fs::path& folder, Language language, const Sight& sight) {
    std::vector<SourceFile> files;
    for (const std::string& name : sight.namesIn(folder)) {
        if (!isConfigurationFile(name)) continue;
        if (auto text = fileText(sight.onHost(folder / name), std::size_t{16} << 20))
            files.push_back({name, *std::move(text)});
    }
    return readConfiguration(files, language);
}

void addMeaning(Sources& sources, const std::string& modulePath,
                const Configuration& configuration) {
    const std::string prefix = modulePath.empty() ? "" : modulePath + ".";
    for (const auto& [address, paths] : configuration.ignoreChanges)
        sources.ignoreChanges[prefix + address] = paths;
    if (!configuration.locals.empty()) sources.locals[modulePath] = configuration.locals;
    std::ranges::copy(configuration.requiredVersions, std::back_inserter(sources.requiredVersions));
    std::ranges::copy(configuration.requiredOfTerraform,
                      std::back_inserter(sources.requiredOfTerraform));
    sources.modules[modulePath] = configuration;
}

class Walk {
public:
    Walk(Sources& sources, Language language, const Sight& sight)
        : sources_(sources), language_(language), sight_(sight) {}

    void visit(const fs::path& folder, const std::string& modulePath, std::size_t depth) {
        if (depth > deepest || ++visited_ > mostModules) return;
        const Configuration& configuration = read(folder);
        addMeaning(sources_, modulePath, configuration);
        for (const ModuleCall& call : configuration.modules)
            if (call.isLocal())
                visit((folder / call.source / "").lexically_normal().parent_path(),
                      (modulePath.empty() ? "module." : modulePath + ".module.") + call.name,
                      depth + 1);
    }

    const Configuration& read(const fs::path& folder) {
        const auto [at, isNew] = read_.try_emplace(folder);
        if (isNew) {
            at->second = readFolder(folder, language_, sight_);
            sources_.folders.insert(folder);
            sources_.setupText += folder.string() + "\n" + at->second.setupText + "\n";
        }
        return at->second;
    }

private:
    Sources& sources_;
    Language language_;
    const Sight& sight_;
    std::map<fs::path, Configuration> read_;
    std::size_t visited_ = 0;
};

// "a.b" -> "module.a.module.b"
std::string modulePathOf(std::string_view key) {
    std::string result = "module.";
    for (const char letter : key)
        result += letter == '.' ? std::string(".module.") : std::string(1, letter);
    return result;
}

}  // namespace

Sources readSources(const fs::path& directory, Language language, const Sight& sight) {
    Sources sources;
    Walk walk(sources, language, sight);
    const fs::path folder = (directory / "").lexically_normal().parent_path();
    walk.visit(folder, "", 0);
    sources.root = walk.read(folder);
    return sources;
}

void addInstalledModules(Sources& sources, const fs::path& directory, const fs::path& dataDirectory,
                         Language language, const Sight& sight) {
    const auto text = fileBelow(dataDirectory, "modules/modules.json");
    if (!text) return;
    // {"Modules":[{"Key":"a.b","Source":"…","Dir":"…"},…]}: a flat file, its strings in order say
    // all.
    std::string key;
    const std::vector<std::string> words = hcl::strings(*text);
    for (std::size_t i = 0; i + 1 < words.size(); ++i) {
        if (words[i] == "Key")
            key = words[++i];
        else if (words[i] == "Source" || words[i] == "Version")
            ++i;
        else if (words[i] == "Dir" && !key.empty()) {
            const fs::path folder = (directory / words[++i] / "").lexically_normal().parent_path();
            if (!sources.folders.contains(folder))
                addMeaning(sources, modulePathOf(key), readFolder(folder, language, sight));
        }
    }
}

}  // namespace driftkeeper::terraform
