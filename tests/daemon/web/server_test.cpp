#include "daemon/web/server.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <random>
#include <stdexcept>
#include <thread>
#include <vector>

#include "daemon/web/access_rules.hpp"
#include "tests/daemon/web/web_client.hpp"

namespace driftkeeper {
namespace server_test {
namespace {

using namespace std::chrono_literals;
using tests::bodyOf;
using tests::requestText;
using tests::statusOf;
using tests::WebClient;

// Answers with what it was asked.
WebResponse echo(const WebRequest& request) {
    if (request.path == std::vector<std::string>{"throw"}) throw std::runtime_error("canary");
    if (request.path == std::vector<std::string>{"huge"})
        return {200, "text/plain", std::string(20'000'000, 'x'), {}};
    WebResponse response{200, "text/plain", request.method, {{"X-Extra", "yes"}}};
    for (const std::string& segment : request.path) response.body += "|" + segment;
    return {response.status, response.type, response.body + fmt::format(" {}", request.body.size()),
            response.headers};
}

WebServer::Options optionsWith(AccessRules rules) {
    WebServer::Options options;
    options.rules = [rules = std::make_shared<const AccessRules>(std::move(rules))] {
        return rules;
    };
    return options;
}

WebServer::Options openOptions() {
    AccessRules rules;
    rules.ownToken = "s3cret";
    return optionsWith(std::move(rules));
}

std::unique_ptr<WebServer> serve(std::chrono::milliseconds patience = 10s,
                                 WebServer::Handler handler = echo) {
    WebServer::Options options = openOptions();
    options.patience = patience;
    return WebServer::start(options, std::move(handler)).value();
}

std::string ask(const WebServer& server, std::string_view text) {
    WebClient client(server.port());
    client.send(text);
    return client.readAnswer();
}

std::string get(const WebServer& server, std::string_view target) {
    return ask(server, requestText(server.port(), "GET", target));
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

TEST_CASE("a request reaches the handler decoded, and the answer carries what protects a browser") {
    const auto server = serve();
    const std::string answer = get(*server, "/api/v1/stacks/a%2Fb?x=1");
    CHECK(statusOf(answer) == 200);
    CHECK(bodyOf(answer) == "GET|api|v1|stacks|a/b 0");
    for (const char* header :
         {"X-Content-Type-Options: nosniff", "Content-Security-Policy: default-src 'none';",
          "Referrer-Policy: same-origin", "Cache-Control: no-store", "X-Frame-Options: DENY",
          "script-src 'self';", "X-Extra: yes"}) {
        CAPTURE(header);
        CHECK(has(answer, header));
    }
}

TEST_CASE("HEAD is GET without the body") {
    const auto server = serve();
    WebClient client(server->port());
    client.send(requestText(server->port(), "HEAD", "/x", "Connection: close\r\n"));
    const std::string answer = client.readToEnd();
    CHECK(has(answer, "Content-Length: 7\r\n"));
    CHECK(bodyOf(answer).empty());
}

TEST_CASE("one connection carries many requests, also before their answers") {
    const auto server = serve();
    WebClient client(server->port());
    std::string all;
    for (int i = 0; i < 50; ++i) all += requestText(server->port(), "GET", fmt::format("/{}", i));
    client.send(all);
    for (int i = 0; i < 50; ++i) CHECK(bodyOf(client.readAnswer()) == fmt::format("GET|{} 0", i));
}

TEST_CASE("a body may come in chunks") {
    const auto server = serve();
    const std::string head =
        requestText(server->port(), "POST", "/x",
                    "Authorization: Bearer s3cret\r\nTransfer-Encoding: chunked\r\n");
    CHECK(bodyOf(ask(*server, head + "5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n")) == "POST|x 11");
}

TEST_CASE("what is too large is refused") {
    const auto server = serve();
    const std::string token = "Authorization: Bearer s3cret\r\n";
    CHECK(statusOf(ask(*server, requestText(server->port(), "POST", "/x", token,
                                            std::string(1024 * 1024, 'x')))) == 200);
    CHECK(statusOf(ask(*server, requestText(server->port(), "POST", "/x", token,
                                            std::string(1024 * 1024 + 1, 'x')))) == 413);
    CHECK(statusOf(ask(*server, requestText(server->port(), "POST", "/x",
                                            token + "Content-Length: 99999999999999999\r\n"))) ==
          413);
    CHECK(statusOf(ask(*server, requestText(server->port(), "GET", "/x",
                                            "X-Large: " + std::string(17 * 1024, 'x') + "\r\n"))) ==
          431);
    CHECK(statusOf(ask(*server, requestText(server->port(), "GET",
                                            "/" + std::string(17 * 1024, 'x')))) == 431);
    std::string chunks =
        requestText(server->port(), "POST", "/x", token + "Transfer-Encoding: chunked\r\n");
    for (int i = 0; i < 20; ++i) chunks += "10000\r\n" + std::string(65536, 'x') + "\r\n";
    CHECK(statusOf(ask(*server, chunks)) == 413);
}

TEST_CASE("what is no HTTP is refused or cut off, and the server lives") {
    const auto server = serve();
    const std::uint16_t port = server->port();
    CHECK(statusOf(ask(*server, "nonsense\r\n\r\n")) == 400);
    CHECK(statusOf(ask(*server, "GET / HTTP/2.0\r\n\r\n")) == 400);
    CHECK(statusOf(ask(*server, "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n")) == 400);
    CHECK(statusOf(get(*server, "/%zz")) == 400);
    CHECK(statusOf(get(*server, "http://127.0.0.1/")) == 400);
    CHECK(statusOf(ask(*server, requestText(port, "POST", "/", "Content-Length: -1\r\n"))) == 400);
    CHECK(statusOf(ask(*server, requestText(port, "POST", "/",
                                            "Content-Length: 1\r\nContent-Length: 2\r\n"))) == 400);
    CHECK(statusOf(ask(*server,
                       requestText(port, "POST", "/",
                                   "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"))) == 400);

    std::mt19937 random(1);
    for (int i = 0; i < 200; ++i) {
        std::string noise = i % 2 == 0 ? requestText(port, "GET", "/") : std::string(300, ' ');
        for (int flips = 0; flips < 20; ++flips)
            noise[random() % noise.size()] = static_cast<char>(random());
        const WebClient client(port);
        client.send(noise);
    }
    CHECK(statusOf(get(*server, "/")) == 200);
}

TEST_CASE("host, origin and token are asked for before the handler is") {
    std::atomic<int> calls = 0;
    const auto server = serve(10s, [&calls](const WebRequest& request) {
        ++calls;
        return echo(request);
    });
    const std::uint16_t port = server->port();
    CHECK(statusOf(ask(*server, "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n")) == 421);
    CHECK(statusOf(ask(*server, "GET / HTTP/1.1\r\n\r\n")) == 400);
    CHECK(statusOf(ask(*server, requestText(port, "GET", "/", "Host: evil.example\r\n"))) == 421);
    CHECK(statusOf(ask(*server, "GET /api/v1/events HTTP/1.1\r\nHost: evil.example\r\n\r\n")) ==
          421);
    CHECK(statusOf(ask(*server, requestText(port, "POST", "/-/reload"))) == 401);
    CHECK(has(ask(*server, requestText(port, "POST", "/-/reload")), "WWW-Authenticate: Bearer"));
    CHECK(statusOf(ask(
              *server,
              requestText(port, "POST", "/-/reload",
                          "Authorization: Bearer s3cret\r\nOrigin: http://evil.example\r\n"))) ==
          403);
    CHECK(calls == 0);
    CHECK(statusOf(ask(*server, requestText(port, "POST", "/-/reload",
                                            "Authorization: Bearer s3cret\r\n"))) == 200);
    CHECK(calls == 1);
}

TEST_CASE("what the handler throws stays inside") {
    const auto server = serve();
    const std::string answer = get(*server, "/throw");
    CHECK(statusOf(answer) == 500);
    CHECK(bodyOf(answer).starts_with(R"({"version":1,"error":{"code":"internal")"));
    CHECK_FALSE(has(answer, "canary"));
}

TEST_CASE("a peer that does not finish its request is cut off") {
    const auto server = serve(200ms);
    for (const std::string& start :
         {std::string(), std::string("GET / HT"),
          requestText(server->port(), "POST", "/", "Content-Length: 100\r\n")}) {
        CAPTURE(start);
        WebClient client(server->port());
        client.send(start);
        CHECK(client.readToEnd().empty());
    }
}

TEST_CASE("a peer that sends a byte now and then is cut off as well") {
    const auto server = serve(200ms);
    WebClient client(server->port());
    const auto begin = std::chrono::steady_clock::now();
    client.send("GET / HTTP/1.1\r\nX-Slow: ");
    while (!client.isClosedWithin(10ms) && client.send("x") &&
           std::chrono::steady_clock::now() - begin < 15s) {
    }
    CHECK(std::chrono::steady_clock::now() - begin < 15s);
}

TEST_CASE("a peer that does not read its answer is cut off, and its seat is free again") {
    WebServer::Options options = openOptions();
    options.connections = 1;
    options.patience = 200ms;
    const auto server = WebServer::start(options, echo).value();
    WebClient client(server->port());
    client.send(requestText(server->port(), "GET", "/huge"));
    client.readUntil("\r\n\r\n");
    CHECK(statusOf(get(*server, "/")) == 200);
    CHECK(client.readToEnd().size() < 20'000'000);
}

TEST_CASE("half requests and followers without end shut nobody out") {
    const auto server = serve(60s);
    std::vector<std::unique_ptr<WebClient>> hostile;
    for (int i = 0; i < 100; ++i) {
        hostile.push_back(std::make_unique<WebClient>(server->port()));
        hostile.back()->send(i % 2 == 0 ? requestText(server->port(), "GET", "/api/v1/events")
                                        : "GET / HTTP/1.1\r\nX-Slow: ");
    }
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < 20; ++i) CHECK(statusOf(get(*server, "/-/healthy")) == 200);
    CHECK(std::chrono::steady_clock::now() - begin < 20s);
}

TEST_CASE("a header that goes on in the next line is refused, however it arrives") {
    const auto server = serve();
    for (const char* fold : {"\r\n ", "\r\n\t"}) {
        const auto text =
            requestText(server->port(), "GET", "/x", fmt::format("X-One: a{}X-Two: b\r\n", fold));
        CHECK(statusOf(ask(*server, text)) == 400);
        WebClient slow(server->port());
        for (const char byte : text) slow.send(std::string(1, byte));
        CHECK(statusOf(slow.readAnswer()) == 400);
    }
    CHECK(statusOf(ask(*server, requestText(server->port(), "GET", "/x",
                                            "Transfer-Encoding: xchunked\r\n"))) == 400);
}

TEST_CASE("many clients at once are all answered") {
    const auto server = serve();
    std::vector<std::future<int>> clients;
    for (int i = 0; i < 100; ++i)
        clients.push_back(
            std::async(std::launch::async, [&server] { return statusOf(get(*server, "/x")); }));
    for (auto& client : clients) CHECK(client.get() == 200);
}

TEST_CASE("who follows the events gets each of them") {
    const auto server = serve();
    WebClient one(server->port());
    WebClient other(server->port());
    for (WebClient* client : {&one, &other}) {
        client->send(requestText(server->port(), "GET", "/api/v1/events"));
        CHECK(has(client->readUntil("retry: 3000\n\n"), "Content-Type: text/event-stream\r\n"));
    }
    server->publish("check", R"({"a":1})");
    server->publish("incident", "{}");
    for (WebClient* client : {&one, &other}) {
        CHECK(client->readUntil("\n\n") == "event: check\ndata: {\"a\":1}\n\n");
        CHECK(client->readUntil("\n\n") == "event: incident\ndata: {}\n\n");
    }
}

TEST_CASE("following is limited, so that there is room for others") {
    const auto server = serve();
    std::vector<std::unique_ptr<WebClient>> followers;
    for (int i = 0; i < 32; ++i) {
        followers.push_back(std::make_unique<WebClient>(server->port()));
        followers.back()->send(requestText(server->port(), "GET", "/api/v1/events"));
        followers.back()->readUntil("\n\n");
    }
    CHECK(statusOf(get(*server, "/api/v1/events")) == 503);
    CHECK(statusOf(get(*server, "/")) == 200);
}

TEST_CASE("a follower that does not keep up is cut off, the others are not") {
    const auto server = serve();
    WebClient slow(server->port());
    slow.send(requestText(server->port(), "GET", "/api/v1/events"));
    slow.readUntil("retry: 3000\n\n");
    const std::string event(100'000, 'x');
    for (int i = 0; i < 300; ++i) server->publish("check", event);
    WebClient quick(server->port());
    quick.send(requestText(server->port(), "GET", "/api/v1/events"));
    quick.readUntil("retry: 3000\n\n");
    server->publish("check", "{}");
    CHECK(quick.readUntil("\n\n") == "event: check\ndata: {}\n\n");
    CHECK(slow.readToEnd().size() < 300 * event.size());
}

TEST_CASE("the server stops at once with streams and half requests open") {
    auto server = serve();
    WebClient follower(server->port());
    follower.send(requestText(server->port(), "GET", "/api/v1/events"));
    follower.readUntil("retry: 3000\n\n");
    WebClient half(server->port());
    half.send("GET / HT");
    WebClient idle(server->port());
    idle.send(requestText(server->port(), "GET", "/"));
    idle.readAnswer();
    const auto begin = std::chrono::steady_clock::now();
    server.reset();
    CHECK(std::chrono::steady_clock::now() - begin < 1500ms);
    CHECK(follower.readToEnd().empty());
    CHECK(half.readToEnd().empty());
}

TEST_CASE("an answer that is being made when the server stops still arrives") {
    std::promise<void> entered;
    std::promise<void> release;
    auto server = serve(10s, [&](const WebRequest& request) {
        entered.set_value();
        release.get_future().wait();
        return echo(request);
    });
    WebClient client(server->port());
    client.send(requestText(server->port(), "GET", "/last"));
    entered.get_future().wait();
    auto stopped = std::async(std::launch::async, [&server] { server.reset(); });
    release.set_value();
    CHECK(bodyOf(client.readAnswer()) == "GET|last 0");
    stopped.get();
}

TEST_CASE("a peer that does not read cannot hold up the stop for long") {
    auto server = serve();
    WebClient client(server->port());
    client.send(requestText(server->port(), "GET", "/huge"));
    client.readUntil("\r\n\r\n");
    const auto begin = std::chrono::steady_clock::now();
    server.reset();
    CHECK(std::chrono::steady_clock::now() - begin < 6s);
}

TEST_CASE("more requests than the rate limit allows are refused, the question for health is not") {
    AccessRules rules;
    rules.config.rateLimit = WebConfig::RateLimit{std::chrono::hours(1), 3};
    const auto server = WebServer::start(optionsWith(rules), echo).value();
    for (int i = 0; i < 3; ++i) CHECK(statusOf(get(*server, "/x")) == 200);
    const std::string refused = get(*server, "/x");
    CHECK(statusOf(refused) == 429);
    CHECK(has(refused, "Retry-After: 3600\r\n"));
    CHECK(statusOf(get(*server, "/api/v1/events")) == 429);
    CHECK(statusOf(get(*server, "/-/healthy")) == 200);
}

TEST_CASE("the web config file's headers replace ours") {
    AccessRules rules;
    rules.config.headers = {{"X-Frame-Options", "sameorigin"}, {"X-XSS-Protection", "0"}};
    const auto server = WebServer::start(optionsWith(rules), echo).value();
    const std::string answer = get(*server, "/x");
    CHECK(has(answer, "X-Frame-Options: sameorigin\r\n"));
    CHECK_FALSE(has(answer, "DENY"));
    CHECK(has(answer, "X-XSS-Protection: 0\r\n"));
    CHECK_FALSE(has(answer, "Strict-Transport-Security"));
}

TEST_CASE("passwords that take long do not hold up anybody else") {
    AccessRules rules;
    rules.isOpen = false;
    rules.ownToken = "0123456789abcdef";
    rules.config.users = {
        {"alice", "$2b$12$" + std::string(53, 'a')}};  // a quarter of a second each, or more
    const auto server = WebServer::start(optionsWith(rules), echo).value();
    std::vector<std::unique_ptr<WebClient>> guessers;
    for (int i = 0; i < 6; ++i) {
        guessers.push_back(std::make_unique<WebClient>(server->port()));
        guessers.back()->send(
            requestText(server->port(), "GET", "/x",
                        fmt::format("Authorization: Basic YWxpY2U6Y2FuYXJ{}\r\n", "5BCDEF"[i])));
    }
    for (int i = 0; i < 50; ++i)
        CHECK(statusOf(ask(*server, requestText(server->port(), "GET", "/x",
                                                "Authorization: Bearer 0123456789abcdef\r\n"))) ==
              200);
    for (auto& guesser : guessers) CHECK(statusOf(guesser->readAnswer()) == 401);
}

TEST_CASE("the server stops while passwords are compared") {
    AccessRules rules;
    rules.isOpen = false;
    rules.config.users = {{"alice", "$2b$12$" + std::string(53, 'a')}};
    auto server = WebServer::start(optionsWith(rules), echo).value();
    std::vector<std::unique_ptr<WebClient>> guessers;
    for (int i = 0; i < 6; ++i) {
        guessers.push_back(std::make_unique<WebClient>(server->port()));
        guessers.back()->send(
            requestText(server->port(), "GET", "/x", "Authorization: Basic YWxpY2U6Y2FuYXJ5\r\n"));
    }
    server.reset();
    for (auto& guesser : guessers) guesser->readToEnd();
}

TEST_CASE("an address that is taken or not ours is the operator's to fix") {
    const auto server = serve();
    WebServer::Options options = openOptions();
    options.port = server->port();
    const auto second = WebServer::start(options, echo);
    REQUIRE_FALSE(second.has_value());
    CHECK(second.error().code == "listen_failed");
    CHECK(second.error().remedy == Remedy::FixSetup);
    options.address = "192.0.2.1";
    CHECK_FALSE(WebServer::start(options, echo).has_value());
    options.address = "no address";
    CHECK_FALSE(WebServer::start(options, echo).has_value());
}

}  // namespace
}  // namespace server_test
}  // namespace driftkeeper
