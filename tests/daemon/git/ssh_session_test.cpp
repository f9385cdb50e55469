#include "daemon/git/ssh_session.hpp"

#include <doctest/doctest.h>
#include <pwd.h>
#include <unistd.h>
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#endif

#include "daemon/git/mirror.hpp"
#include "git_lab.hpp"

using namespace driftkeeper;
using namespace driftkeeper::tests;

namespace ssh_session_test {
namespace {

// A real sshd with host keys of the given types, and a user key that it accepts.
struct SshWorld {
    Scratch scratch;
    Origin origin{scratch.path() / "it's here"};
    std::string commit;
    int port = freePort();
    std::unique_ptr<Server> server;

    static std::string makeKey(const std::filesystem::path& file, const std::string& type) {
        shell("ssh-keygen -q -N '' -t " + type + " -f " + file.string());
        return readFile(file.string() + ".pub");
    }

    explicit SshWorld(const std::vector<std::string>& hostKeyTypes = {"ed25519", "ecdsa"}) {
        if (::geteuid() == 0) std::filesystem::create_directories("/run/sshd");
        commit = origin.commit("a.tf", "1");
        const auto folder = scratch.path();
        writeFile(folder / "authorized", makeKey(folder / "user", "ed25519") + makeKey(folder / "user_ecdsa", "ecdsa"));
        std::string settings = "Port " + std::to_string(port) +
                               "\nListenAddress 127.0.0.1\nStrictModes no\nUsePAM no\nPidFile none\n"
                               "PermitRootLogin prohibit-password\nAuthorizedKeysFile " +
                               (folder / "authorized").string() + "\n";
        for (const auto& type : hostKeyTypes) {
            writeFile(folder / ("host_" + type + ".line"),
                      "[127.0.0.1]:" + std::to_string(port) + " " + makeKey(folder / ("host_" + type), type));
            settings += "HostKey " + (folder / ("host_" + type)).string() + "\n";
        }
        writeFile(folder / "sshd_config", settings);
        server = std::make_unique<Server>(
            std::vector<std::string>{"/usr/sbin/sshd", "-D", "-e", "-f", (folder / "sshd_config").string()},
            "Server listening");
    }

    RepositorySettings settings() const {
        auto repository = repositoryAt("ssh://127.0.0.1:" + std::to_string(port) + origin.folder().string());
        repository.credentials.username = ::getpwuid(::geteuid())->pw_name;  // NOLINT(concurrency-mt-unsafe)
        repository.credentials.sshKeyFile = scratch.path() / "user";
        repository.credentials.knownHostsFile = scratch.path() / "host_ed25519.line";
        return repository;
    }

    Result<std::string> update(const RepositorySettings& repository) const {
        startGit();
        return updateMirror(scratch.path() / "mirror", repository,
                            {{}, std::chrono::steady_clock::now() + std::chrono::seconds(60)});
    }
};

void checkError(const Result<std::string>& result, const std::string& code, const std::string& word) {
    REQUIRE_FALSE(result);
    CHECK_MESSAGE(result.error().code == code, result.error().message);
    CHECK_MESSAGE(result.error().message.find(word) != std::string::npos, result.error().message);
    CHECK(result.error().remedy == Remedy::FixSetup);
}

}  // namespace

TEST_CASE("a repository comes over ssh when its host key is listed, whichever type that is") {
    const SshWorld world;
    CHECK(world.update(world.settings()) == world.commit);
    const auto next = world.origin.commit("a.tf", "2");
    auto repository = world.settings();
    repository.credentials.sshKeyFile = world.scratch.path() / "user_ecdsa";
    repository.credentials.knownHostsFile = world.scratch.path() / "host_ecdsa.line";
#ifdef __SANITIZE_ADDRESS__
    const __lsan::ScopedDisabler libssh2LosesTheNumberOfAnEcdsaKey;
#endif
    CHECK(world.update(repository) == next);
}

TEST_CASE("a host key that is not listed is shown and refused") {
    const SshWorld world;
    const auto fingerprint =
        shell("ssh-keygen -l -f " + (world.scratch.path() / "host_ed25519.pub").string() + " | cut -d' ' -f2");
    auto repository = world.settings();
    repository.credentials.knownHostsFile.clear();
    checkError(world.update(repository), "git_host_key", "known_hosts_file");
    checkError(world.update(repository), "git_host_key", fingerprint);
    writeFile(world.scratch.path() / "empty", "");
    repository.credentials.knownHostsFile = world.scratch.path() / "empty";
    checkError(world.update(repository), "git_host_key", fingerprint);
    repository.credentials.knownHostsFile = world.scratch.path() / "none";
    checkError(world.update(repository), "git_host_key", "cannot be read");
    std::string other = readFile(world.scratch.path() / "host_ed25519.line");
    const auto blank = other.find(" ssh-ed25519");
    other = other.substr(0, blank) + " " + readFile(world.scratch.path() / "user.pub");
    writeFile(world.scratch.path() / "other", other);
    repository.credentials.knownHostsFile = world.scratch.path() / "other";
    checkError(world.update(repository), "git_host_key", "someone else answers");
}

TEST_CASE("the line that the refusal advises makes the host known") {
    const SshWorld world;
    auto repository = world.settings();
    repository.credentials.knownHostsFile.clear();
    const auto refused = world.update(repository);
    REQUIRE_FALSE(refused);
    const auto begin = refused.error().message.find("line \"") + 6;
    writeFile(world.scratch.path() / "advised",
              refused.error().message.substr(begin, refused.error().message.find('"', begin) - begin) + "\n");
    repository.credentials.knownHostsFile = world.scratch.path() / "advised";
    CHECK(world.update(repository) == world.commit);
}

TEST_CASE("credentials that ssh does not take") {
    const SshWorld world;
    auto repository = world.settings();
    SshWorld::makeKey(world.scratch.path() / "stranger", "ed25519");
    repository.credentials.sshKeyFile = world.scratch.path() / "stranger";
    checkError(world.update(repository), "git_credentials", "does not accept");
    repository.credentials.sshKeyFile = world.scratch.path() / "none";
    checkError(world.update(repository), "git_credentials", "cannot be read");
    repository.credentials.sshKeyFile = world.scratch.path() / "host_ed25519.line";
    checkError(world.update(repository), "git_credentials", "no private key");
    repository.credentials.sshKeyFile.clear();
    checkError(world.update(repository), "git_credentials", "no ssh_key_file");
    repository.credentials.password.value = "hunter2";
    const auto result = world.update(repository);
    checkError(result, "git_credentials", "password");
    CHECK(result.error().message.find("hunter2") == std::string::npos);
}

TEST_CASE("RSA keys, which a modern server refuses from this libssh2, are named as the cause") {
    const SshWorld world({"rsa"});
    auto repository = world.settings();
    repository.credentials.knownHostsFile = world.scratch.path() / "host_rsa.line";
    checkError(world.update(repository), "git_rsa_key", "ed25519");
    repository.credentials.knownHostsFile.clear();
    checkError(world.update(repository), "git_host_key", "RSA");
    const SshWorld modern;
    repository = modern.settings();
    repository.credentials.sshKeyFile = modern.scratch.path() / "user_rsa";
    const auto accepted = SshWorld::makeKey(repository.credentials.sshKeyFile, "rsa");
    writeFile(modern.scratch.path() / "authorized", accepted);
    checkError(modern.update(repository), "git_rsa_key", "ed25519");
}

TEST_CASE("a path that the ssh server does not have") {
    const SshWorld world;
    auto repository = world.settings();
    repository.url += "-gone";
    checkError(world.update(repository), "git_not_found", "does not appear to be a git repository");
}

TEST_CASE("keys of type RSA are told from others") {
    const Scratch scratch;
    for (const std::string type : {"rsa -b 1024", "rsa -b 1024 -m PEM", "ed25519", "ecdsa"}) {
        const auto file = scratch.path() / std::to_string(type.size());
        SshWorld::makeKey(file, type);
        CHECK(isRsaKey(readFile(file)) == type.starts_with("rsa"));
    }
    CHECK_FALSE(isRsaKey("no key"));
}

}  // namespace ssh_session_test
