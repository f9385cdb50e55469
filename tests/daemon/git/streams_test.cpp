#include "daemon/git/streams.hpp"

#include <doctest/doctest.h>

#include "daemon/git/mirror.hpp"
#include "git_lab.hpp"

using namespace driftkeeper;
using namespace driftkeeper::tests;

namespace streams_test {
namespace {

// A web server with git http-backend behind it.
struct WebWorld {
    Scratch scratch;
    Origin origin{scratch.path() / "origin"};
    std::string commit = origin.commit("a.tf", "1");
    std::unique_ptr<Server> server;
    std::string port;

    explicit WebWorld(std::vector<std::string> arguments = {}, const std::string& names = "") {
        const std::string script = DRIFTKEEPER_SOURCE_DIR "/tests/daemon/git/http_server.py";
        arguments.insert(arguments.begin(), {"/usr/bin/python3", script, scratch.path().string()});
        if (!names.empty()) {
            shell("cd " + scratch.path().string() +
                  " && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes "
                  "-keyout key.pem -out cert.pem -days 2 -subj /CN=test -addext subjectAltName=" +
                  names + " 2>/dev/null");
            arguments.insert(arguments.end(), {"--tls", (scratch.path() / "cert.pem").string(),
                                               (scratch.path() / "key.pem").string()});
        }
        server = std::make_unique<Server>(arguments, "serving on");
        port = server->readyLine().substr(server->readyLine().rfind(' ') + 1);
    }

    Result<std::string> update(const RepositorySettings& repository) const {
        startGit();
        return updateMirror(scratch.path() / "mirror", repository,
                            {{}, std::chrono::steady_clock::now() + std::chrono::seconds(60)});
    }
    RepositorySettings at(const std::string& start,
                          const std::string& path = "/origin/.git") const {
        auto repository = repositoryAt(start + ":" + port + path);
        repository.tlsCaFile = start.starts_with("https") ? scratch.path() / "cert.pem" : "";
        return repository;
    }
};

void checkError(const Result<std::string>& result, const std::string& code,
                const std::string& word) {
    REQUIRE_FALSE(result);
    CHECK_MESSAGE(result.error().code == code, result.error().message);
    CHECK_MESSAGE(result.error().message.find(word) != std::string::npos, result.error().message);
    CHECK(result.error().remedy == Remedy::FixSetup);
}

const std::string bothNames = "DNS:localhost,IP:127.0.0.1";

}  // namespace

TEST_CASE("a repository comes over https with TLS 1.3 and the repository's own authority") {
    const WebWorld world({}, bothNames);
    CHECK(world.update(world.at("https://localhost")) == world.commit);
    const auto next = world.origin.commit("b.tf", std::string(300'000, 'x'));
    CHECK(world.update(world.at("https://127.0.0.1")) == next);
}

TEST_CASE("a certificate that nobody vouches for, or of another host, is refused") {
    const WebWorld world({}, "DNS:other.example");
    auto repository = world.at("https://localhost");
    checkError(world.update(repository), "git_tls", "hostname mismatch");
    checkError(world.update(world.at("https://127.0.0.1")), "git_tls", "IP address mismatch");
    repository.tlsCaFile.clear();
    checkError(world.update(repository), "git_tls", "self-signed");
    repository.tlsCaFile = world.scratch.path() / "none";
    checkError(world.update(repository), "git_tls", "tls_ca_file");
}

TEST_CASE("a server with old TLS only is named so") {
    const WebWorld world({"--old"}, bothNames);
    checkError(world.update(world.at("https://localhost")), "git_old_tls", "TLS 1.2");
}

TEST_CASE("a login is needed, taken, refused, read anew from its file") {
    const WebWorld world({"--login", "me:hunter2"});
    auto repository = world.at("http://127.0.0.1");
    checkError(world.update(repository), "git_credentials", "none are set");
    repository.credentials.username = "me";
    repository.credentials.password.value = "wrong-secret";
    const auto refused = world.update(repository);
    checkError(refused, "git_credentials", "does not accept");
    CHECK(refused.error().message.find("wrong-secret") == std::string::npos);
    repository.credentials.password = {"", world.scratch.path() / "password"};
    checkError(world.update(repository), "git_credentials", "cannot be read");
    writeFile(world.scratch.path() / "password", "hunter2\n");
    CHECK(world.update(repository) == world.commit);
    writeFile(world.scratch.path() / "password", "rotated\n");
    checkError(world.update(repository), "git_credentials", "does not accept");
}

TEST_CASE("a redirect to another host is not followed, and a missing repository is named so") {
    const WebWorld world;
    CHECK(world.update(world.at("http://localhost")) == world.commit);
    CHECK(world.update(world.at("http://localhost", "/moved/origin/.git")) == world.commit);
    checkError(world.update(world.at("http://localhost", "/away/origin/.git")), "git_redirect",
               "redirect");
    checkError(world.update(world.at("http://localhost", "/gone.git")), "git_not_found",
               "no such repository");
}

}  // namespace streams_test
