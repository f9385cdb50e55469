#include "daemon/settings/sections.hpp"
#include "daemon/settings/text_patterns.hpp"
#include "daemon/settings/url.hpp"

namespace driftkeeper {
namespace {

using Lines = std::map<std::string, std::size_t>;

void readCredentials(Reading& reading, const Place& place, GitCredentials& credentials) {
    Section section(reading, place);
    reading.text(section.take("username"), credentials.username, judgeText, Show::No);
    section.secret("password", credentials.password, judgeText);
    reading.file(section.take("ssh_key_file"), credentials.sshKeyFile);
    reading.file(section.take("known_hosts_file"), credentials.knownHostsFile);
    reading.file(section.take("ssh_config_file"), credentials.sshConfigFile);
    for (const std::string password : {"password", "password_file"})
        section.oneOf({password, "ssh_key_file"},
                      "a password and an SSH key are both given; a repository has one of them");
    section.close();
}

void readDiscovery(Reading& reading, const Place& place, DiscoverySettings& discovery) {
    const auto [onOff, folders] =
        reading.forms<2>(place, [](const YamlNode& node) { return node.kind == YamlNode::Kind::Scalar ? 0U : 1U; });
    if (onOff) reading.boolean(onOff, discovery.enabled);
    Section section(reading, folders);
    reading.texts(section.take("include"), discovery.include, judgeGlob, Show::Yes);
    reading.texts(section.take("exclude"), discovery.exclude, judgeGlob, Show::Yes);
    section.close();
}

// KEY=VALUE, or the name of a file. The value may be a secret.
void readBackendConfig(Reading& reading, const Place& place, StackSettings& stack) {
    reading.texts(place, stack.backendConfig, judgeText, Show::Key);
    for (const auto& item : reading.items(place)) {
        if (item.noted != nullptr) item.noted->pattern = backendPattern;
        const auto& entry = item.node->scalar;
        if (entry.empty() || judgeText(entry)) continue;
        const auto sign = entry.find('=');
        if (sign == std::string::npos) {
            judgeInStack(reading, item, stack.path, entry);
        } else if (sign == 0 || entry.find_first_of(" \t/") < sign) {
            reading.mistake(item, "bad_backend_config", "write it as KEY=VALUE or as the name of a file", Show::No);
        }
    }
}

void readName(Reading& reading, const Place& place, std::optional<std::string>& name) {
    std::string read;
    reading.text(place, read, judgeStackName, Show::Yes);
    if (!read.empty()) name = read;
}

// The provider by its name, or by what is said of it: `kubernetes: { context: prod }`.
void readProvider(Section& section, StackSettings& stack) {
    auto& reading = section.reading();
    stack.provider = reading.word(section.take("provider"), providerWords());
    section.noteOneOf({providerWords().begin(), providerWords().end()}, false);
    for (const auto name : providerWords()) {
        std::vector<std::string> others;
        for (const auto other : providerWords())
            if (other != name) others.emplace_back(other);
        section.noteRule({"provider", std::string(name), std::move(others)});
        const auto given = section.take(name);
        if (!given) continue;
        if (stack.provider && *stack.provider != name && !reading.isDescribing()) {
            reading.mistake(given, "other_provider",
                            "this stack has provider " + *stack.provider + "; leave one of the two out", Show::No);
            continue;
        }
        stack.provider = std::string(name);
        Section options(reading, given);
        readOptions(options, name, stack.path, stack.options);
        options.close();
    }
}

StackSettings readStack(Section& section) {
    auto& reading = section.reading();
    StackSettings stack;
    reading.text(section.require("path"), stack.path, judgeInnerPath, Show::Yes);
    if (!stack.path.empty()) stack.path = tidyPath(stack.path);
    readName(reading, section.take("name"), stack.name);
    readProvider(section, stack);
    reading.text(section.take("workspace"), stack.workspace, judgeWorkspace, Show::Yes);
    readInnerPaths(reading, section.take("variable_files"), stack.path, stack.variableFiles);
    readBackendConfig(reading, section.take("backend_config"), stack);
    reading.environment(section.take("environment"), stack.environment);
    reading.file(section.take("environment_file"), stack.environmentFile);
    reading.duration(section.take("every"), stack.every, Seconds(1));
    reading.duration(section.take("timeout"), stack.timeout, Seconds(1));
    reading.text(section.take("owner"), stack.owner, judgeText, Show::Yes);
    reading.boolean(section.take("enabled"), stack.enabled);
    reading.text(section.take("renamed_from"), stack.renamedFrom, judgeStackName, Show::Yes);
    section.close();
    return stack;
}

std::string nameOf(const StackSettings& stack) {
    return stack.name.value_or(stack.path + (stack.workspace == "default" ? "" : "@" + stack.workspace));
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
    reading.text(section.require("name"), repository.name, judgeName, Show::Yes);
    const auto url = section.require("url");
    reading.text(url, repository.url, judgeRepositoryUrl, Show::No);
    if (!repository.url.empty()) reading.note(url, withoutUser(repository.url));
    reading.text(section.take("ref"), repository.ref, judgeRef, Show::Yes);
    reading.duration(section.take("poll"), repository.poll, Seconds(1));
    readCredentials(reading, section.take("credentials"), repository.credentials);
    reading.file(section.take("tls_ca_file"), repository.tlsCaFile);
    readDiscovery(reading, section.take("discover"), repository.discover);
    reading.boolean(section.take("allow_ignores"), repository.allowIgnores);
    readStacks(reading, section.take("stacks"), repository.stacks);
    section.close();
    return repository;
}

}  // namespace

void readRepositories(Reading& reading, const Place& place, std::vector<RepositorySettings>& repositories) {
    Lines names;
    for (const auto& item : reading.items(place)) {
        Section section(reading, item);
        if (!section.place()) continue;
        auto repository = readRepository(section);
        const auto* named = item.node->find("name");
        if (!repository.name.empty()) {
            refuseRepeated(reading, {named, item.path + ".name"}, repository.name, names, "this repository");
        }
        repositories.push_back(std::move(repository));
    }
}

}  // namespace driftkeeper
