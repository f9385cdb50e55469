#include "daemon/check/workspace.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/support/files.hpp"

using namespace driftkeeper;

namespace workspace_test {
namespace {

Network::Peer loopback(std::uint16_t port) {
    return {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1}, port};
}

bool holds(const std::vector<Network::Peer>& peers, const Network::Peer& peer) {
    return std::ranges::find(peers, peer) != peers.end();
}

}  // namespace

TEST_CASE("a stack's tools reach what the settings name, and nothing that Git names") {
    const tests::TempDir folder;
    tests::writeFile(folder / "kubeconfig",
                     "clusters: [{cluster: {server: https://127.0.0.1:6443}}]");
    Settings settings;
    settings.stateDirectory = folder / "state";
    settings.listenPort = 9743;
    settings.providers["terraform"].network.allow = {"127.0.0.1:1111"};
    settings.providers["terraform"].options["cli_config_file"] = {folder / "kubeconfig"};
    Stack stack;
    stack.id = "1";
    stack.network.allow = {"127.0.0.1:2222"};
    stack.secretOptions["backend_config"] = {"address=http://127.0.0.1:3333/x"};
    stack.options["variable_files"] = {"127.0.0.1:4444"};  // a file's name in Git
    const auto workspace = daemonWorkspace(settings, stack);
    REQUIRE(workspace);
    REQUIRE(workspace->network);
    const Network& network = *workspace->network;
    CHECK(holds(network.allowed, loopback(1111)));
    CHECK(holds(network.allowed, loopback(2222)));
    CHECK(holds(network.named, loopback(3333)));
    CHECK(holds(network.named, loopback(6443)));
    CHECK_FALSE(holds(network.named, loopback(4444)));
    CHECK_FALSE(network.metadata);
    CHECK(network.doors == std::vector<std::uint16_t>{9743});
    settings.sandbox.network.metadata = true;
    CHECK(daemonWorkspace(settings, stack)->network->metadata);
}

}  // namespace workspace_test
