#include "daemon/git/ssh_transport.hpp"

#include <doctest/doctest.h>
#include <pwd.h>
#include <unistd.h>

#include <cstdlib>
#include <thread>

#include "daemon/git/mirror.hpp"
#include "git_lab.hpp"
#include "tests/support/deaf_server.hpp"

using namespace driftkeeper;
using namespace driftkeeper::tests;
namespace fs = std::filesystem;

namespace {

std::string userName() {
    return ::getpwuid(::geteuid())->pw_name;  // NOLINT(concurrency-mt-unsafe)
}

// Makes FILE and FILE.pub; returns the public one.
std::string makeKey(const fs::path& file, const std::string& type,
                    const std::string& passphrase = "") {
    shell("ssh-keygen -q -N '" + passphrase + "' -t " + type + " -f '" + file.string() + "'");
    return readFile(file.string() + ".pub");
}

// A real sshd with one host key, which `known_hosts` lists, and what it takes for a login.
struct Sshd {
    int port = freePort();
    std::unique_ptr<Server> server;

    Sshd(const fs::path& folder, const std::string& name, const std::string& hostKeyType,
         const std::string& settings = "") {
        if (::geteuid() == 0) fs::create_directories("/run/sshd");
        const auto key = folder / (name + "_host");
        const auto hostKey = makeKey(key, hostKeyType);
        writeFile(folder / "known_hosts", readFile(folder / "known_hosts") + "[127.0.0.1]:" +
                                              std::to_string(port) + " " + hostKey);
        const auto file = folder / (name + "_sshd");
        writeFile(file, "Port " + std::to_string(port) +
                            "\nListenAddress 127.0.0.1\nStrictModes no\nUsePAM no\nPidFile none\n"
                            "PermitRootLogin prohibit-password\nAuthorizedKeysFile " +
                            (folder / "authorized").string() + "\nHostKey " + key.string() + "\n" +
                            settings);
        server = std::make_unique<Server>(
            std::vector<std::string>{"/usr/sbin/sshd", "-D", "-e", "-f", file.string()},
            "Server listening");
    }
};

// A repository behind sshd, and a user key that it accepts.
struct SshWorld {
    Scratch scratch;
    Origin origin{folder() / "it's \"here\" $(id)"};
    std::string commit = origin.commit("a.tf", "1");
    Sshd sshd;

    explicit SshWorld(const std::string& hostKeyType = "ed25519",
                      const std::string& sshdSettings = "")
        : sshd(folder(), "main", hostKeyType, sshdSettings) {
        authorize(makeKey(folder() / "user", "ed25519"));
    }

    const fs::path& folder() const { return scratch.path(); }
    void authorize(const std::string& publicKeys) const {
        writeFile(folder() / "authorized", publicKeys);
    }

    RepositorySettings settings() const {
        auto repository =
            repositoryAt("ssh://127.0.0.1:" + std::to_string(sshd.port) + origin.folder().string());
        repository.credentials.username = userName();
        repository.credentials.sshKeyFile = folder() / "user";
        repository.credentials.knownHostsFile = folder() / "known_hosts";
        return repository;
    }

    Result<std::string> update(const RepositorySettings& repository) const {
        startGit();
        return updateMirror(folder() / "mirror", repository,
                            {{}, std::chrono::steady_clock::now() + std::chrono::seconds(60)});
    }
};

void checkError(const Result<std::string>& result, const std::string& code, const std::string& word,
                Remedy remedy = Remedy::FixSetup) {
    REQUIRE_FALSE(result);
    CHECK_MESSAGE(result.error().code == code, result.error().message);
    CHECK_MESSAGE(result.error().message.find(word) != std::string::npos, result.error().message);
    CHECK(result.error().remedy == remedy);
}

// Processes that have `words` in their command line.
int running(const std::string& words) {
    int count = 0;
    for (const auto& entry : fs::directory_iterator("/proc"))
        count += readFile(entry.path() / "cmdline").find(words) != std::string::npos ? 1 : 0;
    return count;
}

}  // namespace

TEST_CASE(
    "a repository comes over ssh, whatever the types of the keys and the name of its folder") {
    for (const std::string type : {"ed25519", "ecdsa", "rsa"}) {
        CAPTURE(type);
        const SshWorld world(type);
        world.authorize(makeKey(world.folder() / "key", type));
        auto repository = world.settings();
        repository.credentials.sshKeyFile = world.folder() / "key";
        CHECK(world.update(repository) == world.commit);
        const auto next = world.origin.commit("a.tf", std::string(3'000'000, 'x') + type);
        CHECK(world.update(repository) == next);
    }
}

TEST_CASE("a host key that is not listed is shown and refused, with what makes it known") {
    const SshWorld world;
    const auto fingerprint = shell(
        "ssh-keygen -l -f " + (world.folder() / "main_host.pub").string() + " | cut -d' ' -f2");
    auto repository = world.settings();
    repository.credentials.knownHostsFile.clear();
    checkError(world.update(repository), "git_host_key", "no known_hosts_file is set");
    repository.credentials.knownHostsFile = world.folder() / "empty";
    writeFile(repository.credentials.knownHostsFile, "");
    const auto refused = world.update(repository);
    checkError(refused, "git_host_key", fingerprint);
    const auto begin = refused.error().message.find('`') + 1;
    const auto advised =
        refused.error().message.substr(begin, refused.error().message.find('`', begin) - begin);
    writeFile(repository.credentials.knownHostsFile, shell(advised + " 2>/dev/null") + "\n");
    CHECK(world.update(repository) == world.commit);
}

TEST_CASE("a host that is listed with another key, or whose key is revoked") {
    const SshWorld world;
    auto repository = world.settings();
    const auto name = "[127.0.0.1]:" + std::to_string(world.sshd.port) + " ";
    repository.credentials.knownHostsFile = world.folder() / "other";
    writeFile(world.folder() / "other", name + readFile(world.folder() / "user.pub"));
    checkError(world.update(repository), "git_host_key", "someone else answers");
    writeFile(world.folder() / "other",
              "@revoked " + name + readFile(world.folder() / "main_host.pub"));
    checkError(world.update(repository), "git_host_key", "revoked");
}

TEST_CASE("certificates vouch for the host and for the user") {
    const SshWorld world;
    const auto folder = world.folder().string();
    makeKey(world.folder() / "authority", "ed25519");
    const auto sign = "ssh-keygen -q -s " + folder + "/authority -I test -n ";
    shell(sign + userName() + " " + folder + "/user.pub");
    shell(sign + "127.0.0.1 -h " + folder + "/main_host.pub");
    const auto authority = readFile(world.folder() / "authority.pub");
    world.authorize("cert-authority " + authority);
    auto repository = world.settings();
    CHECK(world.update(repository) == world.commit);

    const Sshd certified(
        world.folder(), "second", "ed25519",
        "HostCertificate " + folder + "/main_host-cert.pub\nHostKey " + folder + "/main_host\n");
    writeFile(world.folder() / "authorities", "@cert-authority [127.0.0.1]:* " + authority);
    repository.url =
        "ssh://127.0.0.1:" + std::to_string(certified.port) + world.origin.folder().string();
    repository.credentials.knownHostsFile = world.folder() / "authorities";
    CHECK(world.update(repository) == world.commit);
}

TEST_CASE("credentials that ssh does not take") {
    const SshWorld world;
    auto repository = world.settings();
    makeKey(world.folder() / "stranger", "ed25519");
    repository.credentials.sshKeyFile = world.folder() / "stranger";
    checkError(world.update(repository), "git_credentials",
               "does not accept ssh_key_file for the user " + userName());
    world.authorize(makeKey(world.folder() / "locked", "ed25519", "secret"));
    repository.credentials.sshKeyFile = world.folder() / "locked";
    checkError(world.update(repository), "git_credentials", "passphrase");
    repository.credentials.sshKeyFile = world.folder() / "broken";
    writeFile(repository.credentials.sshKeyFile, "-----BEGIN OPENSSH PRIVATE KEY-----\nx\n");
    fs::permissions(repository.credentials.sshKeyFile, fs::perms::owner_read);
    checkError(world.update(repository), "git_credentials", "cannot use ssh_key_file");
    repository.credentials.sshKeyFile = world.folder() / "user";
    world.authorize(readFile(world.folder() / "user.pub"));
    fs::permissions(repository.credentials.sshKeyFile,
                    fs::perms::owner_read | fs::perms::others_read);
    checkError(world.update(repository), "git_credentials", "chmod 0600");
    repository.credentials.sshKeyFile.clear();
    checkError(world.update(repository), "git_credentials", "no ssh_key_file");
    repository.credentials.password.value = "hunter2";
    const auto result = world.update(repository);
    checkError(result, "git_credentials", "password");
    CHECK(result.error().message.find("hunter2") == std::string::npos);
}

TEST_CASE("neither the agent of who started the daemon nor the user's own keys log in") {
    const SshWorld world;
    const auto socket = (world.folder() / "agent").string();
    const Server agent({"/usr/bin/ssh-agent", "-D", "-a", socket}, "SSH_AUTH_SOCK");
    ::setenv("SSH_AUTH_SOCK", socket.c_str(), 1);  // NOLINT(concurrency-mt-unsafe)
    shell("ssh-add -q " + (world.folder() / "user").string());
    auto repository = world.settings();
    makeKey(world.folder() / "stranger", "ed25519");
    repository.credentials.sshKeyFile = world.folder() / "stranger";
    checkError(world.update(repository), "git_credentials", "does not accept");
    ::unsetenv("SSH_AUTH_SOCK");  // NOLINT(concurrency-mt-unsafe)

    repository.credentials.sshConfigFile = world.folder() / "config";
    repository.credentials.sshKeyFile.clear();
    writeFile(repository.credentials.sshConfigFile, "IdentityAgent " + socket + "\n");
    CHECK(world.update(repository) == world.commit);
}

TEST_CASE("a configuration of ssh leads through a jump host") {
    const SshWorld world;
    const Sshd jump(world.folder(), "jump", "rsa");
    auto repository = world.settings();
    repository.url =
        "ssh://inner.example:" + std::to_string(world.sshd.port) + world.origin.folder().string();
    const auto trust = "UserKnownHostsFile " + (world.folder() / "known_hosts").string() + "\n";
    const auto hosts = "Host inner.example\nHostName 127.0.0.1\nProxyJump " + userName() +
                       "@127.0.0.1:" + std::to_string(jump.port) + "\nHost *\nIdentityFile " +
                       (world.folder() / "user").string() + "\n";
    repository.credentials.sshConfigFile = world.folder() / "config";
    writeFile(world.folder() / "config", hosts + trust);
    CHECK(world.update(repository) == world.commit);
    writeFile(world.folder() / "config", hosts + "UserKnownHostsFile /dev/null\n");
    checkError(world.update(repository), "git_host_key", "jump host");
    writeFile(world.folder() / "config", "Bogus yes\n");
    checkError(world.update(repository), "git_ssh", "Bad configuration option");
}

TEST_CASE("a configuration of ssh cannot make an unknown host known") {
    const SshWorld world;
    auto repository = world.settings();
    repository.credentials.sshConfigFile = world.folder() / "config";
    writeFile(world.folder() / "config",
              "StrictHostKeyChecking no\nUserKnownHostsFile /dev/null\n"
              "NoHostAuthenticationForLocalhost yes\n");
    CHECK(world.update(repository) == world.commit);  // known_hosts_file counts
    repository.credentials.knownHostsFile.clear();
    checkError(world.update(repository), "git_host_key", "SHA256");
}

TEST_CASE("a host that does not answer is tried again") {
    const SshWorld world;
    auto repository = world.settings();
    repository.url = "ssh://hunter2@127.0.0.1:" + std::to_string(freePort()) + "/x";
    const auto refused = world.update(repository);
    checkError(refused, "git_unreachable", "Connection refused", Remedy::Retry);
    CHECK(refused.error().message.find("hunter2") == std::string::npos);
    repository.url = "ssh://no-such-host.invalid/x";
    checkError(world.update(repository), "git_unreachable", "cannot be resolved", Remedy::Retry);
}

TEST_CASE("a path that the ssh server does not have") {
    const SshWorld world;
    auto repository = world.settings();
    repository.url += "-gone";
    checkError(world.update(repository), "git_not_found", "does not appear to be a git repository");
}

TEST_CASE("a host without the program ssh says what to install") {
    const SshWorld world;
    const std::string path = std::getenv("PATH");  // NOLINT(concurrency-mt-unsafe)
    ::setenv("PATH", world.folder().c_str(), 1);   // NOLINT(concurrency-mt-unsafe)
    const auto result = world.update(world.settings());
    ::setenv("PATH", path.c_str(), 1);  // NOLINT(concurrency-mt-unsafe)
    checkError(result, "git_ssh", "openssh-client");
}

TEST_CASE("a server that is silent, or never comes to an end, is left at the time limit") {
    const DeafServer deaf;
    const SshWorld silent("ed25519", "ForceCommand cat >/dev/null\n");
    const SshWorld endless("ed25519",
                           "ForceCommand yes 003a" + std::string(40, '1') + " refs/heads/a\n");
    startGit();
    for (const auto* world : {&silent, &endless})
        for (const int port : {deaf.port(), world->sshd.port}) {
            auto repository = world->settings();
            repository.url =
                "ssh://127.0.0.1:" + std::to_string(port) + world->origin.folder().string();
            const auto late = updateMirror(
                world->folder() / "mirror", repository,
                {{}, std::chrono::steady_clock::now() + std::chrono::milliseconds(1500)});
            REQUIRE_FALSE(late);
            CHECK(late.error().code == "git_timeout");
            CHECK(running((world->folder() / "user").string()) == 0);
        }
}

TEST_CASE("a stop ends ssh at once, before the login and after it") {
    const DeafServer deaf;
    const Scratch scratch;
    const auto started = scratch.path() / "started";
    shell("mkfifo " + started.string());
    const SshWorld world("ed25519",
                         "ForceCommand echo >" + started.string() + "; cat >/dev/null\n");
    startGit();
    const auto stopWhen = [&](int port, auto hasBegun) {
        auto repository = world.settings();
        repository.url = "ssh://127.0.0.1:" + std::to_string(port) + world.origin.folder().string();
        std::stop_source stop;
        const std::jthread stopper([&] {
            hasBegun();
            stop.request_stop();
        });
        const auto stopped = updateMirror(
            world.folder() / "mirror", repository,
            {stop.get_token(), std::chrono::steady_clock::now() + std::chrono::minutes(1)});
        checkError(stopped, "git_timeout", "stopped", Remedy::Retry);
        CHECK(running((world.folder() / "user").string()) == 0);
    };
    stopWhen(deaf.port(), [&] { deaf.awaitClient(); });
    stopWhen(world.sshd.port, [&] { readFile(started); });
}
