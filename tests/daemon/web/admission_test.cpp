#include "daemon/web/admission.hpp"

#include <doctest/doctest.h>

namespace driftkeeper {
namespace {

int statusOf(const Admission& admission, const char* method, std::map<std::string, std::string> headers) {
    WebRequest request;
    request.method = method;
    request.headers = std::move(headers);
    const auto refusal = admission.refusal(request);
    return refusal ? refusal->status : 0;
}

TEST_CASE("only our own names are served") {
    const Admission admission("127.0.0.1", 9743, "token");
    for (const char* host : {"127.0.0.1:9743", "localhost:9743", "LOCALHOST:9743", "[::1]:9743"}) {
        CAPTURE(host);
        CHECK(statusOf(admission, "GET", {{"host", host}}) == 0);
    }
    for (const char* host : {"evil.example:9743", "127.0.0.1", "127.0.0.1:80", "127.0.0.1:97430", "localhost",
                             "localhost:9743.evil.example", "127.0.0.1:9743, evil.example", "", "::1:9743"}) {
        CAPTURE(host);
        CHECK(statusOf(admission, "GET", {{"host", host}}) == 421);
    }
    CHECK(statusOf(admission, "GET", {}) == 400);
}

TEST_CASE("the address that is listened on is a name of ours, and port 80 may be left out") {
    CHECK(statusOf(Admission("::1", 80, ""), "GET", {{"host", "[::1]"}}) == 0);
    CHECK(statusOf(Admission("127.0.0.2", 80, ""), "GET", {{"host", "127.0.0.2"}}) == 0);
    CHECK(statusOf(Admission("127.0.0.2", 81, ""), "GET", {{"host", "127.0.0.2"}}) == 421);
}

TEST_CASE("whatever may change something needs the token") {
    const Admission admission("127.0.0.1", 9743, "s3cret");
    struct Row {
        const char* method;
        const char* authorization;
        int status;
    };
    const Row rows[] = {{"GET", nullptr, 0},
                        {"HEAD", nullptr, 0},
                        {"POST", nullptr, 401},
                        {"PUT", nullptr, 401},
                        {"DELETE", nullptr, 401},
                        {"get", nullptr, 401},
                        {"POST", "Bearer s3cret", 0},
                        {"POST", "bearer s3cret", 0},
                        {"POST", "Bearer s3crey", 401},
                        {"POST", "Bearer s3cret ", 401},
                        {"POST", "Bearer s3cre", 401},
                        {"POST", "Bearer ", 401},
                        {"POST", "Bearer", 401},
                        {"POST", "Basic s3cret", 401},
                        {"POST", "s3cret", 401}};
    for (const Row& row : rows) {
        CAPTURE(row.method);
        std::map<std::string, std::string> headers = {{"host", "localhost:9743"}};
        if (row.authorization != nullptr) headers["authorization"] = row.authorization;
        CHECK(statusOf(admission, row.method, headers) == row.status);
    }
}

TEST_CASE("without a token nobody has it") {
    const Admission admission("127.0.0.1", 9743, "");
    CHECK(statusOf(admission, "POST", {{"host", "localhost:9743"}, {"authorization", "Bearer "}}) == 401);
}

TEST_CASE("a browser may only post from our own pages, token or not") {
    const Admission admission("127.0.0.1", 9743, "t");
    struct Row {
        const char* origin;
        int status;
    };
    const Row rows[] = {{"http://127.0.0.1:9743", 0},
                        {"HTTP://localhost:9743", 0},
                        {"http://localhost:9744", 403},
                        {"https://localhost:9743", 403},
                        {"http://evil.example:9743", 403},
                        {"null", 403},
                        {"", 403}};
    for (const Row& row : rows) {
        CAPTURE(row.origin);
        CHECK(statusOf(admission, "POST",
                       {{"host", "localhost:9743"}, {"origin", row.origin}, {"authorization", "Bearer t"}}) ==
              row.status);
    }
}

TEST_CASE("a refusal for want of the token says how to give it") {
    WebRequest request;
    request.method = "POST";
    request.headers = {{"host", "localhost:9743"}};
    const auto refusal = Admission("127.0.0.1", 9743, "canary").refusal(request);
    REQUIRE(refusal.has_value());
    CHECK(refusal->headers.at("WWW-Authenticate") == "Bearer");
    CHECK(refusal->body.find("canary") == std::string::npos);
}

}  // namespace
}  // namespace driftkeeper
