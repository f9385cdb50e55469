#include "parsers/terraform/backend.hpp"
#include "parsers/text/url_parts.hpp"
#include "parsers/text/url_secrets.hpp"

#include <array>
#include <filesystem>

namespace driftkeeper::terraform {
namespace {

struct BackendPlace {
    const BackendSettings& settings;
    std::string_view workspace;  // empty: the default one
    std::string_view directory;

    [[nodiscard]] std::string get(const std::string& name, std::string otherwise = {}) const {
        const auto found = settings.find(name);
        return found == settings.end() ? otherwise : found->second;
    }
};

std::string joined(const std::string& folder, const std::string& name) {
    return folder.empty() || folder.ends_with('/') ? folder + name : folder + "/" + name;
}

std::string withoutSlashes(std::string text) {
    while (text.starts_with('/')) text.erase(0, 1);
    return text;
}

std::string s3(const BackendPlace& place) {
    const auto bucket = place.get("bucket");
    const auto key = withoutSlashes(place.get("key"));
    if (bucket.empty() || key.empty()) return {};
    if (place.workspace.empty()) return "s3://" + bucket + "/" + key;
    const auto prefix = place.get("workspace_key_prefix", "env:");
    return "s3://" + bucket + "/" + joined(prefix, std::string(place.workspace)) + "/" + key;
}

std::string gcs(const BackendPlace& place) {
    const auto bucket = place.get("bucket");
    if (bucket.empty()) return {};
    const std::string name(place.workspace.empty() ? "default" : place.workspace);
    return "gcs://" + bucket + "/" + joined(withoutSlashes(place.get("prefix")), name + ".tfstate");
}

std::string azurerm(const BackendPlace& place) {
    const auto account = place.get("storage_account_name");
    const auto container = place.get("container_name");
    const auto key = place.get("key");
    if (account.empty() || container.empty() || key.empty()) return {};
    const std::string suffix = place.workspace.empty() ? "" : "env:" + std::string(place.workspace);
    return "azurerm://" + account + "/" + container + "/" + key + suffix;
}

std::string oss(const BackendPlace& place) {
    const auto bucket = place.get("bucket");
    if (bucket.empty()) return {};
    const auto folder = joined(place.get("prefix", "env:"), std::string(place.workspace));
    return "oss://" + bucket + "/" + joined(folder, place.get("key", "terraform.tfstate"));
}

std::string http(const BackendPlace& place) {
    const auto address = place.get("address");
    const auto given = urlParts(address);
    if (!given || !place.workspace.empty()) return {};
    const auto plain = withoutUrlSecrets(address, "");
    // An '@' behind the host may belong to a password: which address it is is not known.
    if (urlParts(plain)->authority != given->authority) return {};
    return "http:" + plain;
}

std::string local(const BackendPlace& place) {
    namespace fs = std::filesystem;
    fs::path path = place.workspace.empty() ? place.get("path", "terraform.tfstate")
                                            : place.get("workspace_dir", "terraform.tfstate.d");
    if (!place.workspace.empty()) path = path / place.workspace / "terraform.tfstate";
    path = (fs::path(place.directory) / path).lexically_normal();
    return path.is_absolute() ? "local:" + path.generic_string() : std::string();
}

struct Row {
    std::string_view type;
    std::string (*key)(const BackendPlace&);
};

constexpr std::array rows = {Row{"s3", s3},   Row{"gcs", gcs},   Row{"azurerm", azurerm},
                             Row{"oss", oss}, Row{"http", http}, Row{"local", local}};

}  // namespace

std::optional<std::string> backendKey(std::string_view type, const BackendSettings& settings,
                                      std::string_view workspace, std::string_view directory) {
    const BackendPlace place{settings, workspace == "default" ? std::string_view() : workspace,
                             directory};
    for (const Row& row : rows) {
        if (row.type != type) continue;
        auto key = row.key(place);
        // What is left of a template stands for something that is not known.
        if (key.empty() || key.contains("${")) return std::nullopt;
        return key;
    }
    return std::nullopt;
}

}  // namespace driftkeeper::terraform
