#include "daemon/git/mirror.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <chrono>

#include "daemon/git/attempt.hpp"
#include "git_lab.hpp"
#include "tests/support/deaf_server.hpp"

using namespace driftkeeper;
using namespace driftkeeper::tests;

namespace mirror_test {
namespace {

struct World {
    Scratch scratch;
    Origin origin{scratch.path() / "origin"};

    Result<std::string> update(const RepositorySettings& repository,
                               std::chrono::milliseconds limit = std::chrono::seconds(60),
                               std::stop_token stop = {}) const {
        startGit();
        return updateMirror(scratch.path() / "mirror", repository,
                            {std::move(stop), std::chrono::steady_clock::now() + limit});
    }
    RepositorySettings at(const std::string& ref) const {
        return repositoryAt(origin.folder(), ref);
    }
};

void checkError(const Result<std::string>& result, const std::string& code, Remedy remedy) {
    REQUIRE_FALSE(result);
    CHECK_MESSAGE(result.error().code == code, result.error().message);
    CHECK(result.error().remedy == remedy);
}

}  // namespace

TEST_CASE("a mirror follows a branch that moves, and one that is forced elsewhere") {
    const World world;
    const auto first = world.origin.commit("a.tf", "1");
    CHECK(world.update(world.at("main")) == first);
    const auto second = world.origin.commit("a.tf", "2");
    CHECK(world.update(world.at("main")) == second);
    world.origin.git("reset -q --hard " + first);
    CHECK(world.update(world.at("main")) == first);
    const auto other = world.origin.commit("a.tf", "3");
    CHECK(world.update(world.at("main")) == other);
    CHECK(world.update(world.at("main")) == other);
}

TEST_CASE("a ref is found as branch, tag, full name, hash and HEAD") {
    const World world;
    const auto first = world.origin.commit("a.tf", "1");
    world.origin.git("tag -a -m t v1");
    world.origin.git("tag light");
    world.origin.git("branch feature/x");
    const auto second = world.origin.commit("a.tf", "2");
    CHECK(world.update(world.at("v1")) == first);
    CHECK(world.update(world.at("light")) == first);
    CHECK(world.update(world.at("feature/x")) == first);
    CHECK(world.update(world.at("refs/heads/main")) == second);
    CHECK(world.update(world.at(first)) == first);
    CHECK(world.update(world.at("")) == second);
    world.origin.git("tag main " + first);
    CHECK(world.update(world.at("main")) == second);  // the branch wins over a tag of its name
}

TEST_CASE("a hash that no ref names any more, or that never was") {
    const World world;
    const auto first = world.origin.commit("a.tf", "1");
    CHECK(world.update(world.at(first)) == first);
    world.origin.commit("a.tf", "2");
    checkError(world.update(world.at(std::string(40, 'a'))), "git_no_ref", Remedy::Report);
    CHECK(world.update(world.at(first)) == first);
}

TEST_CASE("what has nothing to give says why") {
    const World world;
    checkError(world.update(world.at("main")), "git_empty", Remedy::Report);
    world.origin.commit("a.tf", "1");
    checkError(world.update(world.at("nowhere")), "git_no_ref", Remedy::Report);
    const auto blob = world.origin.blob("text");
    world.origin.git("tag thing " + blob);
    checkError(world.update(world.at("thing")), "git_no_ref", Remedy::Report);
    world.origin.git("symbolic-ref HEAD refs/heads/gone");
    checkError(world.update(world.at("")), "git_no_ref", Remedy::Report);
    checkError(world.update(repositoryAt((world.scratch.path() / "none").string())),
               "git_not_found", Remedy::FixSetup);
}

TEST_CASE("a repository that cannot be followed is called what it is") {
    const World world;
    const auto sha256 = world.scratch.path() / "served/sha256";
    const auto shallow = world.scratch.path() / "served/shallow";
    world.origin.commit("a.tf", "1");
    world.origin.commit("a.tf", "2");
    shell("git init -q -b main --object-format=sha256 " + sha256.string() + " && cd " +
          sha256.string() +
          " && git -c user.name=a -c user.email=a@b commit -q --allow-empty -m x && "
          "git clone -q --depth 1 file://" +
          world.origin.folder().string() + " " + shallow.string());
    const Server server(
        {"/usr/bin/python3", DRIFTKEEPER_SOURCE_DIR "/tests/daemon/git/http_server.py",
         (world.scratch.path() / "served")},
        "serving on ");
    const auto port = server.readyLine().substr(server.readyLine().rfind(' ') + 1);
    for (const std::string& start :
         {(world.scratch.path() / "served/").string(), "http://127.0.0.1:" + port + "/"}) {
        CAPTURE(start);
        checkError(world.update(repositoryAt(start + "sha256")), "git_sha256", Remedy::FixSetup);
        std::filesystem::remove_all(world.scratch.path() / "mirror");
        checkError(world.update(repositoryAt(start + "shallow")), "git_shallow", Remedy::FixSetup);
        std::filesystem::remove_all(world.scratch.path() / "mirror");
    }
}

TEST_CASE("urls and refs that look like options run nothing") {
    const World world;
    world.origin.commit("a.tf", "1");
    const auto trap = (world.scratch.path() / "trap").string();
    checkError(world.update(repositoryAt("--upload-pack=touch " + trap)), "git_url",
               Remedy::FixSetup);
    checkError(world.update(repositoryAt("ext::touch " + trap)), "git_url", Remedy::FixSetup);
    checkError(world.update(world.at("--upload-pack=touch " + trap)), "git_no_ref",
               Remedy::FixSetup);
    CHECK_FALSE(std::filesystem::exists(trap));
}

TEST_CASE("a closed port is unreachable and no user part is told") {
    const World world;
    const auto port = std::to_string(freePort());
    for (const std::string scheme : {"http://", "https://"}) {
        const auto result = world.update(repositoryAt(scheme + "hunter2@127.0.0.1:" + port + "/x"));
        checkError(result, "git_unreachable", Remedy::Retry);
        CHECK(result.error().message.find("hunter2") == std::string::npos);
        CHECK(result.error().message.find("127.0.0.1:" + port) != std::string::npos);
    }
    checkError(world.update(repositoryAt("https://no-such-host.invalid/x")), "git_unreachable",
               Remedy::Retry);
}

TEST_CASE("a server that never answers ends with the time limit, and at once when stopped") {
    const World world;
    const DeafServer deaf;
    for (const std::string scheme : {"http://", "https://"}) {
        const auto url = scheme + "127.0.0.1:" + std::to_string(deaf.port()) + "/x";
        checkError(world.update(repositoryAt(url), std::chrono::milliseconds(50)), "git_timeout",
                   Remedy::Retry);
        std::stop_source stop;
        stop.request_stop();
        checkError(world.update(repositoryAt(url), std::chrono::hours(1), stop.get_token()),
                   "git_timeout", Remedy::Retry);
    }
}

TEST_CASE("a server has half a minute to say what it has, and the whole time to give it") {
    const auto whole = std::chrono::steady_clock::now() + std::chrono::hours(1);
    Attempt attempt(parseRemoteUrl("http://127.0.0.1:1/x").value(), repositoryAt("x"), {{}, whole});
    CHECK(attempt.patience.deadline <= std::chrono::steady_clock::now() + std::chrono::seconds(30));
    attempt.hasAnswered();
    CHECK(attempt.patience.deadline == whole);
    CHECK(attempt.received(1) == 0);
}

TEST_CASE("a repository of another user is fetched and none of its configuration is executed") {
    const World world;
    const auto commit = world.origin.commit("a.tf", "1");
    const auto trap = world.scratch.path() / "trap";
    for (const char* name :
         {"core.fsmonitor", "core.sshCommand", "uploadpack.packObjectsHook", "core.hooksPath"})
        world.origin.git(std::string("config ") + name + " 'touch " + trap.string() + "'");
    if (::geteuid() == 0) shell("chown -R nobody " + world.origin.folder().string());
    CHECK(world.update(repositoryAt("file://" + world.origin.folder().string())) == commit);
    CHECK_FALSE(std::filesystem::exists(trap));
}

}  // namespace mirror_test
