#include "providers/terraform/local_state.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include "parsers/hcl/hcl.hpp"
#include "parsers/json/json.hpp"
#include "parsers/text/ascii.hpp"
#include "providers/look/files.hpp"
#include "providers/process/descriptor.hpp"

namespace driftkeeper::terraform {
namespace {

namespace fs = std::filesystem;

// The value that follows a key in a flat JSON object of strings.
std::string member(const std::vector<std::string>& words, std::string_view key) {
    for (std::size_t i = 0; i + 1 < words.size(); ++i)
        if (words[i] == key) return words[i + 1];
    return "";
}

std::string printable(std::string text) {
    std::erase_if(text, [](char letter) { return letter < 0x20 || letter > 0x7e; });
    return text.substr(0, 100);
}

// What init found for the backend of this configuration, by what it left in its data directory;
// null: nothing, or it was another one. A tool wrote it: no link of it leads elsewhere.
// {"version":3,"backend":{"type":"s3","config":{"bucket":"b","key":null},"hash":1}}
Json settingsOfInit(const Configuration& configuration, const fs::path& dataDirectory) {
    constexpr std::size_t largest = std::size_t{1} << 20;
    if (configuration.cloud) return {};
    const auto text = fileBelow(dataDirectory, "terraform.tfstate", largest);
    const auto read = readJson(text.value_or("null"));
    if (!read) return {};
    const Json& backend = (*read)["backend"];
    if (backend["type"].string() != configuration.backend.value_or("local")) return {};
    return backend["config"];
}

}  // namespace

BackendSettings backendSettingsOf(const Configuration& configuration, const fs::path& directory,
                                  const std::vector<std::string>& backendConfig,
                                  const Sight& sight) {
    BackendSettings settings = configuration.backendAttributes;
    for (const std::string& one : backendConfig) {
        if (const std::size_t at = one.find('='); at != std::string::npos) {
            settings[one.substr(0, at)] = one.substr(at + 1);
        } else if (const auto text = fileText(sight.onHost(directory / one))) {
            const hcl::File file = hcl::read(*text);
            for (const hcl::Attribute& attribute : file.body.attributes)
                (void)hcl::stringLiteral(attribute.expression, settings[attribute.name]);
        }
    }
    return settings;
}

std::vector<std::string> backendConfigOfInit(const Configuration& configuration,
                                             const fs::path& dataDirectory) {
    std::vector<std::string> result;
    const Json settings = settingsOfInit(configuration, dataDirectory);
    for (std::size_t i = 0; i < settings.keys.size(); ++i)
        if (const Json& value = settings.items[i];
            value.isScalar() && !value.text.empty() &&
            !configuration.backendAttributes.contains(settings.keys[i]))
            result.push_back(settings.keys[i] + '=' + value.text);
    return result;
}

void takeInitialisedBackend(Configuration& configuration, const fs::path& dataDirectory) {
    const Json settings = settingsOfInit(configuration, dataDirectory);
    if (!settings.isObject()) return;
    for (const std::string& name : configuration.openBackendAttributes)
        if (!settings[name].isNull())
            configuration.backendAttributes[name] = settings[name].string();
    configuration.openBackendAttributes.clear();
}

std::optional<std::string> stateKeyOf(const Configuration& configuration, const fs::path& directory,
                                      std::string_view workspace,
                                      const std::vector<std::string>& backendConfig,
                                      const Sight& sight) {
    const auto settings = backendSettingsOf(configuration, directory, backendConfig, sight);
    for (const std::string& name : configuration.openBackendAttributes)
        if (!settings.contains(name)) return std::nullopt;
    const auto type = configuration.cloud ? "remote" : configuration.backend.value_or("local");
    return backendKey(type, settings, workspace, directory.string());
}

std::optional<LocalState> localStateOf(const Configuration& configuration,
                                       const fs::path& directory, std::string_view workspace,
                                       const std::vector<std::string>& backendConfig,
                                       const Sight& sight) {
    if (configuration.cloud || (configuration.backend && *configuration.backend != "local"))
        return std::nullopt;
    const bool isDefault = workspace.empty() || workspace == "default";
    const std::string setting = isDefault ? "path" : "workspace_dir";
    fs::path path = backendSettingsOf(configuration, directory, backendConfig, sight)[setting];
    if (path.empty() && configuration.openBackendAttributes.contains(setting)) return std::nullopt;
    if (path.empty()) path = isDefault ? "terraform.tfstate" : "terraform.tfstate.d";
    if (!isDefault) path = path / workspace / "terraform.tfstate";
    const fs::path seen = (directory / path).lexically_normal();
    return LocalState{sight.onHost(seen), path.is_relative(), sight.holds(seen)};
}

std::optional<std::string> lockHolder(const fs::path& state) {
    const Descriptor file(::open(state.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file.isOpen()) return std::nullopt;
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    if (::fcntl(file.get(), F_OFD_GETLK, &lock) != 0 || lock.l_type == F_UNLCK) return std::nullopt;
    const auto text =
        fileText(state.parent_path() / ("." + state.filename().string() + ".lock.info"), 65536);
    if (!text) return std::nullopt;
    const std::vector<std::string> words = hcl::strings(*text);
    std::string operation = printable(member(words, "Operation"));
    if (operation.starts_with("OperationType")) operation.erase(0, 13);
    operation = lowered(operation);
    return fmt::format("{} by {}", operation.empty() ? "a run" : operation,
                       printable(member(words, "Who")));
}

}  // namespace driftkeeper::terraform
