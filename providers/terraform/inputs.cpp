#include "providers/terraform/inputs.hpp"

#include "parsers/json/json.hpp"
#include "parsers/text/url_secrets.hpp"
#include "providers/look/files.hpp"

namespace driftkeeper::terraform {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view ofEnvironment = "environment variable ";
constexpr std::string_view ofFile = "file ";
constexpr std::string_view ofModule = "module ";
constexpr std::string_view variablePrefix = "TF_VAR_";
constexpr std::size_t largestValueFile = std::size_t{16} << 20;

std::string firstLine(const fs::path& path) {
    const auto text = fileText(path).value_or("");
    return text.substr(0, text.find_first_of("\r\n"));
}

// The commit in packed-refs: HASH NAME.
std::string packed(const fs::path& repository, std::string_view name) {
    const auto text = fileText(repository / "packed-refs").value_or("");
    const auto at = text.find(' ' + std::string(name) + '\n');
    if (at == std::string::npos) return {};
    const auto begin = text.rfind('\n', at);
    return text.substr(begin == std::string::npos ? 0 : begin + 1,
                       at - (begin == std::string::npos ? 0 : begin + 1));
}

// What a clone has checked out.
std::string headOf(const fs::path& clone) {
    constexpr std::string_view link = "ref: ";
    const auto repository = clone / ".git";
    const auto head = firstLine(repository / "HEAD");
    if (!head.starts_with(link)) return head;
    const auto name = head.substr(link.size());
    if (name.contains("..") || name.starts_with('/')) return {};
    const auto loose = firstLine(repository / name);
    return loose.empty() ? packed(repository, name) : loose;
}

// a.b -> module.a.module.b
std::string addressOf(std::string_view key) {
    std::string address = "module.";
    for (const char letter : key)
        address += letter == '.' ? std::string(".module.") : std::string(1, letter);
    return address;
}

MovedInput movedInput(const std::string& name) {
    MovedInput input;
    input.what = name;
    const auto rest = [&](std::string_view prefix) {
        return std::string_view(name).substr(prefix.size());
    };
    if (name.starts_with(ofEnvironment) && rest(ofEnvironment).starts_with(variablePrefix)) {
        input.variable = rest(ofEnvironment).substr(variablePrefix.size());
    } else if (name.starts_with(ofFile)) {
        input.variable = MovedInput::anyVariable;
    } else if (name.starts_with(ofModule)) {
        const auto key = rest(ofModule);
        input.module = addressOf(key.substr(0, key.find(' ')));
    }
    return input;
}

}  // namespace

std::vector<InstalledModule> installedModules(const fs::path& dataDirectory) {
    std::vector<InstalledModule> modules;
    const auto text = fileText(dataDirectory / "modules" / "modules.json");
    const auto manifest = readJson(text.value_or("null"));
    if (!manifest) return modules;
    for (const auto& one : (*manifest)["Modules"].elements()) {
        InstalledModule module;
        module.key = one["Key"].string();
        module.source = one["Source"].string();
        module.version = one["Version"].string();
        const bool isLocal = module.source.starts_with("./") || module.source.starts_with("../");
        if (module.key.empty() || isLocal) continue;
        module.commit = headOf(dataDirectory / "modules" / module.key);
        modules.push_back(std::move(module));
    }
    return modules;
}

Inputs inputsOf(const Workspace& workspace, const Session& session,
                const std::vector<InstalledModule>& modules, const ValueTags& tags) {
    Inputs inputs;
    for (const auto& [name, value] : workspace.environment)
        inputs[std::string(ofEnvironment) + name] = tags.tag(value);
    for (const std::string& file : session.variableFiles)
        if (file.starts_with('/'))
            inputs[std::string(ofFile) + file] =
                tags.tag(fileText(file, largestValueFile).value_or(""));
    for (const auto& module : modules)
        if (const auto& is = module.commit.empty() ? module.version : module.commit; !is.empty())
            inputs[std::string(ofModule) + module.key + " (" + withoutUrlSecrets(module.source) +
                   ')'] = tags.tag(is);
    return inputs;
}

std::vector<MovedInput> movedInputs(const Inputs& then, const Inputs& now) {
    std::vector<std::string> names;
    for (const auto& [name, tag] : now) {
        const auto before = then.find(name);
        const bool isNew = before == then.end();
        if (isNew ? !name.starts_with(ofModule) : before->second != tag) names.push_back(name);
    }
    for (const auto& [name, tag] : then)
        if (!now.contains(name) && !name.starts_with(ofModule)) names.push_back(name);
    std::vector<MovedInput> moved;
    for (const auto& name : names) moved.push_back(movedInput(name));
    return moved;
}

}  // namespace driftkeeper::terraform
