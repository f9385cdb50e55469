#include "daemon/model/ascii.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper;

TEST_CASE("only ASCII letters are lowered") {
    CHECK(lowered("Git.Example.COM:80@[`{") == "git.example.com:80@[`{");
    CHECK(lowered("ÄÖ\xff") == "ÄÖ\xff");
    CHECK(lowered("").empty());
}

TEST_CASE("what stands in a path or a query stays one segment of it") {
    CHECK(percentEncoded("infra/prod/net work@blue") == "infra%2Fprod%2Fnet%20work%40blue");
    CHECK(percentEncoded("a-b.c_d~e") == "a-b.c_d~e");
    CHECK(percentEncoded("%?&=+#") == "%25%3F%26%3D%2B%23");
    CHECK(percentEncoded("ü\x01\xff") == "%C3%BC%01%FF");
    CHECK(percentEncoded("org/repo name", "-._~/") == "org/repo%20name");
}
