#include "daemon/commands/first_settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <set>

#include "daemon/wording/left_out.hpp"
#include "parsers/terraform/configuration.hpp"
#include "parsers/text/printable.hpp"
#include "providers/catalog.hpp"

namespace driftkeeper {
namespace {

constexpr std::size_t mostListed = 200;

// What the variables of tools and their providers begin with.
constexpr std::array<std::string_view, 40> ofTools = {
    "TF_VAR_",     "TF_TOKEN_",     "TF_ENCRYPTION", "TF_PLUGIN_CACHE_DIR",
    "TF_HTTP_",    "TG_",           "AWS_",          "ARM_",
    "AZURE_",      "GOOGLE_",       "GCLOUD_",       "CLOUDSDK_",
    "VAULT_",      "CONSUL_",       "NOMAD_",        "KUBE",
    "PG",          "MYSQL_",        "GITHUB_",       "GITLAB_",
    "CLOUDFLARE_", "DATADOG_",      "DD_",           "OKTA_",
    "AUTH0_",      "KEYCLOAK_",     "SNOWFLAKE_",    "MONGODB_ATLAS_",
    "CONFLUENT_",  "KAFKA_",        "GRAFANA_",      "OS_",
    "HCLOUD_",     "DIGITALOCEAN_", "LINODE_",       "OCI_",
    "ALICLOUD_",   "YC_",           "SOPS_",         "GIT_SSH_COMMAND"};

std::string folderOf(const std::string& path) {
    const auto slash = path.rfind('/');
    return slash == std::string::npos ? "." : path.substr(0, slash);
}

// A YAML scalar that is nothing but text.
std::string quotedText(const std::string& text) {
    std::string out = "'";
    for (const char c : text) out += c == '\'' ? std::string("''") : std::string(1, c);
    return out + "'";
}

std::map<std::string, std::size_t> countByProvider(const std::vector<FoundStack>& stacks) {
    std::map<std::string, std::size_t> counts;
    for (const auto& stack : stacks) ++counts[stack.provider];
    return counts;
}

// Whoever tried a check from this shell had these.
std::string variablesText(const std::vector<std::string>& variables) {
    if (variables.empty()) return {};
    std::string names;
    for (std::size_t i = 0; i < std::min(variables.size(), mostListed); ++i)
        names += (i == 0 ? "" : ", ") + printable(variables[i]);
    if (variables.size() > mostListed) names += ", …";
    return "    # This shell sets " + names + ": the daemon's tools get them from here alone.\n";
}

// What is watched without being named needs no line of its own; everything else does.
std::string providersText(const FirstSettings& first) {
    std::string text;
    for (const auto& [provider, count] : countByProvider(first.stacks)) {
        const std::string counted = fmt::format("{} stack{} found", count, count == 1 ? "" : "s");
        const bool isWithheld = first.withheld.contains(provider);
        text +=
            fmt::format("  {}{}:  # {}{}\n", isWithheld ? "#" : "", provider, counted,
                        isWithheld ? "; take the \"#\" away when its credentials are there" : "");
        text +=
            "    # Tools get nothing of the daemon's environment but PATH, locale, proxy and CA "
            "variables.\n";
        text += variablesText(first.variables);
        text += "    #environment: { AWS_REGION: eu-central-1, AWS_PROFILE: drift }\n";
        const auto files = first.ofShell.find(provider);
        if (files != first.ofShell.end())
            for (const FoundFile& file : files->second)
                text += fmt::format(
                    "    {}{}: {}  # {}; the daemon's user has to be able to read it\n",
                    isWithheld ? "#" : "", file.key, quotedText(file.path), printable(file.source));
        const ProviderKind* kind = providerKind(provider);
        if (files == first.ofShell.end() && kind != nullptr && !kind->firstSetting.empty())
            text += fmt::format("    #{}\n", kind->firstSetting);
    }
    return text.empty() ? "" : "providers:\n" + text + "\n";
}

std::string credentialsText(const std::string& url) {
    if (url.starts_with("https://"))
        return "    #credentials: { username: git, password_file: /etc/driftkeeper/git-password "
               "}\n";
    if (url.starts_with('/') || url.starts_with("file://")) return {};
    return "    #credentials:\n"
           "      #ssh_key_file: /etc/driftkeeper/id_ed25519\n"
           "      #known_hosts_file: /etc/driftkeeper/known_hosts  # ssh-keyscan HOST, and compare "
           "the fingerprint\n";
}

std::string stacksText(const FirstSettings& first) {
    std::string text = fmt::format("    # Found ({}):\n", first.stacks.size());
    for (std::size_t i = 0; i < std::min(first.stacks.size(), mostListed); ++i) {
        const auto& stack = first.stacks[i];
        text +=
            fmt::format("    #   {}  {}{}\n", printable(stack.path), stack.provider,
                        (stack.backend.empty() ? "" : ", state in " + printable(stack.backend)) +
                            (stack.madeBy.empty() ? "" : ", by " + printable(stack.madeBy)));
    }
    if (first.stacks.size() > mostListed)
        text += fmt::format("    #   … and {} more\n", first.stacks.size() - mostListed);
    return text;
}

// One comment a path: the entry of `stacks` that has it looked at all the same is easily made of
// it.
std::string leftOutComments(const FirstSettings& first) {
    if (first.leftOut.empty()) return {};
    std::string text =
        fmt::format("    # Left out ({}), unless `stacks` names it:\n", first.leftOut.size());
    for (std::size_t i = 0; i < std::min(first.leftOut.size(), mostListed); ++i)
        text += fmt::format("    #   {}: {}\n", printable(first.leftOut[i].path),
                            leftOutWords(first.leftOut[i].reason));
    if (first.leftOut.size() > mostListed)
        text += fmt::format("    #   … and {} more\n", first.leftOut.size() - mostListed);
    return text;
}

}  // namespace

std::vector<LeftOut> takeLeftOut(std::vector<DiscoveredStack>& stacks) {
    std::vector<LeftOut> leftOut;
    for (const auto& stack : stacks)
        if (!stack.leftOut.empty())
            leftOut.push_back({stack.name.empty() ? stack.path : stack.name, stack.leftOut});
    std::erase_if(stacks, [](const DiscoveredStack& stack) { return !stack.leftOut.empty(); });
    return leftOut;
}

std::vector<FoundStack> withBackends(const std::vector<DiscoveredStack>& stacks,
                                     const std::vector<SourceFile>& files) {
    std::map<std::string, std::vector<SourceFile>> folders;
    std::set<std::string> paths;
    for (const auto& file : files) {
        folders[folderOf(file.path)].push_back(file);
        paths.insert(file.path);
    }
    std::vector<FoundStack> found;
    for (const auto& stack : stacks) {
        FoundStack one{stack.path, stack.provider, {}};
        const bool isThere = folders.contains(stack.path);
        for (const auto& path : stack.closure)
            if (!isThere && one.madeBy.empty() && paths.contains(path)) one.madeBy = path;
        const ProviderKind* kind = providerKind(stack.provider);
        if (kind != nullptr && kind->backendOf != nullptr)
            one.backend = kind->backendOf(folders[stack.path]);
        found.push_back(std::move(one));
    }
    return found;
}

std::map<std::string, std::vector<FoundFile>> filesOfShell(const std::vector<FoundStack>& stacks,
                                                           const Variables& variables,
                                                           const std::filesystem::path& home) {
    std::map<std::string, std::vector<FoundFile>> found;
    for (const auto& [provider, count] : countByProvider(stacks)) {
        const ProviderKind* kind = providerKind(provider);
        if (kind == nullptr) continue;
        for (const ShellFile& file : kind->shellFiles) {
            const std::string variable(file.variable);
            const auto named = variables(variable);
            const bool isNamed = named && !named->empty();
            std::error_code error;
            // To a shell a relative path is one of its folder.
            const auto path =
                isNamed ? std::filesystem::absolute(*named, error) : home / file.homeFile;
            // A list of files has no key.
            if (!path.is_absolute() || !std::filesystem::is_regular_file(path, error)) continue;
            found[provider].push_back(
                {std::string(file.key), path.string(),
                 isNamed ? variable + " of the shell" : "~/" + std::string(file.homeFile)});
        }
    }
    return found;
}

std::vector<std::string> variablesOfTools(const std::vector<std::string>& names) {
    std::vector<std::string> found;
    std::ranges::copy_if(names, std::back_inserter(found), [](const std::string& name) {
        return std::ranges::any_of(ofTools,
                                   [&](std::string_view begin) { return name.starts_with(begin); });
    });
    std::ranges::sort(found);
    return found;
}

std::string repositoryName(const std::string& url) {
    std::string text = url;
    while (text.ends_with('/')) text.pop_back();
    if (text.ends_with(".git")) text.resize(text.size() - 4);
    while (text.ends_with('/')) text.pop_back();
    text = text.substr(text.find_last_of("/:") + 1);
    for (char& c : text)
        if (std::string_view("._-").find(c) == std::string_view::npos && (c < '0' || c > '9') &&
            (c < 'a' || c > 'z') && (c < 'A' || c > 'Z'))
            c = '-';
    while (text.starts_with('-') || text.starts_with('.')) text.erase(0, 1);
    return text.empty() ? "infra" : text;
}

std::string settingsText(const FirstSettings& first) {
    std::string text =
        "# Settings of driftkeeper. `driftkeeper config check` lists every mistake with its line; "
        "driftkeeper(1) and "
        "the\n"
        "# example that comes with the program have every key. What begins with \"#\" is an "
        "example or a default.\n\n";
    text += "# The database, clones of repositories and the API token.\n";
    text += first.isPackaged ? "state_directory: /var/lib/driftkeeper\n"
                             : "#state_directory: /var/lib/driftkeeper\n";
    text += "#listen: 127.0.0.1:9743\n\nchecks:\n  every: 30m\n\n";
    text += providersText(first);
    text += fmt::format("repositories:\n  - name: {}\n    url: {}\n", quotedText(first.name),
                        quotedText(first.url));
    text += first.ref.empty() ? "    #ref: main  # default: the remote's HEAD\n"
                              : fmt::format("    ref: {}\n", quotedText(first.ref));
    text += credentialsText(first.url);
    text +=
        "    # Every folder that looks like a stack is one. Leave some out, or configure one:\n"
        "    #discover: { exclude: [\"modules/**\"] }\n"
        "    #stacks:\n"
        "      #- { path: prod/network, variable_files: [prod.tfvars], every: 10m, owner: "
        "\"@org/network\" }\n";
    text += stacksText(first) + leftOutComments(first);
    text +=
        "\n# Who is notified. Without a channel, findings are on the page and in `driftkeeper "
        "findings` only.\n"
        "channels:\n"
        "  #- { name: chat, slack: { webhook_url_file: /etc/driftkeeper/slack } }\n"
        "  #- { name: hook, webhook: { url: \"http://127.0.0.1:8080/\" } }\n";
    return text;
}

}  // namespace driftkeeper
