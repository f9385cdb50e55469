#include "daemon/page/diff.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper;
using namespace driftkeeper::page;

namespace diff_test {
namespace {

std::string shown(const AttributeDrift& attribute) {
    return diffOf({attribute}).take();
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("both values are there, with what differs between them marked") {
    const auto html = shown({"ingress[0].cidr", "\"10.0.0.0/8\"", "\"0.0.0.0/0\"", false});
    CHECK(has(html, "<code>ingress[0].cidr</code>"));
    CHECK(has(html, "≠ <mark>1"));
    CHECK(has(html, "≠ <mark>0"));
}

TEST_CASE("a text of several lines and JSON inside of a text are read line by line") {
    const auto text =
        shown({"user_data", R"("#!/bin/sh\necho a\n")", R"("#!/bin/sh\necho b\n")", false});
    CHECK(has(text, "<span class=\"line\">  #!/bin/sh</span>"));
    CHECK(has(text, "≠ echo <mark>a</mark>"));
    const auto policy =
        shown({"policy", R"("{\"Effect\":\"Allow\"}")", R"("{\"Effect\":\"Deny\"}")", false});
    CHECK(has(policy, "&quot;Effect&quot;: &quot;<mark>Deny</mark>&quot;"));
}

TEST_CASE("what is no value is a word, and a secret says only that it changed") {
    CHECK(has(shown({"a", "null", "1", false}), "not set"));
    CHECK(has(shown({"a", "\"\"", "1", false}), "empty text"));
    const auto secret =
        shown({"password", R"({"redacted":"hmac:12"})", R"({"redacted":"hmac:34"})", true});
    CHECK(has(secret, "sensitive, changed"));
    CHECK_FALSE(has(secret, "hmac"));
    // Whatever a parser lets through under a sensitive mark is not shown either.
    CHECK_FALSE(has(shown({"password", "\"canary\"", "\"canary2\"", true}), "canary"));
    CHECK(has(shown({"a", R"({"digest":"hmac:1","bytes":9000})", "1", false}),
              "9000 bytes, changed"));
}

TEST_CASE("hostile values stay text") {
    const auto html =
        shown({"<b>", "\"<script>alert(1)</script>\"", "\"\\u202e\\u001b[2J\"", false});
    CHECK_FALSE(has(html, "<script>"));
    CHECK_FALSE(has(html, "<b>"));
    CHECK_FALSE(has(html, "\u202e"));
    CHECK_FALSE(has(html, "\x1b"));
}

TEST_CASE("a resource with very many attributes shows the first and says how many there are") {
    std::vector<AttributeDrift> many(100, {"a", "1", "2", false});
    CHECK(has(diffOf(many).take(), "and 40 more attributes"));
    CHECK(diffOf({}).empty());
}

}  // namespace diff_test
