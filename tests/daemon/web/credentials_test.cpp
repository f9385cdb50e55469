#include "daemon/web/credentials.hpp"

#include <doctest/doctest.h>

namespace driftkeeper {
namespace credentials_test {
namespace {

using Fields = std::map<std::string, std::string>;

TEST_CASE("basic credentials are a user and a password in base64") {
    CHECK(basicFrom("Basic YWxpY2U6b3BlbiBzZXNhbWU=") == BasicCredentials{"alice", "open sesame"});
    CHECK(basicFrom("bAsIc   Og==") == BasicCredentials{"", ""});
    CHECK(basicFrom("Basic YTpiOmM=") == BasicCredentials{"a", "b:c"});
    for (const char* bad : {"", "Basic", "Basic ", "BasicYTpi", "Bearer YTpi",
                            "Basic YWxpY2U=", "Basic YTpi=", "Basic YT pi",
                            "Basic ====", "Basic YTo\n", "Basic YQA6", "Basic YTpiAA=="}) {
        CAPTURE(bad);
        CHECK_FALSE(basicFrom(bad).has_value());
    }
}

TEST_CASE("a bearer token is what stands behind the word") {
    CHECK(bearerFrom("Bearer abc") == "abc");
    CHECK(bearerFrom("BEARER abc ") == "abc ");
    for (const char* bad : {"", "Bearer", "Bearer ", "Bearerabc", "Basic abc"})
        CHECK_FALSE(bearerFrom(bad).has_value());
}

TEST_CASE("a cookie counts when there is one of its name") {
    CHECK(cookieFrom("a=1; b=2", "b") == "2");
    CHECK(cookieFrom("b=", "b") == "");
    CHECK(cookieFrom("a=1, b=2", "b") == "2");  // two headers, joined
    for (const char* none : {"", "a=1", "b", "bb=1", "b=1; b=2", "b=1, b=1", "=b"}) {
        CAPTURE(none);
        CHECK_FALSE(cookieFrom(none, "b").has_value());
    }
}

TEST_CASE("a form is fields and their values") {
    CHECK(formFrom("a=1&b=two+words&c=%26%3D&d&a=2") ==
          Fields{{"a", "2"}, {"b", "two words"}, {"c", "&="}, {"d", ""}});
    CHECK(formFrom("reason=one%0D%0Atwo%09x") == Fields{{"reason", "one\r\ntwo\tx"}});
    CHECK(formFrom("") == Fields{});
    for (const std::string& bad : {std::string("a=%"), std::string("a=%zz"), std::string("a=%00"),
                                   std::string("a%0a=1"), std::string(200, '&')})
        CHECK_FALSE(formFrom(bad).has_value());
}

}  // namespace
}  // namespace credentials_test
}  // namespace driftkeeper
