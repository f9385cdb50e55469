#include "daemon/git/ssh_command.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "git_lab.hpp"

using namespace driftkeeper;
using namespace driftkeeper::tests;

namespace {

struct Files {
    Scratch scratch;
    GitCredentials credentials;

    Files() {
        credentials.sshKeyFile = scratch.path() / "key";
        credentials.knownHostsFile = scratch.path() / "known hosts";
        writeFile(credentials.sshKeyFile, "-----BEGIN OPENSSH PRIVATE KEY-----");
        writeFile(credentials.knownHostsFile, "");
    }
    Result<std::vector<std::string>> arguments(
        const std::string& url = "ssh://git.example.com/a.git") const {
        return sshArguments(*parseRemoteUrl(url), credentials);
    }
};

bool has(const std::vector<std::string>& arguments, const std::string& argument) {
    return std::ranges::find(arguments, argument) != arguments.end();
}

std::string after(const std::vector<std::string>& arguments, const std::string& argument) {
    const auto it = std::ranges::find(arguments, argument);
    return it == arguments.end() || it + 1 == arguments.end() ? "" : *(it + 1);
}

}  // namespace

TEST_CASE("nothing of the host or of a user is read, and nobody is asked") {
    const Files files;
    const auto arguments = files.arguments();
    REQUIRE(arguments);
    CHECK(after(*arguments, "-F") == "none");
    for (const char* option :
         {"BatchMode=yes", "StrictHostKeyChecking=yes", "GlobalKnownHostsFile=/dev/null",
          "IdentitiesOnly=yes", "ClearAllForwardings=yes", "PermitLocalCommand=no"}) {
        CAPTURE(option);
        CHECK(has(*arguments, option));
    }
    CHECK_FALSE(has(*arguments, "-p"));
    CHECK(after(*arguments, "-l") == "git");
    for (const auto& variable : sshEnvironment("/usr/bin"))
        CHECK_FALSE(variable.starts_with("SSH_AUTH_SOCK"));
}

TEST_CASE("host and command stand behind all options, the path is one word of the server's shell") {
    const Files files;
    const auto arguments = files.arguments("ssh://me@git.example.com:2222/it's a%20\"b\"!$(id)");
    REQUIRE(arguments);
    const auto end = std::ranges::find(*arguments, "--");
    REQUIRE(arguments->end() - end == 3);
    CHECK(*(end + 1) == "git.example.com");
    CHECK(*(end + 2) == R"(git-upload-pack '/it'\''s a "b"'\!'$(id)')");
    CHECK(after(*arguments, "-p") == "2222");
    CHECK(after(*arguments, "-l") == "me");
}

TEST_CASE("names of files are values of an option, whatever they hold") {
    Files files;
    files.credentials.sshKeyFile = files.scratch.path() / R"(a "b" 100%d \c)";
    writeFile(files.credentials.sshKeyFile, "-----BEGIN OPENSSH PRIVATE KEY-----");
    const auto arguments = files.arguments();
    REQUIRE(arguments);
    const auto folder = files.scratch.path().string();
    CHECK(has(*arguments, "UserKnownHostsFile=\"" + folder + "/known hosts\""));
    CHECK(has(*arguments, "IdentityFile=\"" + folder + R"(/a \"b\" 100%%d \\c")"));
}

TEST_CASE("a configuration adds keys and hosts, and takes back nothing") {
    Files files;
    files.credentials.sshConfigFile = files.scratch.path() / "config";
    writeFile(files.credentials.sshConfigFile, "");
    files.credentials.sshKeyFile.clear();
    files.credentials.knownHostsFile.clear();
    const auto arguments = files.arguments();
    REQUIRE(arguments);
    CHECK(after(*arguments, "-F") == files.credentials.sshConfigFile);
    CHECK(has(*arguments, "StrictHostKeyChecking=yes"));
    for (const auto& argument : *arguments) {
        CHECK_FALSE(argument.starts_with("UserKnownHostsFile"));
        CHECK_FALSE(argument.starts_with("Identit"));
    }
}

TEST_CASE("a file that ssh would go on without is named") {
    struct Row {
        std::filesystem::path GitCredentials::*file;
        const char *text, *code, *words;
    };
    const Row rows[] = {
        {&GitCredentials::sshKeyFile, nullptr, "git_credentials", "cannot be read"},
        {&GitCredentials::sshKeyFile, "ssh-ed25519 AAAA", "git_credentials", "no private key"},
        {&GitCredentials::knownHostsFile, nullptr, "git_host_key", "cannot be read"},
        {&GitCredentials::sshConfigFile, nullptr, "git_ssh", "cannot be read"},
    };
    for (const auto& row : rows) {
        Files files;
        files.credentials.*row.file = files.scratch.path() / "other";
        if (row.text) writeFile(files.credentials.*row.file, row.text);
        const auto arguments = files.arguments();
        REQUIRE_FALSE(arguments);
        CHECK(arguments.error().code == row.code);
        CHECK_MESSAGE(arguments.error().message.find(row.words) != std::string::npos,
                      arguments.error().message);
        CHECK(arguments.error().remedy == Remedy::FixSetup);
    }
}

TEST_CASE("keys that need a passphrase are told from others") {
    const Scratch scratch;
    for (const std::string type :
         {"-t rsa -b 1024", "-t rsa -b 1024 -m PEM", "-t ed25519", "-t ecdsa -m PKCS8"})
        for (const bool encrypted : {false, true}) {
            const auto file =
                scratch.path() / (std::to_string(type.size()) + (encrypted ? "e" : "p"));
            shell("ssh-keygen -q -N '" + std::string(encrypted ? "secret" : "") + "' " + type +
                  " -f " + file.string());
            CAPTURE(type);
            CHECK(isEncryptedKey(readFile(file)) == encrypted);
        }
    CHECK_FALSE(isEncryptedKey("no key"));
}
