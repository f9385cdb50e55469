#include "providers/process/egress_proxy.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <mutex>
#include <string>
#include <vector>

#include "parsers/text/encoding.hpp"
#include "providers/process/reach.hpp"
#include "providers/process/real_tool_runner.hpp"
#include "tests/providers/process/scratch.hpp"
#include "tests/support/http_receiver.hpp"

using namespace driftkeeper;
using tests::HttpReceiver;

namespace egress_proxy_test {
namespace {

Network::Peer loopback(std::uint16_t port) {
    return {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1}, port};
}

// A tool that says what it is told to the proxy of its environment, or to another port, and prints
// what it hears until the end.
class Talker {
public:
    explicit Talker(Network network, std::map<std::string, std::string> environment = {})
        : network_(std::move(network)), environment_(std::move(environment)) {
        environment_["PATH"] = "/usr/bin:/bin";
    }

    std::string say(const std::string& text, std::uint16_t port = 0) {
        ToolCall call;
        call.argv = {"python3", "-c", R"(
import base64, os, socket, sys
from urllib.parse import urlsplit
proxy = urlsplit(os.environ.get('HTTPS_PROXY', ''))
port = int(sys.argv[2]) or proxy.port
try:
    s = socket.create_connection(('127.0.0.1', port), 20)
    heard = b''
    for part in sys.argv[1].split('|'):
        s.sendall(base64.b64decode(part))
        if part != sys.argv[1].split('|')[-1]: heard += s.recv(65536)
    s.shutdown(socket.SHUT_WR)
    while piece := s.recv(65536): heard += piece
    print(heard.decode('latin-1'), end='')
except OSError as error:
    print(error, end='')
)",
                     text, std::to_string(port)};
        call.environment = environment_;
        call.directory = scratch_.path();
        call.sandbox.writable = {scratch_.path()};
        call.sandbox.network = network_;
        call.timeout = std::chrono::seconds(60);
        RealToolRunner runner({strongestSandbox(), {}}, [this](const Egress& one) {
            const std::scoped_lock lock(mutex_);
            asked_.push_back(fmt::format("{}:{} {}", one.host, one.port, one.allowedBy));
        });
        const auto result = runner.run(call, {});
        REQUIRE(result);
        REQUIRE_MESSAGE(result->err.empty(), result->err);
        return result->out;
    }
    // Parts that each wait for an answer to the one before.
    std::string converse(const std::vector<std::string>& parts) {
        std::string text;
        for (const std::string& part : parts) text += (text.empty() ? "" : "|") + base64(part);
        return say(text);
    }
    [[nodiscard]] std::vector<std::string> asked() const {
        const std::scoped_lock lock(mutex_);
        return asked_;
    }

private:
    tests::Scratch scratch_;
    Network network_;
    std::map<std::string, std::string> environment_;
    mutable std::mutex mutex_;
    std::vector<std::string> asked_;
};

std::string connectTo(const std::string& authority) {
    return "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n\r\n";
}

std::string get(const std::string& url) {
    return "GET " + url + " HTTP/1.1\r\nHost: x\r\nProxy-Authorization: Basic eA==\r\n\r\n";
}

// Network that names a host, and lets that host be here.
Network here(const HttpReceiver& server) {
    Network network;
    network.hosts = {{"localhost", server.port()}};
    network.allowed = {loopback(server.port())};
    return network;
}

bool begins(const std::string& text, const std::string& start) {
    return text.starts_with(start);
}

}  // namespace

TEST_CASE("a tool reaches the named hosts through the proxy, and nothing else") {
    HttpReceiver server;
    server.answerUsually({200, {}, "hello"});
    Talker tool(here(server));
    const std::string authority = fmt::format("localhost:{}", server.port());
    const std::string tunnel = tool.converse({connectTo(authority), get("/tunnel")});
    CHECK_MESSAGE(begins(tunnel, "HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 200"),
                  tunnel);
    CHECK(tunnel.ends_with("hello"));
    const std::string plain =
        tool.converse({get("http://LOCALHOST.:" + std::to_string(server.port()) + "/plain?a=b")});
    CHECK_MESSAGE(begins(plain, "HTTP/1.1 200"), plain);
    REQUIRE(server.requests().size() == 2);
    CHECK(server.requests()[0].target == "/tunnel");
    CHECK(server.requests()[1].target == "/plain?a=b");
    CHECK(server.requests()[1].headers.at("connection") == "close");
    CHECK_FALSE(server.requests()[1].headers.contains("proxy-authorization"));

    const std::string refused = tool.converse({connectTo("evil.example:443")});
    CHECK_MESSAGE(begins(refused, "HTTP/1.1 403 evil.example:443 is not in network.allow\r\n"),
                  refused);
    CHECK(begins(tool.converse({connectTo("localhost:1")}), "HTTP/1.1 403 localhost:1"));
    CHECK(begins(tool.converse({get("http://169.254.169.254/latest")}), "HTTP/1.1 403"));
    CHECK(begins(tool.converse({connectTo("10.0.0.1:443")}), "HTTP/1.1 403"));
    CHECK(begins(tool.converse({get("ftp://localhost/x")}), "HTTP/1.1 400"));
    CHECK(begins(tool.converse({connectTo("localhost")}), "HTTP/1.1 400"));
    CHECK(tool.asked() == std::vector<std::string>{authority + " localhost",
                                                   authority + " localhost", "evil.example:443 ",
                                                   "localhost:1 ", "169.254.169.254:80 ",
                                                   "10.0.0.1:443 "});
}

TEST_CASE("a name of the list that leads to this host opens nothing there") {
    const HttpReceiver server;
    Network network;
    network.hosts = {{"localhost", server.port()}};
    Talker tool(network);
    const std::string answer =
        tool.converse({connectTo(fmt::format("localhost:{}", server.port()))});
    CHECK_MESSAGE(begins(answer, "HTTP/1.1 403 localhost is at an address of this host"), answer);
    CHECK(server.requests().empty());
}

TEST_CASE("what is not named is out of a tool's reach, with the proxy and without it" *
          doctest::skip(!networkRefusal().empty())) {
    HttpReceiver server;
    Network network;
    network.hosts = {{"*.example.com", 443}};
    Talker tool(network);
    CHECK(tool.say(base64("x"), server.port()) == "[Errno 13] Permission denied");
    const auto reaches = [&](const char* address, std::uint16_t port) {
        Network::Peer peer{};
        REQUIRE(std::string(address) == "10.0.0.1");
        peer.address = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 1};
        peer.port = port;
        return mayReach(network, peer);
    };
    CHECK_FALSE(reaches("10.0.0.1", 443));
    network.allowed = {{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 1}, 443}};
    CHECK(reaches("10.0.0.1", 443));
    CHECK_FALSE(reaches("10.0.0.1", 444));
}

TEST_CASE("a tunnel to one name cannot greet another") {
    HttpReceiver server;
    Network network = here(server);
    network.hosts.push_back({"*.fine.example", 0});
    Talker tool(network);
    // A TLS greeting that names a host, as short as it can be (RFC 8446 4.1.2).
    const auto greeting = [](const std::string& name) {
        const auto number = [](std::size_t value, int bytes) {
            std::string text;
            for (int i = bytes - 1; i >= 0; --i) text += static_cast<char>(value >> (8 * i));
            return text;
        };
        const std::string entry = std::string(1, '\0') + number(name.size(), 2) + name;
        const std::string content = number(entry.size(), 2) + entry;
        const std::string extension = number(0, 2) + number(content.size(), 2) + content;
        const std::string body = number(0x0303, 2) + std::string(32, 'r') + number(0, 1) +
                                 number(2, 2) + number(0x1301, 2) + number(1, 1) + number(0, 1) +
                                 number(extension.size(), 2) + extension;
        const std::string message = number(1, 1) + number(body.size(), 3) + body;
        return number(22, 1) + number(0x0301, 2) + number(message.size(), 2) + message;
    };
    const std::string authority = fmt::format("localhost:{}", server.port());
    const std::string end = "\r\n\r\n";
    tool.converse({connectTo(authority), greeting("api.fine.example") + end});
    CHECK(tool.asked() == std::vector<std::string>{authority + " localhost"});
    CHECK(tool.converse({connectTo(authority), greeting("evil.example") + end}) ==
          "HTTP/1.1 200 Connection established\r\n\r\n");
    CHECK(tool.asked().back() == fmt::format("evil.example:{} ", server.port()));
}

TEST_CASE("the host's own proxy is used, with its password, and not for what needs none") {
    HttpReceiver upstream;
    upstream.answerUsually({200, {}, "from upstream"});
    Network network;
    network.hosts = {{"*.example.com", 0}, {"localhost", upstream.port()}};
    network.allowed = {loopback(upstream.port())};
    const std::string url = fmt::format("http://ann:p%40ss@127.0.0.1:{}", upstream.port());
    Talker tool(network, {{"HTTP_PROXY", url}, {"https_proxy", url}, {"NO_PROXY", "localhost"}});
    CHECK(begins(tool.converse({get("http://api.example.com/x")}), "HTTP/1.1 200"));
    CHECK(begins(tool.converse({connectTo("api.example.com:443")}),
                 "HTTP/1.1 200 Connection established"));
    CHECK(begins(tool.converse({get(fmt::format("http://localhost:{}/own", upstream.port()))}),
                 "HTTP/1.1 200"));
    const auto requests = upstream.requests();
    REQUIRE(requests.size() == 3);
    CHECK(requests[0].target == "http://api.example.com/x");
    CHECK(requests[0].headers.at("proxy-authorization") == "Basic " + base64("ann:p@ss"));
    CHECK(requests[1].method == "CONNECT");
    CHECK(requests[1].target == "api.example.com:443");
    CHECK(requests[2].target == "/own");

    const auto none = EgressProxy::start(network, {{"ALL_PROXY", "socks5://10.0.0.1:1080"}}, {});
    REQUIRE_FALSE(none);
    CHECK(none.error().code == "tool_not_started");
}

TEST_CASE("a pattern names hosts at its port") {
    Network network;
    network.hosts = {{"*.amazonaws.com", 443}, {"registry.terraform.io", 0}};
    CHECK(hostThatAllows(network, "sts.eu-central-1.amazonaws.com", 443) == network.hosts.data());
    CHECK(hostThatAllows(network, "sts.eu-central-1.amazonaws.com", 80) == nullptr);
    CHECK(hostThatAllows(network, "amazonaws.com", 443) == nullptr);
    CHECK(hostThatAllows(network, "amazonaws.com.evil.example", 443) == nullptr);
    CHECK(hostThatAllows(network, "registry.terraform.io", 8443) != nullptr);
    CHECK(isReachedDirectly({"db.example.com", 5432}));
    CHECK_FALSE(isReachedDirectly({"api.example.com", 443}));
    CHECK_FALSE(isReachedDirectly({"*.example.com", 5432}));
}

}  // namespace egress_proxy_test
