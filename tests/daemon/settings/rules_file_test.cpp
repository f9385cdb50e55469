#include "daemon/settings/rules_file.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper;
using Texts = std::vector<std::string>;

namespace rules_file_test {
namespace {

LoadedRules parse(const std::string& text) {
    return parseRulesFile(text, "infra", ".driftkeeper.yaml");
}

}  // namespace

TEST_CASE("a repository's rules are the same list under its name") {
    const auto loaded = parse(R"(
version: 1
ignores:
  - name: scaling
    match: { stack: prod/**, attribute: desired_capacity }
    reason: the scaler sets it
    owner: "@org/platform"
    expires: 2027-01-31
  - { name: tags, match: { attribute: tags.LastSeen }, reason: a job sets it }
)");
    REQUIRE(render(loaded.mistakes) == "");
    REQUIRE(loaded.rules.size() == 2);
    const auto& rule = loaded.rules[0];
    CHECK(rule.name == "infra/scaling");
    CHECK(rule.origin == IgnoreRule::Origin::Repository);
    CHECK(rule.repository == "infra");
    CHECK(rule.match.stack == Texts{"prod/**", "infra/prod/**"});
    CHECK(rule.match.attribute == Texts{"desired_capacity"});
    CHECK(rule.reason == "the scaler sets it");
    CHECK(rule.owner == "@org/platform");
    CHECK(rule.expires.has_value());
    CHECK_FALSE(rule.keeps);
    CHECK(loaded.rules[1].name == "infra/tags");
    CHECK(loaded.rules[1].match.stack.empty());
}

TEST_CASE("a file without rules has none") {
    for (const auto* text :
         {"version: 1\n", "version: 1\nignores: []\n", "\xEF\xBB\xBFversion: 1\nignores:\n"}) {
        CAPTURE(text);
        const auto loaded = parse(text);
        CHECK(render(loaded.mistakes) == "");
        CHECK(loaded.rules.empty());
    }
}

TEST_CASE("a broken file of rules is told with all its mistakes") {
    struct Row {
        std::string text;
        std::vector<std::pair<std::size_t, std::string>> mistakes;
    };
    const Row rows[] = {
        {"", {{1, "missing_key"}}},
        {"ignores: []\n", {{1, "missing_key"}}},
        {"version: 2\n", {{1, "unsupported_version"}}},
        {"version: one\n", {{1, "wrong_type"}}},
        {"version: 1\nrules: []\n", {{2, "unknown_key"}}},
        {"version: 1\nmutes: []\n", {{2, "unknown_key"}}},
        {"version: 1\nignores: [\n", {{3, "syntax"}}},
        {"- a\n", {{1, "wrong_type"}}},
        {"version: 1\nversion: 1\n", {{2, "repeated_key"}}},
        {"version: 1\nignores:\n  - { builtin: cascade, enabled: false }\n",
         {{3, "missing_key"},
          {3, "missing_key"},
          {3, "missing_key"},
          {3, "unknown_key"},
          {3, "unknown_key"}}},
        {"version: 1\nignores:\n  - { name: a, match: { type: b } }\n  - { name: a, match: { tpe: "
         "b }, reason: r }\n",
         {{3, "missing_key"}, {4, "repeated_name"}, {4, "unknown_key"}}},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        std::vector<std::pair<std::size_t, std::string>> found;
        for (const auto& mistake : parse(row.text).mistakes) {
            CHECK(mistake.file == ".driftkeeper.yaml");
            REQUIRE(mistake.code.starts_with("settings/"));
            found.emplace_back(mistake.position.line, mistake.code.substr(9));
        }
        CHECK(found == row.mistakes);
    }
}

TEST_CASE("a file of rules has limits") {
    CHECK(parse(std::string((256U << 10U) + 1, ' ')).mistakes.at(0).code == "settings/too_large");
    std::string text = "version: 1\nignores:\n";
    for (int i = 0; i < 1000; ++i)
        text += "  - { name: r" + std::to_string(i) + ", match: { type: a }, reason: r }\n";
    CHECK(parse(text).rules.size() == 1000);
    const auto more = parse(text + "  - { name: x, match: { type: a }, reason: r }\n");
    REQUIRE(more.mistakes.size() == 1);
    CHECK(more.mistakes[0].code == "settings/too_many_rules");
}

}  // namespace rules_file_test
