// Every route, every method, every kind of caller, on loopback and beyond: who gets through to the
// handler.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

#include "daemon/api/api.hpp"
#include "daemon/web/admission.hpp"

namespace driftkeeper {
namespace access_table_test {
namespace {

// What each route needs, written down a second time. A route that is not here is a mistake.
const std::map<std::string, Role> rows = {
    {"GET /", Role::Read},
    {"GET /metrics", Role::Read},
    {"GET /-/healthy", Role::None},
    {"GET /-/ready", Role::Read},
    {"POST /-/reload", Role::Operate},
    {"GET /api/v1/stacks", Role::Read},
    {"GET /api/v1/stacks/*", Role::Read},
    {"GET /api/v1/stacks/*/history", Role::Read},
    {"GET /api/v1/stacks/*/explain", Role::Read},
    {"POST /api/v1/stacks/*/check", Role::Operate},
    {"GET /api/v1/findings", Role::Read},
    {"GET /api/v1/incidents", Role::Read},
    {"GET /api/v1/outbox", Role::Read},
    {"GET /api/v1/outbox/*", Role::Read},
    {"POST /api/v1/outbox/*/retry", Role::Operate},
    {"POST /api/v1/outbox/*/drop", Role::Operate},
    {"POST /api/v1/channels/*/test", Role::Operate},
    {"GET /api/v1/graph", Role::Read},
    {"GET /api/v1/ignores", Role::Read},
    {"GET /api/v1/ignores/test", Role::Read},
    {"GET /api/v1/silences", Role::Read},
    {"POST /api/v1/silences", Role::Operate},
    {"POST /api/v1/silences/*/end", Role::Operate},
    {"GET /stacks/*", Role::Read},
    {"GET /stacks/*/checks/*", Role::Read},
    {"GET /incidents", Role::Read},
    {"GET /incidents/*", Role::Read},
    {"GET /ignores", Role::Read},
    {"GET /silences", Role::Read},
    {"GET /outbox", Role::Read},
    {"GET /settings", Role::Read},
    {"GET /login", Role::None},
    {"GET /assets/*", Role::None},
    {"POST /do/check", Role::Operate},
    {"POST /do/silence", Role::Operate},
    {"POST /do/silence/end", Role::Operate},
    {"POST /do/outbox/retry", Role::Operate},
    {"POST /do/outbox/drop", Role::Operate},
    {"GET /api/v1/running", Role::Read},
    {"POST /hooks/*", Role::None},
};

std::vector<std::string> pathOf(std::string_view pattern) {
    std::vector<std::string> path;
    for (pattern.remove_prefix(1); !pattern.empty();) {
        const auto end = std::min(pattern.find('/'), pattern.size());
        path.emplace_back(pattern.substr(0, end) == "*" ? "x" : pattern.substr(0, end));
        pattern.remove_prefix(std::min(end + 1, pattern.size()));
    }
    return path;
}

// What the table says: the route's role, or that of the method where there is no route.
Role wanted(const std::string& method, const std::string& pattern) {
    const std::string as = method == "HEAD" ? "GET" : method == "PUT" ? "POST" : method;
    const auto found = rows.find(as + " " + pattern);
    if (found != rows.end()) return found->second;
    if (as == "POST" && pattern == "/login") return Role::None;  // the server's own
    return as == "GET" ? Role::Read : Role::Operate;
}

// One kind of caller: how it makes itself known, and the status for what needs reading and
// operating; 0: let in.
struct CallerRow {
    const char* name;
    int readHere, operateHere;      // on loopback
    int readBeyond, operateBeyond;  // beyond it
};
const CallerRow callers[] = {{"nobody", 0, 401, 401, 401},
                             {"wrong token", 0, 401, 401, 401},
                             {"read token", 0, 403, 0, 403},
                             {"operate token", 0, 0, 0, 0},
                             {"own token", 0, 0, 0, 0},
                             {"wrong password", 0, 401, 401, 401},
                             {"unknown user", 0, 401, 401, 401},
                             {"basic reader", 0, 403, 0, 403},
                             {"basic operator", 0, 0, 0, 0},
                             {"basic operator in a browser without csrf", 0, 403, 0, 403},
                             {"basic operator in a browser with csrf", 0, 0, 0, 0},
                             {"cookie of a reader with csrf", 0, 403, 0, 403},
                             {"cookie of an operator without csrf", 0, 403, 0, 403},
                             {"cookie of an operator with csrf", 0, 0, 0, 0},
                             {"cookie that is none", 0, 401, 401, 401},
                             {"member of the socket's group", 0, 0, 0, 0},
                             {"stranger at the socket", 403, 403, 403, 403}};

const std::string hash =
    "$2b$04$abcdefghijklmnopqrstuu/LVz6MZlItEy42I2juLihZ66HnQx/cy";  // of "open sesame"

struct World {
    Admission admission{"127.0.0.1", 9743, Api::routes()};
    AccessRules rules;
    SteadyTime now = SteadyTime() + std::chrono::hours(1);
    Peer tcp{"127.0.0.1", false, false};
    std::map<std::string, std::string> cookies;

    explicit World(bool isOpen) {
        rules.isOpen = isOpen;
        rules.ownToken = "own-token-own-token";
        rules.tokens = {{"r", {"read-token-read-token", ""}, false},
                        {"o", {"operate-token-operate", ""}, true}};
        rules.config.users = {{"reader", hash}, {"operator", hash}};
        rules.operators = {"operator"};
        cookies["reader"] = login("token=read-token-read-token");
        cookies["operator"] = login("user=operator&password=open+sesame");
    }

    std::string login(const std::string& form) {
        WebRequest request;
        request.method = "POST";
        request.path = {"login"};
        request.body = form;
        const auto text = admission.desk(rules, tcp, request, now)->headers.at("Set-Cookie");
        return text.substr(0, text.find(';'));
    }

    // What a page that this caller read holds.
    std::string csrf(WebRequest request) {
        request.method = "GET";
        request.path = {};
        return admission.judge(rules, tcp, request, now).caller.csrf;
    }

    int status(const std::string& caller, const std::string& method,
               const std::vector<std::string>& path) {
        WebRequest request;
        request.method = method;
        request.path = path;
        request.headers["host"] = "localhost:9743";
        auto& authorization = request.headers["authorization"];
        const auto has = [&](const char* word) { return caller.find(word) != std::string::npos; };
        if (caller == "wrong token") authorization = "Bearer wrong-token-wrong";
        if (caller == "read token") authorization = "Bearer read-token-read-token";
        if (caller == "operate token") authorization = "Bearer operate-token-operate";
        if (caller == "own token") authorization = "Bearer own-token-own-token";
        if (caller == "wrong password") authorization = "Basic b3BlcmF0b3I6d3Jvbmc=";
        if (caller == "unknown user") authorization = "Basic bm9ib2R5Om9wZW4gc2VzYW1l";
        if (caller == "basic reader") authorization = "Basic cmVhZGVyOm9wZW4gc2VzYW1l";
        if (has("basic operator")) authorization = "Basic b3BlcmF0b3I6b3BlbiBzZXNhbWU=";
        if (authorization.empty()) request.headers.erase("authorization");
        if (has("browser")) request.headers["origin"] = "http://localhost:9743";
        if (has("cookie of a reader")) request.headers["cookie"] = cookies["reader"];
        if (has("cookie of an operator")) request.headers["cookie"] = cookies["operator"];
        if (has("cookie that is none"))
            request.headers["cookie"] = "driftkeeper=" + std::string(64, 'a');
        if (has("with csrf")) {
            request.headers["content-type"] = "application/x-www-form-urlencoded";
            request.body = "csrf=" + csrf(request);
        }
        const bool isLocal = has("socket");
        const Peer peer = isLocal ? Peer{"", true, has("member")} : tcp;
        now += std::chrono::seconds(7);  // wrong ones are not limited here, and logins do not end
        const auto admitted = admission.judge(rules, peer, request, now);
        return admitted.refusal ? admitted.refusal->status : 0;
    }
};

TEST_CASE("every route has a row, and every row a route") {
    std::set<std::string> known;
    for (const auto& route : Api::routes()) {
        const std::string key = std::string(route.method) + " " + std::string(route.path);
        known.insert(key);
        INFO(key);
        const auto row = rows.find(key);
        REQUIRE(row != rows.end());
        CHECK(row->second == route.needs);
        CHECK((route.method == "GET" || route.method == "POST"));
        if (route.method == "POST") CHECK(route.needs != Role::Read);
    }
    for (const auto& [key, role] : rows) CHECK_MESSAGE(known.contains(key), key);
}

TEST_CASE("every route, every method, every caller") {
    for (const bool isOpen : {true, false}) {
        World world(isOpen);
        int asked = 0;
        for (const auto& [key, role] : rows) {
            const std::string pattern = key.substr(key.find(' ') + 1);
            for (const char* method : {"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"}) {
                const Role need = wanted(method, pattern);
                const bool reads = std::string(method) == "GET" || std::string(method) == "HEAD";
                for (const auto& caller : callers) {
                    const bool isStranger = std::string(caller.name) == "stranger at the socket";
                    const int here = reads ? caller.readHere : caller.operateHere;
                    const int beyond = reads ? caller.readBeyond : caller.operateBeyond;
                    const int expected = need == Role::None && !isStranger ? 0
                                         : isOpen                          ? here
                                                                           : beyond;
                    const int got = world.status(caller.name, method, pathOf(pattern));
                    const std::string about = std::string(method) + " " + pattern + " by " +
                                              caller.name +
                                              (isOpen ? " on loopback" : " beyond loopback");
                    CHECK_MESSAGE(got == expected, about);
                    ++asked;
                }
            }
        }
        CHECK(asked == static_cast<int>(rows.size() * 6 * std::size(callers)));
    }
}

TEST_CASE(
    "beyond loopback nothing but health, the login and hooks is reached without credentials, also "
    "at other paths") {
    World world(false);
    for (const char* path :
         {"/x", "/-", "/-/healthy/x", "/-/health", "/hooks", "/hooks/a/b", "/login/x", "/api",
          "/api/v1", "/api/v1/events", "/assets", "/do/check", "/logout"}) {
        CAPTURE(path);
        CHECK(world.status("nobody", "GET", pathOf(path)) == 401);
        CHECK(world.status("nobody", "POST", pathOf(path)) == 401);
    }
    CHECK(world.status("nobody", "GET", {"", "-", "healthy"}) == 401);
    CHECK(world.status("nobody", "GET", {"-", "healthy", ""}) == 401);
    CHECK(world.status("nobody", "get", {"-", "healthy"}) == 401);
}

}  // namespace
}  // namespace access_table_test
}  // namespace driftkeeper
