#include "parsers/terraform/backend.hpp"
#include "parsers/source/option_spec.hpp"
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
    [[nodiscard]] std::string named() const {
        return std::string(workspace.empty() ? "default" : workspace);
    }
};

std::string joined(const std::string& folder, const std::string& name) {
    return folder.empty() || folder.ends_with('/') ? folder + name : folder + "/" + name;
}

std::string withoutSlashes(std::string text) {
    while (text.starts_with('/')) text.erase(0, 1);
    return text;
}

// Where no credential can hide.
bool isPlain(std::string_view authority) {
    return !authority.contains('@');
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
    return "gcs://" + bucket + "/" +
           joined(withoutSlashes(place.get("prefix")), place.named() + ".tfstate");
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

// Of a URL or of words (host=h dbname=d) what is no credential and no option.
std::string databaseOf(const std::string& connection) {
    if (const auto url = urlParts(connection)) {
        if (!isPlain(url->authority)) return {};
        return std::string(url->authority) + std::string(url->path.substr(0, url->path.find('?')));
    }
    std::map<std::string, std::string> words;
    for (const auto& word : splitAtBlanks(connection))
        if (const auto at = word.find('='); at != std::string::npos)
            words[word.substr(0, at)] = word.substr(at + 1);
    if (words["dbname"].empty()) return {};
    return words["host"] + (words["port"].empty() ? "" : ":" + words["port"]) + "/" +
           words["dbname"];
}

std::string pg(const BackendPlace& place) {
    const auto database = databaseOf(place.get("conn_str"));
    if (database.empty()) return {};
    return "pg://" + database + "/" + place.get("schema_name", "terraform_remote_state") + "/" +
           place.named();
}

std::string consul(const BackendPlace& place) {
    const auto path = place.get("path");
    if (path.empty() || !isPlain(place.get("address"))) return {};
    const std::string suffix =
        place.workspace.empty() ? "" : "-env:" + std::string(place.workspace);
    return "consul://" + place.get("address") + "/" + path + suffix;
}

std::string cos(const BackendPlace& place) {
    const auto bucket = place.get("bucket");
    if (bucket.empty()) return {};
    const auto folder = joined(place.get("prefix"), std::string(place.workspace));
    return "cos://" + bucket + "/" + joined(folder, place.get("key", "terraform.tfstate"));
}

std::string kubernetes(const BackendPlace& place) {
    const auto suffix = place.get("secret_suffix");
    if (suffix.empty() || !isPlain(place.get("host"))) return {};
    return "kubernetes://" + place.get("host") + place.get("config_context") + "/" +
           place.get("namespace", "default") + "/tfstate-" + place.named() + "-" + suffix;
}

// HCP Terraform and what speaks like it: of `cloud` and of `remote`.
std::string remote(const BackendPlace& place) {
    const auto organization = place.get("organization");
    const auto prefix = place.get("workspaces.prefix");
    auto name = place.get("workspaces.name");
    if (name.empty() && !place.workspace.empty()) name = prefix + std::string(place.workspace);
    if (organization.empty() || name.empty()) return {};
    return "remote://" + place.get("hostname", "app.terraform.io") + "/" + organization + "/" +
           name;
}

struct Row {
    std::string_view type;
    std::string (*key)(const BackendPlace&);
};

constexpr std::array rows = {Row{"s3", s3},           Row{"gcs", gcs},
                             Row{"azurerm", azurerm}, Row{"oss", oss},
                             Row{"cos", cos},         Row{"http", http},
                             Row{"local", local},     Row{"pg", pg},
                             Row{"consul", consul},   Row{"kubernetes", kubernetes},
                             Row{"remote", remote}};

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
