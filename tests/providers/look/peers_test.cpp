#include "providers/look/peers.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

using namespace driftkeeper;

namespace peers_test {
namespace {

std::string words(const std::vector<Network::Peer>& peers) {
    std::string result;
    for (const Network::Peer& peer : peers) {
        char text[INET6_ADDRSTRLEN] = {};
        ::inet_ntop(AF_INET6, peer.address.data(), text, sizeof text);
        const std::string address = text;
        const bool isFour = address.starts_with("::ffff:");
        result += (result.empty() ? "" : " ") + (isFour ? address.substr(7) : "[" + address + "]") +
                  ":" + std::to_string(peer.port);
    }
    return result;
}

}  // namespace

TEST_CASE("peers are found where people write them") {
    const std::pair<const char*, const char*> rows[] = {
        {"http://127.0.0.1:8080/state", "127.0.0.1:8080"},
        {"http://127.0.0.1/state", "127.0.0.1:80"},
        {"https://bob:word@127.0.0.1/x", "127.0.0.1:443"},
        {"http://localhost:4566", "127.0.0.1:4566 [::1]:4566"},
        {"http://[::1]:8080/", "[::1]:8080"},
        {"postgres://u:p@localhost/db?sslmode=disable", "127.0.0.1:5432 [::1]:5432"},
        {"host=127.0.0.1 port=5432 dbname=x", "127.0.0.1:0"},
        {"address=http://127.0.0.1:19851/s", "127.0.0.1:19851"},
        {"127.0.0.1", "127.0.0.1:0"},
        {"::1", "[::1]:0"},
        {"127.0.0.1:8200", "127.0.0.1:8200"},
        {"    server: https://127.0.0.1:6443\n", "127.0.0.1:6443"},
        {"{\"server\":\"http://10.0.0.1:6443\"}", "10.0.0.1:6443"},
        {"a plan of localhost and of 127.0.0.1 things", ""},
        {"https://example.com/127.0.0.1", ""},
        {"version 1.2.3.4.5", ""},
        {"", ""},
    };
    for (const auto& [text, wanted] : rows) CHECK_MESSAGE(words(peersIn(text)) == wanted, text);
}

TEST_CASE("resolvers are those of resolv.conf, and this host where it names none") {
    CHECK(
        words(resolversIn("search example.com\nnameserver 127.0.0.53\nnameserver\t::1 # own\n")) ==
        "127.0.0.53:53 [::1]:53");
    CHECK(words(resolversIn("options edns0\n")) == "127.0.0.1:53 [::1]:53");
}

}  // namespace peers_test
