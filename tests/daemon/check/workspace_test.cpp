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
    stack.provider = "terraform";
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
    CHECK(network.hosts.empty());
    CHECK(std::ranges::find(network.own, loopback(0).address) != network.own.end());
    CHECK_FALSE(network.metadata);
    CHECK(network.doors == std::vector<std::uint16_t>{9743});
    settings.sandbox.network.metadata = true;
    CHECK(daemonWorkspace(settings, stack)->network->metadata);
}

TEST_CASE("names of hosts come from all that the settings say of a stack") {
    const tests::TempDir folder;
    Settings settings;
    settings.stateDirectory = folder / "state";
    settings.sandbox.network.allow = {"registry.terraform.io:443"};
    settings.providers["terraform"].network.allow = {"*.Amazonaws.com:443"};
    settings.repositories.resize(2);
    settings.repositories[0].name = "infra";
    settings.repositories[0].network.allow = {"github.com", "127.0.0.1:1111"};
    settings.repositories[1].name = "other";
    settings.repositories[1].network.allow = {"other.example"};
    Stack stack;
    stack.provider = "terraform";
    stack.id = "1";
    stack.repository = "infra";
    stack.network.allow = {"db.example.com:5432"};
    const auto workspace = daemonWorkspace(settings, stack);
    REQUIRE(workspace);
    CHECK(workspace->network->hosts == std::vector<Network::Host>{{"registry.terraform.io", 443},
                                                                  {"github.com", 0},
                                                                  {"db.example.com", 5432},
                                                                  {"*.amazonaws.com", 443}});
    CHECK(holds(workspace->network->allowed, loopback(1111)));
}

}  // namespace workspace_test
