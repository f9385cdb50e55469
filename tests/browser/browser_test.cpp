// The page in a real browser (Chromium, playwright-core, axe-core), served by the real program.
#include <doctest/doctest.h>

#include "daemon/base/clock.hpp"
#include "daemon/store/store.hpp"
#include "tests/daemon/big_fleet.hpp"
#include "tests/e2e/daemon_world.hpp"

using namespace driftkeeper::tests;

namespace {

const std::filesystem::path scripts = DRIFTKEEPER_SOURCE_DIR "/tests/browser";
const std::string screenshots = DRIFTKEEPER_SCREENSHOTS;

void installTools() {
    RunOptions options;
    options.timeout = std::chrono::minutes(9);
    const auto done = run({"bash", (scripts / "tools.sh").string()}, options);
    REQUIRE_MESSAGE(done.ok(), done.err);
}

void walk(const std::string& script, std::vector<std::string> words) {
    words.insert(words.begin(), {"node", (scripts / script).string()});
    RunOptions options;
    options.timeout = std::chrono::minutes(12);
    const auto done = run(words, options);
    CHECK_MESSAGE(done.ok(), done.out << done.err);
}

// A daemon with a real stack whose live side was changed.
struct DriftedNetwork {
    GitWorld git;
    TerraformWorld terraform{git.path() / "prod/network"};
    DaemonWorld daemon{terraform};

    DriftedNetwork() {
        terraform.write(
            "resource \"box_item\" \"web\" {\n  name = \"web\"\n  content = \"one\\ntwo\\n\"\n  "
            "secret = "
            "\"canary-1\"\n}\n");
        terraform.apply();
        git.commit("a network");
        daemon.checks = "{ every: 7d, timeout: 60s, confirm: 1, confirm_after: 1s }";
        daemon.watch("infra", git.path().string());
        daemon.start();
        REQUIRE(daemon.awaitVerdict("infra/prod/network", "in_sync"));
        terraform.set("web", "content", "\"one\\nthree\\n\"");
        terraform.set("web", "secret", "\"canary-2\"");
        terraform.behave(R"({"slow_read_ms": 4000})");
        REQUIRE(run({"curl", "-sf", "-X", "POST", "-H", "Authorization: Bearer " + daemon.token(),
                     daemon.url() + "/api/v1/stacks/infra%2Fprod%2Fnetwork/check"})
                    .ok());
        REQUIRE(daemon.awaitVerdict("infra/prod/network", "drifted"));
    }
};

}  // namespace

TEST_CASE("every view of a big fleet is fit for eyes, keys and screen readers") {
    installTools();
    const TerraformWorld terraform;
    DaemonWorld daemon(terraform);
    std::filesystem::create_directories(daemon.stateDirectory());
    {
        const auto store = driftkeeper::Store::open(daemon.stateDirectory());
        REQUIRE(store);
        fillFleet(**store, 400, driftkeeper::SystemClock().now());
    }
    // Repositories that cannot be read keep their stacks; nothing is checked meanwhile.
    daemon.checks = "{ every: 7d, timeout: 60s }";
    for (const char* repository : {"infra", "platform"})
        daemon.watch(repository, (daemon.room() / "nowhere").string());
    daemon.start();
    walk("walk.mjs", {daemon.url(), screenshots, "platform/prod/eu-central-1/network-0000",
                      "check-000000-0039", "incident-000000"});
}

TEST_CASE("a drift is shown as it is, and a check is followed without loading the page again") {
    installTools();
    const DriftedNetwork network;
    walk("live.mjs",
         {network.daemon.url(), screenshots, "infra/prod/network", network.daemon.token()});
    CHECK(network.daemon.log().find("canary") == std::string::npos);
}

TEST_CASE("who logs in has a stack checked, silences it and logs out") {
    installTools();
    const DriftedNetwork network;
    walk("operate.mjs", {network.daemon.url(), "infra/prod/network", network.daemon.token()});
    CHECK(network.daemon.log().find("canary") == std::string::npos);
}
