#include "parsers/terraform/configuration.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "parsers/hcl/hcl.hpp"
#include "parsers/terraform/beside_configuration.hpp"
#include "parsers/terraform/configuration_json.hpp"
#include "parsers/terraform/language_evidence.hpp"
#include "parsers/terraform/possible_texts.hpp"
#include "parsers/terraform/source_path.hpp"

namespace driftkeeper::terraform {
namespace {

constexpr std::string_view rootModule = "${path.root}/";

std::string literalOr(const hcl::Attribute* attribute, std::string otherwise) {
    if (attribute != nullptr) hcl::stringLiteral(attribute->expression, otherwise);
    return otherwise;
}

// The file names that Terraform reads last, and that replace what others say.
bool isOverride(std::string_view path) {
    const auto name = fileName(path);
    const auto stem = name.substr(0, name.find('.'));
    return stem == "override" || stem.ends_with("_override");
}

// Gathers what the files of one folder say.
class ConfigurationReader {
public:
    explicit ConfigurationReader(Language language) : language_(language) {}

    Configuration run(std::vector<const SourceFile*> files) {
        std::ranges::sort(files, {}, [](const SourceFile* file) {
            return std::pair(isOverride(file->path), file->path);
        });
        for (const auto* file : files) readFile(*file);
        for (auto& call : configuration_.modules)
            if (call.source.empty()) call.maybe = possibleTexts(sources_[call.name], expressions_);
        configuration_.outsidePaths.assign(outside_.begin(), outside_.end());
        configuration_.fromRootModule.assign(fromRootModule_.begin(), fromRootModule_.end());
        configuration_.setupText = setupText();
        configuration_.isOfNothing = hasBlocks_ && !hasPlanned_;
        if (!configuration_.onlyKnownTo && hasOpenSources())
            configuration_.onlyKnownTo = Language::OpenTofu;
        return std::move(configuration_);
    }

private:
    using Setup = std::map<std::string, std::string>;

    // Of modules by variables. Newer versions of Terraform take those that say that they are const.
    [[nodiscard]] bool hasOpenSources() const {
        const auto isOpen = [](const auto& source) {
            return !hcl::traversals(source.second).empty();
        };
        return !hasConstants_ && std::ranges::any_of(sources_, isOpen);
    }

    void readFile(const SourceFile& source) {
        const auto file = source.path.ends_with(".json") ? readJsonConfiguration(source.text)
                                                         : hcl::read(source.text);
        if (file.broken) configuration_.broken.push_back(source.path);
        folder_ = folderOf(source.path);
        isOpenTofuFile_ = isOpenTofuFile(source.path);
        for (const auto& block : file.body.blocks) readBlock(block);
    }

    void readBlock(const hcl::Block& block) {
        constexpr std::array<std::string_view, 4> settings = {"terraform", "provider", "language",
                                                              "moved"};
        const bool isSetting = std::ranges::find(settings, block.type) != settings.end();
        (isSetting ? hasBlocks_ : hasPlanned_) = true;
        if (const auto only = onlyKnownTo(block)) configuration_.onlyKnownTo = only;
        if (block.type == "terraform") {
            readTerraform(block);
        } else if (block.type == "language") {
            readLanguage(block);
        } else if (block.type == "module" && block.labels.size() == 1) {
            readModule(block);
        } else if (block.type == "locals") {
            for (const auto& local : block.attributes) {
                configuration_.locals[local.name] = hcl::traversals(local.expression);
                expressions_["local." + local.name] = local.expression;
            }
        } else if (block.type == "variable" && block.labels.size() == 1) {
            readVariable(block);
        } else if (block.type == "output" && block.labels.size() == 1) {
            if (const auto* value = block.attribute("value"))
                configuration_.outputs[block.labels[0]] = hcl::traversals(value->expression);
        } else if ((block.type == "resource" || block.type == "data") && block.labels.size() == 2) {
            readResource(block);
            if (block.type == "data" && block.labels[0] == "terraform_remote_state")
                readRemoteState(block);
            if (block.type == "resource")
                readReferences(block, block.labels[0] + "." + block.labels[1]);
        } else if (block.type == "provider" && !block.labels.empty()) {
            setup_["provider " + block.labels[0]] = "";
        }
        if (block.type != "terraform") readOutsidePaths(block, block.type == "module");
    }

    void readTerraform(const hcl::Block& block) {
        if (const auto* version = block.attribute("required_version")) {
            const bool isOthers = language_ == Language::OpenTofu && !isOpenTofuFile_;
            auto& required =
                isOthers ? configuration_.requiredOfTerraform : configuration_.requiredVersions;
            required.push_back(literalOr(version, version->expression));
            setup_["version " + version->expression] = "";
        }
        for (const auto& inner : block.blocks) {
            if (inner.type == "required_providers") readRequiredProviders(inner);
            if (inner.type == "backend" && inner.labels.size() == 1) readBackend(inner);
            if (inner.type == "cloud") {
                configuration_.cloud = true;
                readPlace(inner);
            }
        }
    }

    // language { compatible_with { opentofu = ">= 1.12" } }
    void readLanguage(const hcl::Block& block) {
        const auto* compatible = block.block("compatible_with");
        const auto* version = compatible == nullptr ? nullptr : compatible->attribute("opentofu");
        if (version != nullptr && language_ == Language::OpenTofu)
            configuration_.requiredVersions.push_back(literalOr(version, version->expression));
    }

    void readBackend(const hcl::Block& block) {
        configuration_.backend = block.labels[0];
        readPlace(block);
    }

    // Where the state is; of workspaces { name = … } as workspaces.name.
    void readPlace(const hcl::Block& block) {
        configuration_.backendAttributes.clear();
        configuration_.openBackendAttributes.clear();
        readSettings(block, "");
        for (const auto& inner : block.blocks)
            if (inner.type == "workspaces") readSettings(inner, "workspaces.");
        setup_["backend"] = canonical(block);
    }

    void readSettings(const hcl::Block& block, const std::string& prefix) {
        for (const auto& attribute : block.attributes) {
            std::string value;
            if (hcl::stringLiteral(attribute.expression, value))
                configuration_.backendAttributes[prefix + attribute.name] = value;
            else
                configuration_.openBackendAttributes.insert(prefix + attribute.name);
        }
    }

    // NAME = { source = "…", version = "…" }, or NAME = "version" as it was written before 0.13.
    void readRequiredProviders(const hcl::Block& block) {
        for (const auto& provider : block.attributes) {
            std::string source;
            for (const auto& member : hcl::objectMembers(provider.expression)) {
                if (member.name == "source") hcl::stringLiteral(member.expression, source);
            }
            configuration_.requiredProviders[provider.name] = source;
            setup_["required_provider " + provider.name] = provider.expression;
        }
    }

    void readModule(const hcl::Block& block) {
        const auto& name = block.labels[0];
        const auto* source = block.attribute("source");
        const auto known = std::ranges::find(configuration_.modules, name, &ModuleCall::name);
        if (known == configuration_.modules.end()) {
            configuration_.modules.push_back({name, literalOr(source, ""), {}, {}});
        } else if (source != nullptr) {
            known->source = literalOr(source, "");
        }
        auto& call = *std::ranges::find(configuration_.modules, name, &ModuleCall::name);
        if (source != nullptr) sources_[name] = source->expression;
        for (const auto& argument : block.attributes)
            call.arguments[argument.name] = hcl::traversals(argument.expression);
        for (const auto* key : {"source", "version"}) {
            if (const auto* given = block.attribute(key))
                setup_["module " + name + " " + key] = given->expression;
        }
    }

    // An override file may give a default later.
    void readVariable(const hcl::Block& block) {
        const auto& name = block.labels[0];
        hasConstants_ = hasConstants_ || block.attribute("const") != nullptr;
        if (const auto* usual = block.attribute("default")) {
            withDefault_.insert(name);
            expressions_["var." + name] = usual->expression;
        }
        if (withDefault_.contains(name))
            configuration_.requiredVariables.erase(name);
        else
            configuration_.requiredVariables.insert(name);
    }

    void readResource(const hcl::Block& block) {
        // init installs a provider also when only the type of a resource names it.
        const auto& type = block.labels[0];
        const auto* provider = block.attribute("provider");
        const auto named =
            provider == nullptr ? type.substr(0, type.find('_')) : unquoted(provider->expression);
        setup_["provider " + named.substr(0, named.find('.'))] = "";
        const auto* lifecycle = block.block("lifecycle");
        const auto* ignored =
            lifecycle == nullptr ? nullptr : lifecycle->attribute("ignore_changes");
        if (block.type != "resource" || ignored == nullptr) return;
        auto& paths = configuration_.ignoreChanges[type + "." + block.labels[1]];
        paths = hcl::tupleElements(ignored->expression);
        for (auto& path : paths) path = unquoted(path);
        if (unquoted(ignored->expression) == "all") paths = {"all"};
    }

    void readRemoteState(const hcl::Block& block) {
        RemoteState& remote = configuration_.remoteStates[block.labels[1]];
        remote.backend = literalOr(block.attribute("backend"), "");
        if (const auto* workspace = block.attribute("workspace"))
            remote.workspace = placeText(workspace->expression).value_or("");
        const auto* config = block.attribute("config");
        if (config == nullptr) return;
        for (const auto& member : hcl::objectMembers(config->expression))
            if (auto text = placeText(member.expression))
                remote.config[member.name] = *std::move(text);
    }

    void readReferences(const hcl::Block& block, const std::string& address) {
        for (const auto& attribute : block.attributes) {
            for (auto& traversal : hcl::traversals(attribute.expression)) {
                if (!mayLeadAway(traversal)) continue;
                auto& known = configuration_.references[address];
                if (std::ranges::find(known, traversal) == known.end())
                    known.push_back(std::move(traversal));
            }
        }
        for (const auto& inner : block.blocks) readReferences(inner, address);
    }

    static bool mayLeadAway(std::string_view traversal) {
        return std::ranges::any_of(
            std::array<std::string_view, 4>{"data.terraform_remote_state.", "local.", "var.",
                                            "module."},
            [&](std::string_view begin) { return traversal.starts_with(begin); });
    }

    // A literal, or a template of nothing but the names whose values are known without evaluating.
    static std::optional<std::string> placeText(const std::string& expression) {
        if (expression == "terraform.workspace") return "${terraform.workspace}";
        std::string text;
        if (hcl::stringLiteral(expression, text)) return text;
        const auto literals = hcl::strings(expression);
        if (literals.size() != 1 || !expression.starts_with('"')) return std::nullopt;
        for (const auto& traversal : hcl::traversals(expression))
            if (traversal != "path.module" && traversal != "path.root" &&
                traversal != "terraform.workspace")
                return std::nullopt;
        return literals.front();
    }

    static std::string unquoted(const std::string& expression) {
        std::string value;
        return hcl::stringLiteral(expression, value) ? value : expression;
    }

    // The literals of an expression, and what format("%s/../x", path.module) and join("/",
    // [path.module, "..", "x"]) make of theirs.
    static std::vector<std::string> pathsIn(const std::string& expression) {
        auto literals = hcl::strings(expression);
        const bool isOfRoot =
            expression.contains("path.root") && !expression.contains("path.module");
        const std::string start = isOfRoot ? std::string(rootModule) : "./";
        for (auto& literal : literals)
            if (literal.starts_with("%s/")) literal = start + literal.substr(3);
        const auto up = std::ranges::find(literals, "..");
        if (up != literals.end() && expression.contains("join(")) {
            std::string path = start;
            for (auto part = up; part != literals.end(); ++part) path += *part + "/";
            path.pop_back();
            literals.push_back(std::move(path));
        }
        return literals;
    }

    void readOutsidePaths(const hcl::Block& block, bool isModule) {
        for (const auto& attribute : block.attributes) {
            if (isModule && attribute.name == "source") continue;
            for (const auto& literal : pathsIn(attribute.expression)) {
                if (literal.starts_with(rootModule))
                    fromRootModule_.insert(literal.substr(rootModule.size()));
                else if (auto path = outsidePath(folder_, literal))
                    outside_.insert(std::move(*path));
            }
        }
        for (const auto& inner : block.blocks) readOutsidePaths(inner, false);
    }

    static std::string canonical(const hcl::Block& block) {
        std::vector<std::string> parts;
        for (const auto& attribute : block.attributes)
            parts.push_back(attribute.name + " = " + attribute.expression);
        for (const auto& inner : block.blocks) parts.push_back(canonical(inner));
        std::ranges::sort(parts);
        std::string text = block.type;
        for (const auto& label : block.labels) text += " " + label;
        text += " {\n";
        for (const auto& part : parts) text += part + "\n";
        return text + "}";
    }

    [[nodiscard]] std::string setupText() const {
        std::string text;
        for (const auto& [what, value] : setup_)
            text += what + (value.empty() ? "" : " = " + value) + "\n";
        return text;
    }

    Language language_;
    Configuration configuration_;
    std::string folder_;
    bool isOpenTofuFile_ = false;
    bool hasBlocks_ = false;
    bool hasPlanned_ = false;
    bool hasConstants_ = false;
    std::map<std::string, std::string> sources_;      // module -> the expression of its source
    std::map<std::string, std::string> expressions_;  // of local.NAME, and defaults of var.NAME
    std::set<std::string> outside_;
    std::set<std::string> fromRootModule_;
    std::set<std::string> withDefault_;
    Setup setup_;
};

}  // namespace

bool ModuleCall::isLocal() const noexcept {
    return source.starts_with("./") || source.starts_with("../");
}

// OpenTofu leaves a.tf out where there is an a.tofu; Terraform knows no a.tofu.
bool isReadBy(Language language, const std::string& path, const std::set<std::string_view>& all) {
    if (isOpenTofuFile(path)) return language == Language::OpenTofu;
    if (language == Language::Terraform) return true;
    const bool isJson = path.ends_with(".json");
    const auto stem = path.substr(0, path.rfind(isJson ? ".tf.json" : ".tf"));
    return !all.contains(stem + (isJson ? ".tofu.json" : ".tofu"));
}

std::vector<const SourceFile*> filesReadBy(Language language,
                                           const std::vector<SourceFile>& files) {
    std::set<std::string_view> names;
    for (const auto& file : files) names.insert(file.path);
    std::vector<const SourceFile*> read;
    for (const auto& file : files)
        if (isReadBy(language, file.path, names)) read.push_back(&file);
    return read;
}

Configuration readConfiguration(const std::vector<SourceFile>& files, Language language) {
    return ConfigurationReader(language).run(filesReadBy(language, files));
}

bool isSourceFile(std::string_view path) noexcept {
    return isConfigurationFile(path) || isVersionFile(path) || isValuesFile(path) ||
           isTestFile(path) || isStackFile(path) || isStateFile(path) || isLockFile(path);
}

bool isConfigurationFile(std::string_view path) noexcept {
    static constexpr std::array<std::string_view, 4> endings{".tf", ".tf.json", ".tofu",
                                                             ".tofu.json"};
    const auto name = fileName(path);
    if (name.starts_with('.') || name.starts_with('#')) return false;
    return std::ranges::any_of(endings,
                               [&](std::string_view ending) { return name.ends_with(ending); });
}

}  // namespace driftkeeper::terraform
