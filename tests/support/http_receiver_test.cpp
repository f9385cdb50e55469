#include "tests/support/http_receiver.hpp"

#include <doctest/doctest.h>

#include "tests/support/run.hpp"

using namespace driftkeeper::tests;
using namespace std::chrono_literals;

namespace {

Finished curl(std::vector<std::string> arguments, std::string input = {}) {
    arguments.insert(arguments.begin(), {"curl", "--silent", "--noproxy", "*"});
    return run(arguments, {.input = std::move(input)});
}

}  // namespace

TEST_CASE("a request is remembered with method, target, headers and body") {
    const HttpReceiver receiver;
    const Finished finished =
        curl({"-H", "X-Word: some value", "--data-binary", "the body", receiver.url("/hook?a=1")});
    CHECK(finished.ok());
    REQUIRE(receiver.waitFor(1, 5s));
    const HttpRequest request = receiver.requests().at(0);
    CHECK(request.method == "POST");
    CHECK(request.target == "/hook?a=1");
    CHECK(request.headers.at("x-word") == "some value");
    CHECK(request.body == "the body");
}

TEST_CASE("a large body and a chunked body arrive whole") {
    const HttpReceiver receiver;
    const std::string large(3 << 20, 'x');
    CHECK(curl({"--data-binary", "@-", receiver.url()}, large).ok());
    CHECK(curl({"-H", "Transfer-Encoding: chunked", "--data-binary", "@-", receiver.url()}, large)
              .ok());
    REQUIRE(receiver.waitFor(2, 5s));
    CHECK(receiver.requests().at(0).body == large);
    CHECK(receiver.requests().at(1).body == large);
}

TEST_CASE("scripted answers come first and in order, then the usual one") {
    HttpReceiver receiver;
    receiver.answerUsually({.status = 204});
    receiver.answerNext(
        {{.status = 503, .headers = {{"Retry-After", "7"}}}, {.status = 400, .body = "no"}});
    const std::string url = receiver.url();
    CHECK(curl({"--include", url}).out.starts_with("HTTP/1.1 503 Scripted\r\nRetry-After: 7\r\n"));
    CHECK(curl({"-w", " %{http_code}", url}).out == "no 400");
    CHECK(curl({"-w", "%{http_code}", url}).out == "204");
}

TEST_CASE("one connection carries several requests") {
    const HttpReceiver receiver;
    CHECK(curl({"-w", "%{num_connects}", receiver.url("/a"), receiver.url("/b")}).out == "10");
    CHECK(receiver.requests().size() == 2);
}

TEST_CASE("a receiver that hangs up gives no answer") {
    HttpReceiver receiver;
    receiver.answerNext({{.hangUp = true}});
    CHECK(curl({receiver.url()}).status == 52);  // empty reply
    CHECK(receiver.requests().size() == 1);
}

TEST_CASE("a delayed answer makes an impatient client give up and holds nobody else") {
    HttpReceiver receiver;
    receiver.answerNext({{.delay = 30s}});
    CHECK(curl({"--max-time", "0.2", receiver.url("/slow")}).status == 28);
    CHECK(curl({receiver.url("/quick")}).ok());
}

TEST_CASE("waiting for requests that do not come ends with the timeout") {
    const HttpReceiver receiver;
    CHECK_FALSE(receiver.waitFor(1, 20ms));
}

TEST_CASE("a receiver comes back on the port that it had") {
    const std::uint16_t port = freePort();
    const std::string url = HttpReceiver(port).url();
    CHECK(curl({url}).status == 7);  // refused
    const HttpReceiver again(port);
    CHECK(curl({url}).ok());
}
