#include "parsers/gitops/documents.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "tests/parsers/gitops/objects.hpp"

using namespace driftkeeper;
using namespace driftkeeper::gitops;

TEST_CASE("scalars get the types that kubectl gives them") {
    const std::vector<std::pair<std::string, std::string>> table = {
        {"5m", R"("5m")"},
        {"\"5\"", R"("5")"},
        {"5", "5"},
        {"-1.5e3", "-1.5e3"},
        {"007", R"("007")"},
        {"true", "true"},
        {"'true'", R"("true")"},
        {"no", "false"},
        {"On", "true"},
        {"~", "null"},
        {"", "null"},
        {"null", "null"},
        {"1.", R"("1.")"},
        {"v1", R"("v1")"},
        {"[1, a]", R"([1,"a"])"},
        {"{b: 1, a: x}", R"({"a":"x","b":1})"},
    };
    for (const auto& [yaml, json] : table) {
        CAPTURE(yaml);
        CHECK(canonicalText(tests::object("value: " + yaml)["value"]) == json);
    }
}

TEST_CASE("documents end at lines of their own, and a list is its items") {
    CHECK(splitDocuments("a: 1\n--- # two\nb: 2\n...\n---\nc: |\n  text\n ---\n").size() == 3);
    CHECK(splitDocuments("").empty());
    CHECK(splitDocuments("---x: 1\n").size() == 1);
    CHECK(tests::objects("---\n---\n# nothing\n---\na: 1\n").size() == 1);
    CHECK(tests::objects("kind: List\nitems:\n- kind: A\n- kind: B\n").size() == 2);
    CHECK(tests::objects(R"({"kind":"GitRepositoryList","items":[{"kind":"A"}]})").size() == 1);
    CHECK(tests::objects("- a\n- b\n").empty());
}

TEST_CASE("a broken document costs only itself, and one without the needle is not read") {
    const auto documents = documentsOf("a: {\n---\nkind: A\n---\nb: 1\nb: 2\n");
    CHECK(documents.objects.size() == 1);
    CHECK(documents.mistakes.size() == 2);
    CHECK(documentsOf("a: {\n---\nkind: Wanted\n", "Wanted").mistakes.empty());
    CHECK(documentsOf("a: {\n---\nkind: Wanted\n", "Wanted").objects.size() == 1);
    CHECK(documentsOf(std::string(100'000, '[')).objects.empty());
}
