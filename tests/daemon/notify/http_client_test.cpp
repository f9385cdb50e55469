#include <doctest/doctest.h>
#include <signal.h>

#include <chrono>
#include <future>
#include <string>

#include "daemon/notify/channel.hpp"
#include "daemon/notify/status.hpp"
#include "tests/daemon/notify/loopback_server.hpp"
#include "tests/daemon/notify/sample_notice.hpp"

namespace driftkeeper {
namespace http_client_test {
namespace {

using tests::Caller;
using tests::LoopbackServer;
using namespace std::chrono_literals;

HttpRequest post(std::string url, std::string body = "{}") {
    HttpRequest request;
    request.url = std::move(url);
    request.headers = {{"Content-Type", "application/json"}, {"Idempotency-Key", "one"}};
    request.body = std::move(body);
    return request;
}

HttpClient::Options impatient() {
    HttpClient::Options options;
    options.connect = 2s;
    options.total = 300ms;
    return options;
}

Outcome outcomeOf(const Answer& answer) {
    return judgeStatus(answer, tests::sampleNow()).outcome;
}

std::string answerText(std::string_view status, std::string_view headers, std::string_view body) {
    return "HTTP/1.1 " + std::string(status) + "\r\n" + std::string(headers) +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

TEST_CASE("a request arrives as it was described, and the answer comes back") {
    std::promise<std::string> seen;
    const LoopbackServer server([&seen](const Caller& peer) {
        seen.set_value(peer.readRequest());
        peer.send(answerText("200 OK", "Retry-AFTER:  7 \r\n", "ok"));
    });
    const Answer answer = HttpClient().send(post(server.url(), R"({"a":1})"));
    CHECK(answer.status == 200);
    CHECK(answer.body == "ok");
    CHECK(answer.headers.at("retry-after") == "7");
    CHECK(answer.error.empty());
    CHECK(answer.written);
    const std::string request = seen.get_future().get();
    CHECK(request.starts_with("POST /canary/path HTTP/1.1\r\n"));
    CHECK(request.find("\r\nContent-Length: 7\r\n") != std::string::npos);
    CHECK(request.find("\r\nUser-Agent: driftkeeper/") != std::string::npos);
    CHECK(request.find("\r\nIdempotency-Key: one\r\n") != std::string::npos);
    CHECK(request.find("Expect") == std::string::npos);
    CHECK(request.ends_with("\r\n\r\n{\"a\":1}"));
}

TEST_CASE("a request without a body can be a GET") {
    std::promise<std::string> seen;
    const LoopbackServer server([&seen](const Caller& peer) {
        seen.set_value(peer.readRequest());
        peer.send(answerText("204 No Content", "", ""));
    });
    HttpRequest request;
    request.method = "GET";
    request.url = server.url();
    CHECK(HttpClient().send(request).status == 204);
    CHECK(seen.get_future().get().starts_with("GET /canary/path HTTP/1.1\r\n"));
}

TEST_CASE("a large body is sent whole and without being asked to continue") {
    const std::string body(3'000'000, 'x');
    std::promise<std::size_t> seen;
    const LoopbackServer server([&seen](const Caller& peer) {
        seen.set_value(peer.readRequest().size());
        peer.send(answerText("200 OK", "", ""));
    });
    CHECK(HttpClient().send(post(server.url(), body)).status == 200);
    CHECK(seen.get_future().get() > body.size());
}

TEST_CASE("a redirect is an answer and is not followed") {
    LoopbackServer elsewhere([](const Caller& peer) { peer.waitForClose(); });
    const LoopbackServer server([&elsewhere](const Caller& peer) {
        peer.readRequest();
        peer.send(
            answerText("307 Temporary Redirect", "Location: " + elsewhere.url() + "\r\n", ""));
    });
    const Answer answer = HttpClient().send(post(server.url()));
    CHECK(answer.status == 307);
    CHECK(outcomeOf(answer) == Outcome::BadDestination);
    CHECK(elsewhere.connections() == 0);
}

TEST_CASE("no answer after the whole request is ambiguous") {
    SUBCASE("the peer is silent") {
        const LoopbackServer server([](const Caller& peer) { peer.waitForClose(); });
        CHECK(outcomeOf(HttpClient(impatient()).send(post(server.url()))) == Outcome::Ambiguous);
    }
    SUBCASE("the peer hangs up") {
        const LoopbackServer server([](const Caller& peer) { peer.readRequest(); });
        CHECK(outcomeOf(HttpClient().send(post(server.url()))) == Outcome::Ambiguous);
    }
    SUBCASE("the peer stops in the middle of its answer") {
        const LoopbackServer server([](const Caller& peer) {
            peer.readRequest();
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no");
        });
        CHECK(outcomeOf(HttpClient().send(post(server.url()))) == Outcome::Ambiguous);
    }
    SUBCASE("the peer dribbles headers") {
        const LoopbackServer server([](const Caller& peer) {
            peer.readRequest();
            peer.send("HTTP/1.1 200 OK\r\nX-Slow: ");
            peer.waitForClose();
        });
        CHECK(outcomeOf(HttpClient(impatient()).send(post(server.url()))) == Outcome::Ambiguous);
    }
    SUBCASE("the answer is no HTTP") {
        const LoopbackServer server([](const Caller& peer) {
            peer.readRequest();
            peer.send("SSH-2.0-OpenSSH\r\n");
        });
        CHECK(outcomeOf(HttpClient().send(post(server.url()))) == Outcome::Ambiguous);
    }
    SUBCASE("the headers do not end") {
        const LoopbackServer server([](const Caller& peer) {
            peer.readRequest();
            peer.send("HTTP/1.1 200 OK\r\n");
            while (peer.send("X-Filler: " + std::string(1000, 'x') + "\r\n")) {
            }
        });
        CHECK(outcomeOf(HttpClient().send(post(server.url()))) == Outcome::Ambiguous);
    }
}

TEST_CASE("a peer that did not take the whole request may be asked again") {
    std::promise<void> over;
    const LoopbackServer server([held = over.get_future().share()](const Caller&) { held.wait(); });
    const Answer answer =
        HttpClient(impatient()).send(post(server.url(), std::string(50'000'000, 'x')));
    over.set_value();
    CHECK_FALSE(answer.written);
    CHECK(outcomeOf(answer) == Outcome::Transient);
}

TEST_CASE("a refused connection is transient and names no address") {
    std::string url;
    {
        const LoopbackServer gone([](const Caller&) {});
        url = gone.url();
    }
    const Answer answer = HttpClient().send(post(url));
    CHECK(answer.status == 0);
    CHECK_FALSE(answer.written);
    CHECK(outcomeOf(answer) == Outcome::Transient);
    CHECK_FALSE(answer.error.empty());
    CHECK(answer.error.find("canary") == std::string::npos);
    CHECK(answer.error.find("127.0.0.1") == std::string::npos);
}

TEST_CASE("an answer is read up to 64 KiB") {
    const LoopbackServer server([](const Caller& peer) {
        peer.readRequest();
        peer.send(answerText("400 Bad Request", "", std::string(1'000'000, 'x')));
    });
    const Answer answer = HttpClient().send(post(server.url()));
    CHECK(answer.status == 400);
    CHECK(answer.body.size() == 64 * 1024);
}

TEST_CASE("TLS is verified") {
    const tests::TlsAnswer answers(answerText("200 OK", "Connection: close\r\n", "ok"));
    const LoopbackServer server([&answers](const Caller& peer) { answers(peer); });
    SUBCASE("an unknown certificate is refused before anything is sent") {
        const Answer answer = HttpClient().send(post(server.url("https")));
        CHECK(answer.status == 0);
        CHECK_FALSE(answer.written);
        CHECK(outcomeOf(answer) == Outcome::Transient);
    }
    SUBCASE("a certificate that the settings name is trusted") {
        HttpClient::Options options;
        options.tlsCaFile = answers.certificateFile();
        CHECK(HttpClient(options).send(post(server.url("https"))).body == "ok");
    }
    SUBCASE("a host that does not speak TLS is transient") {
        const LoopbackServer plain(
            [](const Caller& peer) { peer.send("HTTP/1.1 400 Bad Request\r\n\r\n"); });
        CHECK(outcomeOf(HttpClient().send(post(plain.url("https")))) == Outcome::Transient);
    }
}

TEST_CASE("the settings' proxy gets the request") {
    std::promise<std::string> seen;
    const LoopbackServer proxy([&seen](const Caller& peer) {
        seen.set_value(peer.readRequest());
        peer.send(answerText("200 OK", "", ""));
    });
    HttpClient::Options options;
    options.proxy = proxy.url();
    CHECK(HttpClient(options).send(post("http://peer.invalid/hook")).status == 200);
    CHECK(seen.get_future().get().starts_with("POST http://peer.invalid/hook HTTP/1.1\r\n"));
}

TEST_CASE("what is no HTTP address is not sent, and files are not read") {
    for (const char* url :
         {"file:///etc/hostname", "gopher://127.0.0.1/", "", "http://", "no address at all"}) {
        CAPTURE(url);
        const Answer answer = HttpClient().send(post(url));
        CHECK(answer.status == 0);
        CHECK_FALSE(answer.written);
        CHECK_FALSE(answer.error.empty());
    }
}

TEST_CASE("a header cannot smuggle in another one") {
    HttpRequest request = post("http://127.0.0.1:9/");
    request.headers["Idempotency-Key"] = "one\r\nX-Evil: yes";
    CHECK(HttpClient().send(request).error ==
          "a header of the request has control characters in it");
}

}  // namespace
}  // namespace http_client_test
}  // namespace driftkeeper
