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
    CHECK(tags.redacted(Json()) == "null");
    const std::string redacted = tags.redacted(*readJson("\"hunter2\""));
    CHECK(redacted == R"({"redacted":")" + tags.tag("\"hunter2\"") + R"("})");
    CHECK(tags.redacted(*readJson(redacted)) == redacted);
}

TEST_CASE("values over 4 KiB become digests") {
    const ValueTags tags("key");
    const std::string longest(4096, '1');
    CHECK(tags.shown(*readJson(longest)) == longest);
    CHECK(tags.shown(*readJson(longest + "1")) ==
          R"({"digest":")" + tags.tag(longest + "1") + R"(","bytes":4097})");
}

TEST_CASE("a shown value has no secrets, and says whether they are equal") {
    const ValueTags tags("key");
    CHECK(tags.shown(*readJson(R"({"password":"hunter2","user":"u"})")) ==
          R"({"password":)" + tags.redacted(*readJson("\"hunter2\"")) + R"(,"user":"u"})");
    CHECK(tags.shown(*readJson(R"("amqp://u:hunter2@h")")) ==
          "\"amqp://u:" + tags.tag("\"hunter2\"") + "@h\"");
}
