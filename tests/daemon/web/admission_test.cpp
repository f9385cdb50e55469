#include "daemon/web/admission.hpp"

#include <doctest/doctest.h>

namespace driftkeeper {
namespace admission_test {
namespace {

const std::string hash =
    "$2b$04$abcdefghijklmnopqrstuu/LVz6MZlItEy42I2juLihZ66HnQx/cy";  // of "open sesame", cost 4

const SteadyTime now = SteadyTime() + std::chrono::hours(1);

AccessRules loopback(const std::string& token) {
    AccessRules rules;
    rules.ownToken = token;
    return rules;
}

WebRequest requestOf(const char* method, std::map<std::string, std::string> headers) {
    WebRequest request;
    request.method = method;
    request.headers = std::move(headers);
    return request;
}

// Of an address of its own each, on loopback.
struct Door {
    Admission admission;
    AccessRules rules;
    Door(const char* address, std::uint16_t port, const std::string& token)
        : admission(address, port, {}), rules(loopback(token)) {}
};

int statusOf(Door& door, const char* method, std::map<std::string, std::string> headers) {
    const auto admitted = door.admission.judge(door.rules, {"127.0.0.1", false, false},
                                               requestOf(method, std::move(headers)), now);
    return admitted.refusal ? admitted.refusal->status : 0;
}

TEST_CASE("only our own names are served") {
    Door admission("127.0.0.1", 9743, "token");
    for (const char* host : {"127.0.0.1:9743", "localhost:9743", "LOCALHOST:9743", "[::1]:9743"}) {
        CAPTURE(host);
        CHECK(statusOf(admission, "GET", {{"host", host}}) == 0);
    }
    for (const char* host :
         {"evil.example:9743", "127.0.0.1", "127.0.0.1:80", "127.0.0.1:97430", "localhost",
          "localhost:9743.evil.example", "127.0.0.1:9743, evil.example", "", "::1:9743"}) {
        CAPTURE(host);
        CHECK(statusOf(admission, "GET", {{"host", host}}) == 421);
    }
    CHECK(statusOf(admission, "GET", {}) == 400);
}

TEST_CASE("the address that is listened on is a name of ours, and port 80 may be left out") {
    Door six("::1", 80, "");
    Door second("127.0.0.2", 80, "");
    Door other("127.0.0.2", 81, "");
    Door everywhere("0.0.0.0", 9743, "");
    CHECK(statusOf(six, "GET", {{"host", "[::1]"}}) == 0);
    CHECK(statusOf(second, "GET", {{"host", "127.0.0.2"}}) == 0);
    CHECK(statusOf(other, "GET", {{"host", "127.0.0.2"}}) == 421);
    CHECK(statusOf(everywhere, "GET", {{"host", "192.0.2.1:9743"}}) == 0);
    CHECK(statusOf(everywhere, "GET", {{"host", "[2001:db8::1]:9743"}}) == 0);
    CHECK(statusOf(everywhere, "GET", {{"host", "192.0.2.1:80"}}) == 421);
    CHECK(statusOf(everywhere, "GET", {{"host", "192.0.2.1.evil.example:9743"}}) == 421);
    everywhere.rules.hosts = {"Drift.example.com", "other.example.com:8443"};
    CHECK(statusOf(everywhere, "GET", {{"host", "drift.example.com:443"}}) == 0);
    CHECK(statusOf(everywhere, "GET", {{"host", "other.example.com:8443"}}) == 0);
    CHECK(statusOf(everywhere, "GET", {{"host", "other.example.com"}}) == 421);
}

TEST_CASE("whatever may change something needs the token") {
    Door admission("127.0.0.1", 9743, "s3cret");
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
    Door admission("127.0.0.1", 9743, "");
    CHECK(statusOf(admission, "POST", {{"host", "localhost:9743"}, {"authorization", "Bearer "}}) ==
          401);
}

TEST_CASE("a browser may only post from our own pages, token or not") {
    Door admission("127.0.0.1", 9743, "t");
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
                       {{"host", "localhost:9743"},
                        {"origin", row.origin},
                        {"authorization", "Bearer t"}}) == row.status);
    }
}

TEST_CASE("a proxy that ends TLS sends the origin of a name of the settings") {
    Door admission("127.0.0.1", 9743, "t");
    admission.rules.hosts = {"drift.example.com"};
    const auto post = [&](const char* origin, const char* site) {
        return statusOf(admission, "POST",
                        {{"host", "drift.example.com"},
                         {"origin", origin},
                         {"sec-fetch-site", site},
                         {"authorization", "Bearer t"}});
    };
    CHECK(post("https://drift.example.com", "same-origin") == 0);
    CHECK(post("https://drift.example.com", "none") == 0);
    CHECK(post("https://drift.example.com", "same-site") == 403);
    CHECK(post("https://drift.example.com", "cross-site") == 403);
    CHECK(post("https://evil.example.com", "same-origin") == 403);
    CHECK(post("ftp://drift.example.com", "same-origin") == 403);
}

TEST_CASE("a refusal for want of credentials says how to give them, and not what was wrong") {
    Admission admission("127.0.0.1", 9743, {});
    AccessRules rules = loopback("canary-token-of-ours");
    rules.config.users = {{"alice", hash}};
    const auto refuse = [&](const char* authorization) {
        auto request = requestOf("POST", {{"host", "localhost:9743"}});
        if (authorization != nullptr) request.headers["authorization"] = authorization;
        auto refusal = admission.judge(rules, {"127.0.0.1", false, false}, request, now).refusal;
        REQUIRE(refusal.has_value());
        return *refusal;
    };
    const auto none = refuse(nullptr);
    CHECK(none.status == 401);
    CHECK(none.headers.at("WWW-Authenticate").starts_with("Bearer, Basic realm="));
    for (const char* wrong : {"Bearer canary-wrong", "Basic YWxpY2U6Y2FuYXJ5",
                              "Basic bm9ib2R5OmNhbmFyeQ==", "Basic !", "Digest canary", ""}) {
        CAPTURE(wrong);
        CHECK(refuse(wrong).body == none.body);
        CHECK(refuse(wrong).headers == none.headers);
    }
    CHECK(none.body.find("canary") == std::string::npos);
}

TEST_CASE("passwords are right for a user and a hash, and wrong ones are limited by peer") {
    Admission admission("127.0.0.1", 9743, {});
    AccessRules rules = loopback("");
    rules.isOpen = false;
    rules.config.users = {{"alice", hash}};
    const auto ask = [&](const char* peer, const char* credentials, SteadyTime when) {
        const auto request =
            requestOf("GET", {{"host", "localhost:9743"}, {"authorization", credentials}});
        const auto admitted = admission.judge(rules, {peer, false, false}, request, when);
        return admitted.refusal ? admitted.refusal->status : 0;
    };
    const char* right = "Basic YWxpY2U6b3BlbiBzZXNhbWU=";  // alice:open sesame
    const char* wrong = "Basic YWxpY2U6b3BlbiBzZXNhbWU/";  // alice:open sesam?
    const char* unknown = "Basic Ym9iOm9wZW4gc2VzYW1l";    // bob:open sesame
    CHECK(ask("192.0.2.1", right, now) == 0);
    CHECK(ask("192.0.2.1", unknown, now) == 401);
    for (int i = 0; i < 9; ++i) CHECK(ask("192.0.2.1", wrong, now) == 401);
    CHECK(ask("192.0.2.1", wrong, now) == 429);
    CHECK(ask("192.0.2.1", right, now) == 429);
    CHECK(ask("192.0.2.2", right, now) == 0);
    CHECK(ask("192.0.2.1", right, now + std::chrono::seconds(6)) == 0);
    rules.config.users["alice"] = "$2b$04$" + std::string(53, 'a');
    CHECK(ask("192.0.2.2", right, now) == 401);
}

TEST_CASE(
    "a login is a cookie, a form of it proves where it comes from, and it ends with its "
    "credential") {
    Admission admission("127.0.0.1", 9743, {{"GET", "/"}, {"POST", "/do/*", Role::Operate}});
    AccessRules rules = loopback("0123456789abcdef");
    rules.isOpen = false;
    const Peer peer{"192.0.2.1", false, false};
    auto login = requestOf("POST", {{"host", "localhost:9743"}});
    login.path = {"login"};
    login.body = "token=wrong-wrong-wrong&next=%2Fx";
    REQUIRE_FALSE(admission.judge(rules, peer, login, now).refusal.has_value());
    CHECK(admission.desk(rules, peer, login, now)->status == 401);
    login.body = "token=0123456789abcdef&next=%2Fstacks%3Fq=1";
    const auto welcome = *admission.desk(rules, peer, login, now);
    CHECK(welcome.status == 303);
    CHECK(welcome.headers.at("Location") == "/stacks?q=1");
    const std::string set = welcome.headers.at("Set-Cookie");
    for (const char* part : {"HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=43200"})
        CHECK(set.find(part) != std::string::npos);
    CHECK(set.find("Secure") == std::string::npos);
    const std::string cookie = set.substr(0, set.find(';'));
    CHECK(cookie.size() == std::string("driftkeeper=").size() + 64);

    auto read = requestOf("GET", {{"host", "localhost:9743"}, {"cookie", "other=1; " + cookie}});
    const auto reader = admission.judge(rules, peer, read, now);
    REQUIRE_FALSE(reader.refusal.has_value());
    CHECK(reader.caller.role == Role::Operate);
    REQUIRE(reader.caller.csrf.size() == 64);

    auto act = requestOf("POST", {{"host", "localhost:9743"},
                                  {"cookie", cookie},
                                  {"content-type", "application/x-www-form-urlencoded"}});
    act.path = {"do", "check"};
    const auto status = [&](SteadyTime when) {
        const auto admitted = admission.judge(rules, peer, act, when);
        return admitted.refusal ? admitted.refusal->status : 0;
    };
    CHECK(status(now) == 403);
    act.body = "csrf=" + std::string(64, '0');
    CHECK(status(now) == 403);
    act.body = "stack=a&csrf=" + reader.caller.csrf;
    CHECK(status(now) == 0);
    act.headers["content-type"] = "text/plain";
    CHECK(status(now) == 403);
    act.headers["x-csrf-token"] = reader.caller.csrf;
    CHECK(status(now) == 0);
    CHECK(status(now + std::chrono::hours(12)) == 401);

    rules.ownToken = "another-token-now";
    CHECK(status(now) == 401);
    rules.ownToken = "0123456789abcdef";
    CHECK(status(now) == 0);
    auto bye = act;
    bye.path = {"logout"};
    REQUIRE_FALSE(admission.judge(rules, peer, bye, now).refusal.has_value());
    CHECK(admission.desk(rules, peer, bye, now)->headers.at("Set-Cookie").find("Max-Age=0") !=
          std::string::npos);
    CHECK(status(now) == 401);
}

TEST_CASE("a login leads back to a path of ours only") {
    for (const char* good : {"/", "/stacks?a=b&c=%20", "/a/b"}) CHECK(localPath(good) == good);
    for (const char* bad : {"", "stacks", "//evil.example", "/\\evil.example",
                            "https://evil.example", "/a b", "/a\r\nX: y"})
        CHECK(localPath(bad) == "/");
}

TEST_CASE("a browser without a login is led to the page that asks for it") {
    Admission admission("127.0.0.1", 9743, {});
    AccessRules rules = loopback("0123456789abcdef");
    rules.isOpen = false;
    auto request =
        requestOf("GET", {{"host", "localhost:9743"}, {"accept", "text/html,*/*;q=0.8"}});
    request.path = {"stacks", "a/b\""};
    request.query = {{"q", "x&y"}};
    const auto refusal = admission.judge(rules, {"192.0.2.1", false, false}, request, now).refusal;
    REQUIRE(refusal.has_value());
    CHECK(refusal->status == 303);
    CHECK(refusal->headers.at("Location") == "/login?next=%2Fstacks%2Fa%252Fb%2522%3Fq%3Dx%2526y");
    request.path = {"login"};
    CHECK_FALSE(
        admission.judge(rules, {"192.0.2.1", false, false}, request, now).refusal.has_value());
    CHECK_FALSE(admission.desk(rules, {"192.0.2.1", false, false}, request, now).has_value());
}

TEST_CASE("the Unix socket is for its group, which may operate") {
    Admission admission("127.0.0.1", 9743, {});
    AccessRules rules;
    rules.isOpen = false;
    const auto request =
        requestOf("POST", {{"host", "whatever"}, {"origin", "http://evil.example"}});
    CHECK(admission.judge(rules, {"", true, false}, request, now).refusal->status == 403);
    const auto admitted = admission.judge(rules, {"", true, true}, request, now);
    CHECK_FALSE(admitted.refusal.has_value());
    CHECK(admitted.caller.role == Role::Operate);
}

}  // namespace
}  // namespace admission_test
}  // namespace driftkeeper
