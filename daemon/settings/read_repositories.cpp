#include <fmt/format.h>

#include <set>

#include "daemon/model/stack_name.hpp"
#include "daemon/settings/sections.hpp"
#include "daemon/settings/text_patterns.hpp"
#include "daemon/settings/url.hpp"
#include "parsers/text/url_secrets.hpp"
#include "providers/catalog.hpp"

namespace driftkeeper {
namespace {

using Lines = std::map<std::string, std::size_t>;

void readCredentials(Reading& reading, const Place& place, GitCredentials& credentials) {
    Section section(reading, place);
    reading.text(section.take("username", "For https.", "git"), credentials.username, judgeText,
                 Show::No);
    section.secret("password",
                   {"Password or token, for https.", "change-me", "${CREDENTIALS_DIRECTORY}/git"},
                   credentials.password, judgeText);
    reading.file(
        section.take("ssh_key_file",
                     "Private key without a passphrase. A certificate FILE-cert.pub beside it is "
                     "used, too.",
                     "${CREDENTIALS_DIRECTORY}/git-key"),
        credentials.sshKeyFile);
    reading.file(section.take("known_hosts_file",
                              "Host keys, in the format of ssh's "
                              "known_hosts.",
                              "/etc/driftkeeper/known_hosts"),
                 credentials.knownHostsFile, Holds::Public);
    reading.file(
        section.take("ssh_config_file",
                     "An ssh_config file, for jump hosts, agents and certificates. No other "
                     "one is read.",
                     "/etc/driftkeeper/ssh_config"),
        credentials.sshConfigFile);
    for (const std::string password : {"password", "password_file"})
        section.oneOf({password, "ssh_key_file"},
                      "a password and an SSH key are both given; a repository has one of them");
    section.close();
}

void readDiscovery(Reading& reading, const Place& place, DiscoverySettings& discovery) {
    const auto [onOff, folders] = reading.forms<2>(
        place, [](const YamlNode& node) { return node.kind == YamlNode::Kind::Scalar ? 0U : 1U; });
    if (onOff) reading.boolean(onOff, discovery.enabled);
    Section section(reading, folders);
    reading.texts(section.take("include", "Folders to search for stacks, as globs."),
                  discovery.include, judgeGlob, Show::Yes);
    reading.texts(section.take("exclude", "Folders to leave out, as globs.", "[modules/**]"),
                  discovery.exclude, judgeGlob, Show::Yes);
    section.close();
}

void readName(Reading& reading, const Place& place, std::optional<std::string>& name) {
    std::string read;
    reading.text(place, read, judgeStackName, Show::Yes);
    if (!read.empty()) name = read;
}

// The keys of a provider that may stand below its name in a stack.
std::vector<OptionSpec> ownKeys(std::string_view provider) {
    std::vector<OptionSpec> keys;
    for (const OptionSpec& spec : providerKind(provider)->options)
        if (spec.place == OptionSpec::Place::Own) keys.push_back(spec);
    return keys;
}

std::string ownKeysHelp(std::string_view provider) {
    if (ownKeys(provider).empty())
        return fmt::format("The provider {} has no keys of its own here.", provider);
    return fmt::format("Keys as in providers.{}, for this stack.", provider);
}

std::string ownKeysExample(std::string_view provider) {
    const auto keys = ownKeys(provider);
    return keys.empty() ? std::string()
                        : fmt::format("{{ {}: {} }}", keys.front().key, keys.front().example);
}

// The provider by its name, or by what is said of it: `kubernetes: { context: prod }`.
void readProvider(Section& section, StackSettings& stack) {
    auto& reading = section.reading();
    stack.provider =
        reading.word(section.take("provider",
                                  "Kind of the stack. Default: detected from the files, or "
                                  "from the keys below.",
                                  "terraform"),
                     providerWords());
    section.noteOneOf({providerWords().begin(), providerWords().end()}, false);
    for (const auto name : providerWords()) {
        std::vector<std::string> others;
        for (const auto other : providerWords())
            if (other != name) others.emplace_back(other);
        section.noteRule({"provider", std::string(name), std::move(others)});
        const auto given = section.take(name, ownKeysHelp(name), ownKeysExample(name));
        if (!given) continue;
        if (stack.provider && *stack.provider != name && !reading.isDescribing()) {
            reading.mistake(
                given, "other_provider",
                "this stack has provider " + *stack.provider + "; leave one of the two out",
                Show::No);
            continue;
        }
        stack.provider = std::string(name);
        Section options(reading, given);
        for (const OptionSpec& spec : ownKeys(name))
            readOption(options, spec, stack.path, stack.options);
        options.close();
    }
}

// Keys of providers that stand beside those of every stack. Which of them count is known with the
// provider.
void readKeysBeside(Section& section, StackSettings& stack) {
    std::set<std::string_view> read;
    for (const auto name : providerWords())
        for (const OptionSpec& spec : providerKind(name)->options)
            if (spec.place == OptionSpec::Place::Stack && read.insert(spec.key).second)
                readOption(section, spec, stack.path, stack.options);
}

StackSettings readStack(Section& section) {
    auto& reading = section.reading();
    StackSettings stack;
    reading.text(section.require("path", "Folder of the stack in the repository.", "prod/network"),
                 stack.path, judgeInnerPath, Show::Yes);
    if (!stack.path.empty()) stack.path = tidyPath(stack.path);
    readName(reading,
             section.take("name",
                          "Name of the stack. Default: the path, with @workspace "
                          "unless that is `default`.",
                          "network"),
             stack.name);
    readProvider(section, stack);
    readKeysBeside(section, stack);
    reading.environment(section.take("environment",
                                     "Environment variables for this stack's tools; they "
                                     "override the provider's.",
                                     "{ AWS_PROFILE: prod }"),
                        stack.environment);
    reading.file(section.take("environment_file",
                              "File with lines NAME=VALUE, read at each "
                              "check.",
                              "/etc/driftkeeper/prod.env"),
                 stack.environmentFile);
    readNetwork(reading, section.take("network", "What this stack's tools connect to."),
                stack.network);
    reading.duration(
        section.take("every", "Overrides the value of `checks` for this stack.", "10m"),
        stack.every, Seconds(1));
    reading.duration(
        section.take("timeout", "Overrides the value of `checks` for this stack.", "10m"),
        stack.timeout, Seconds(1));
    reading.text(
        section.take(
            "owner",
            "Owner of the stack, for routes, mutes and messages. CODEOWNERS of the tracked "
            "ref may add others.",
            R"("@org/network")"),
        stack.owner, judgeText, Show::Yes);
    reading.boolean(section.take("enabled", "`false`: do not check the stack."), stack.enabled);
    reading.text(
        section.take("renamed_from", "Former name of the stack: keeps its history.", "prod/net"),
        stack.renamedFrom, judgeStackName, Show::Yes);
    section.close();
    return stack;
}

std::string nameOf(const StackSettings& stack) {
    return stack.name.value_or(usualStackName(stack.path, stack.options));
}

void readStacks(Reading& reading, const Place& place, std::vector<StackSettings>& stacks) {
    Lines names;
    for (const auto& item : reading.items(place)) {
        Section section(reading, item);
        if (!section.place()) continue;
        auto stack = readStack(section);
        const auto* named = item.node->find(stack.name ? "name" : "path");
        if (named != nullptr && !stack.path.empty()) {
            refuseRepeated(reading, {named, item.path}, nameOf(stack), names, "this stack");
        }
        stacks.push_back(std::move(stack));
    }
}

RepositorySettings readRepository(Section& section) {
    auto& reading = section.reading();
    RepositorySettings repository;
    reading.text(section.require("name",
                                 "Name of the repository: the first part of its stacks' full "
                                 "names. Do not change it later.",
                                 "infra"),
                 repository.name, judgeName, Show::Yes);
    const auto url = section.require(
        "url", "https, ssh or file URL, user@host:path, or a local path; no password in it.",
        "https://git.example.com/infra.git");
    reading.text(url, repository.url, judgeRepositoryUrl, Show::No);
    if (!repository.url.empty()) reading.note(url, withoutUrlSecrets(repository.url, "<hidden>"));
    reading.text(section.take("ref",
                              "Branch, tag or commit to check. Default: the remote's "
                              "HEAD.",
                              "main"),
                 repository.ref, judgeRef, Show::Yes);
    reading.duration(section.take("poll", "How often to look for new commits."), repository.poll,
                     Seconds(1));
    readCredentials(reading,
                    section.take("credentials",
                                 "For https: username with password or password_file. For ssh: "
                                 "ssh_key_file and known_hosts_file."),
                    repository.credentials);
    reading.file(section.take("tls_ca_file", "CA certificates to trust, beside the system's.",
                              "/etc/ssl/corp.pem"),
                 repository.tlsCaFile, Holds::Public);
    readDiscovery(reading,
                  section.take("discover",
                               "Where to discover stacks. `discover: false` turns discovery off."),
                  repository.discover);
    reading.boolean(
        section.take(
            "allow_ignores",
            "Apply the repository's own rules (.driftkeeper.yaml, .driftignore). They never "
            "suppress critical drifts."),
        repository.allowIgnores);
    reading.boolean(
        section.take("submodules",
                     "Whether Git submodules are fetched: with the same credentials on the same "
                     "host, with none elsewhere."),
        repository.submodules);
    reading.text(
        section.take("checkout_path", "Where tools see the repository. Default: /src/NAME.",
                     "/builds/org/infra"),
        repository.checkoutPath, judgeCheckoutPath, Show::Yes);
    readNetwork(reading, section.take("network", "What this repository's tools connect to."),
                repository.network);
    readStacks(reading, section.take("stacks", "Stacks to add, and overrides for discovered ones."),
               repository.stacks);
    section.close();
    return repository;
}

}  // namespace

void readRepositories(Reading& reading, const Place& place,
                      std::vector<RepositorySettings>& repositories) {
    Lines names;
    for (const auto& item : reading.items(place)) {
        Section section(reading, item);
        if (!section.place()) continue;
        auto repository = readRepository(section);
        const auto* named = item.node->find("name");
        if (!repository.name.empty()) {
            refuseRepeated(reading, {named, item.path + ".name"}, repository.name, names,
                           "this repository");
        }
        repositories.push_back(std::move(repository));
    }
}

}  // namespace driftkeeper
