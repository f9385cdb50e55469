#include "providers/process/reach.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>

#include <cstring>
#include <string>

#include "providers/process/real_tool_runner.hpp"
#include "tests/providers/process/scratch.hpp"

using namespace driftkeeper;
using tests::Scratch;

namespace network_guard_test {
namespace {

Network::Peer peer(const std::string& host, std::uint16_t port) {
    Network::Peer result{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, port};
    if (::inet_pton(AF_INET, host.c_str(), result.address.data() + 12) != 1)
        REQUIRE(::inet_pton(AF_INET6, host.c_str(), result.address.data()) == 1);
    return result;
}

bool reaches(const Network& network, const std::string& host, std::uint16_t port = 80) {
    sockaddr_in four{};
    four.sin_family = AF_INET;
    four.sin_port = htons(port);
    if (::inet_pton(AF_INET, host.c_str(), &four.sin_addr) == 1)
        return mayReach(network, reinterpret_cast<const sockaddr*>(&four), sizeof four);
    sockaddr_in6 six{};
    six.sin6_family = AF_INET6;
    six.sin6_port = htons(port);
    REQUIRE(::inet_pton(AF_INET6, host.c_str(), &six.sin6_addr) == 1);
    return mayReach(network, reinterpret_cast<const sockaddr*>(&six), sizeof six);
}

}  // namespace

TEST_CASE("a tool reaches everybody but this host and the cloud's metadata") {
    const Network network;
    for (const char* open :
         {"1.1.1.1", "10.0.0.5", "192.168.1.1", "126.255.255.255", "128.0.0.1", "2606:4700::1111",
          "fd12:3456::1", "::ffff:8.8.8.8", "64:ff9b::808:808"})
        CHECK_MESSAGE(reaches(network, open), open);
    for (const char* closed : {"127.0.0.1",
                               "127.255.255.254",
                               "0.0.0.0",
                               "0.1.2.3",
                               "169.254.169.254",
                               "169.254.170.2",
                               "100.100.100.200",
                               "224.0.0.251",
                               "255.255.255.255",
                               "::",
                               "::1",
                               "::ffff:127.0.0.1",
                               "::ffff:169.254.169.254",
                               "64:ff9b::7f00:1",
                               "64:ff9b::a9fe:a9fe",
                               "::127.0.0.1",
                               "fe80::1",
                               "febf::1",
                               "ff02::fb",
                               "fd00:ec2::254"})
        CHECK_MESSAGE(!reaches(network, closed), closed);
}

TEST_CASE("what the settings open is open, and the daemon's own port only where they say that") {
    Network network;
    network.doors = {9743};
    network.named = {peer("127.0.0.1", 5432), peer("::1", 0), peer("127.0.0.2", 9743)};
    CHECK(reaches(network, "127.0.0.1", 5432));
    CHECK(reaches(network, "::ffff:127.0.0.1", 5432));
    CHECK_FALSE(reaches(network, "127.0.0.1", 5433));
    CHECK(reaches(network, "::1", 1));
    CHECK_FALSE(reaches(network, "::1", 9743));
    CHECK_FALSE(reaches(network, "127.0.0.2", 9743));
    network.allowed = {peer("127.0.0.2", 9743)};
    CHECK(reaches(network, "127.0.0.2", 9743));
    CHECK_FALSE(reaches(network, "169.254.169.254"));
    network.metadata = true;
    CHECK(reaches(network, "169.254.169.254"));
    CHECK(reaches(network, "fe80::1"));
    CHECK_FALSE(reaches(network, "127.0.0.1", 9743));
}

TEST_CASE("an address that is cut short, or of no kind that is known, is not reached") {
    sockaddr_in four{};
    four.sin_family = AF_INET;
    CHECK_FALSE(mayReach({}, reinterpret_cast<const sockaddr*>(&four), 6));
    four.sin_family = AF_VSOCK;
    CHECK_FALSE(mayReach({}, reinterpret_cast<const sockaddr*>(&four), sizeof four));
}

TEST_CASE("programs that wait for their peer go on when it answers" *
          doctest::skip(!networkRefusal().empty())) {
    const Scratch scratch;
    // A server in the same sandbox that answers late; the client waits in connect() and in send().
    scratch.write("talk.py", R"(
import os, socket, threading, time
path = os.path.join(os.getcwd(), 's')
server = socket.socket(socket.AF_UNIX)
server.bind(path)
server.listen(0)
def serve():
    time.sleep(0.2)
    for i in range(3):
        peer, _ = server.accept()
        total = 0
        while True:
            piece = peer.recv(1 << 16)
            if not piece: break
            total += len(piece)
        totals.append(total)
totals = []
thread = threading.Thread(target=serve)
thread.start()
def talk():
    client = socket.socket(socket.AF_UNIX)
    client.connect('s')
    sent = 0
    while sent < 1 << 20: sent += client.sendmsg([bytes(1 << 16)])
    client.close()
clients = [threading.Thread(target=talk) for i in range(3)]
for client in clients: client.start()
for client in clients: client.join()
thread.join()
print(totals)
)");
    ToolCall call;
    call.argv = {"python3", "talk.py"};
    call.directory = scratch.path();
    call.environment = {{"PATH", "/usr/bin:/bin"}};
    call.sandbox.writable = {scratch.path()};
    call.sandbox.network = Network{};
    call.timeout = std::chrono::seconds(60);
    for (const SandboxMode mode : {SandboxMode::Strict, SandboxMode::Landlock}) {
        std::filesystem::remove(scratch.path() / "s");
        RealToolRunner runner({mode, {}});
        const auto result = runner.run(call, {});
        REQUIRE(result);
        CHECK_MESSAGE(result->out == "[1048576, 1048576, 1048576]\n", result->err);
    }
}

}  // namespace network_guard_test
