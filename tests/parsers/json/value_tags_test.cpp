#include "parsers/json/value_tags.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace driftkeeper;

TEST_CASE("equal values have equal tags under one key only") {
    const ValueTags tags(std::string(32, 'k'));
    CHECK(tags.tag("\"a\"") == tags.tag("\"a\""));
    CHECK(tags.tag("\"a\"") != tags.tag("\"b\""));
    CHECK(tags.tag("\"a\"") != ValueTags(std::string(32, 'l')).tag("\"a\""));
}

TEST_CASE("a tag is the beginning of HMAC-SHA256") {
    // RFC 4231, test case 2.
    CHECK(ValueTags("Jefe").tag("what do ya want for nothing?") == "hmac:5bdcc146bf60754e");
}

TEST_CASE("a redacted value says whether it is set and nothing else") {
    const ValueTags tags("key");
    CHECK(tags.redacted("null") == "null");
    CHECK(tags.redacted("\"hunter2\"") == R"({"redacted":")" + tags.tag("\"hunter2\"") + R"("})");
}

TEST_CASE("values over 4 KiB become digests") {
    const ValueTags tags("key");
    const std::string longest(4096, '1');
    CHECK(tags.shown(longest) == longest);
    CHECK(tags.shown(longest + "1") ==
          R"({"digest":")" + tags.tag(longest + "1") + R"(","bytes":4097})");
}
