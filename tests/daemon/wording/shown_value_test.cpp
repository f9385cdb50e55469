#include "daemon/wording/shown_value.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper;

TEST_CASE("a value is shown as people would write it") {
    struct Row {
        std::string_view json;
        std::string_view shown;
    };
    for (const auto& [json, shown] : {Row{"null", "not set"},
                                      {"true", "true"},
                                      {"12345678901234567890123", "12345678901234567890123"},
                                      {"1.10", "1.10"},
                                      {R"("10.0.0.0/8")", "10.0.0.0/8"},
                                      {R"("two words")", "two words"},
                                      {R"("")", R"("")"},
                                      {R"("5")", R"("5")"},
                                      {R"("true")", R"("true")"},
                                      {R"("null")", R"("null")"},
                                      {R"("not set")", R"("not set")"},
                                      {R"x("(sensitive)")x", R"x("(sensitive)")x"},
                                      {R"(" padded")", R"(" padded")"},
                                      {R"("a → b")", R"("a → b")"},
                                      {R"("[1]")", R"("[1]")"},
                                      {R"("a\nb")", R"("a\nb")"},
                                      {R"(["a",1])", R"(["a",1])"},
                                      {R"({"a":1})", R"({"a":1})"},
                                      {R"({"redacted":"hmac:1f3a"})", "(sensitive)"},
                                      {R"({"digest":"hmac:1f3a","bytes":5120})", "(5120 bytes)"},
                                      {R"({"unknown":true})", "(known after apply)"},
                                      {R"({"hidden":true})", "(hidden)"},
                                      {R"({"redacted":7})", R"({"redacted":7})"}})
        CHECK(shownValue(json) == shown);
}

TEST_CASE("a value cannot smuggle control characters past its escapes") {
    CHECK(shownValue(R"("\u001b[31m")") == R"("\u001b[31m")");
    CHECK(shownValue("\"a\xe2\x80\xae"
                     "b\"") == "\"ab\"");
    CHECK(shownValue("broken \x1b") == R"(broken \x1b)");
}

TEST_CASE("a long value is cut between characters and marked") {
    CHECK(shownValue("\"" + std::string(100, 'x') + "\"", 10) == "xxxxxxxxx…");
}
