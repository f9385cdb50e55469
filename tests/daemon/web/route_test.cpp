#include "daemon/web/route.hpp"

#include <doctest/doctest.h>

namespace driftkeeper {
namespace route_test {
namespace {

using Path = std::vector<std::string>;

TEST_CASE("a route is for one method and one form of a path") {
    struct Row {
        WebRoute route;
        const char* method;
        Path path;
        bool isFor;
    };
    const Row rows[] = {
        {{"GET", "/"}, "GET", {}, true},
        {{"GET", "/"}, "GET", {""}, false},
        {{"GET", "/"}, "HEAD", {}, true},
        {{"GET", "/"}, "POST", {}, false},
        {{"POST", "/-/reload"}, "PUT", {"-", "reload"}, true},
        {{"POST", "/-/reload"}, "DELETE", {"-", "reload"}, false},
        {{"POST", "/-/reload"}, "post", {"-", "reload"}, false},
        {{"GET", "/a/*"}, "GET", {"a", "x/y"}, true},
        {{"GET", "/a/*"}, "GET", {"a"}, false},
        {{"GET", "/a/*"}, "GET", {"a", "x", "y"}, false},
        {{"GET", "/a/*/b"}, "GET", {"a", "x", "b"}, true},
        {{"GET", "/a/*/b"}, "GET", {"a", "x", "c"}, false},
        {{"GET", "/a/*/b"}, "GET", {"a", "x"}, false},
        {{"GET", "/a"}, "GET", {}, false},
    };
    for (const Row& row : rows) {
        CAPTURE(row.route.path);
        CAPTURE(row.method);
        CHECK(isFor(row.route, row.method, row.path) == row.isFor);
    }
}

TEST_CASE("what no route speaks of needs what its method does") {
    const std::vector<WebRoute> routes = {{"GET", "/-/healthy", Role::None},
                                          {"POST", "/hooks/*", Role::None}};
    CHECK(neededFor(routes, "GET", {"-", "healthy"}) == Role::None);
    CHECK(neededFor(routes, "POST", {"-", "healthy"}) == Role::Operate);
    CHECK(neededFor(routes, "POST", {"hooks", "x"}) == Role::None);
    CHECK(neededFor(routes, "GET", {"hooks", "x"}) == Role::Read);
    CHECK(neededFor(routes, "HEAD", {"x"}) == Role::Read);
    CHECK(neededFor(routes, "DELETE", {"x"}) == Role::Operate);
    CHECK(neededFor(routes, "get", {"x"}) == Role::Operate);
}

}  // namespace
}  // namespace route_test
}  // namespace driftkeeper
