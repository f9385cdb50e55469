#include <doctest/doctest.h>

#include "daemon/settings/settings_file.hpp"

using namespace driftkeeper;
using Texts = std::vector<std::string>;

namespace severities_test {
namespace {

LoadedSettings parse(const std::string& text) {
    return parseSettings(text, "x.yaml",
                         [](std::string_view) { return std::optional<std::string>("/s"); });
}

}  // namespace

TEST_CASE("rules of severity arrive whole and in order") {
    const auto loaded = parse(R"(
severity:
  - match:
      stack: ["infra/prod/**"]
      address: module.db.*
      type: ["aws_iam_*"]
      id: db-*
      attribute: [policy, "tags[\"a b\"]"]
      side: [live, both]
      change: modified
      cause: [out_of_band, "applied_*"]
    severity: critical
    reason: "Who may do what in production."
  - { match: { type: null_resource }, severity: info }
)");
    REQUIRE(render(loaded.mistakes) == "");
    const auto& rules = loaded.settings.severities;
    REQUIRE(rules.size() == 2);
    CHECK(rules[0].name == "settings/severity[0]");
    CHECK(rules[0].severity == Severity::Critical);
    CHECK(rules[0].reason == "Who may do what in production.");
    CHECK(rules[0].match.stack == Texts{"infra/prod/**"});
    CHECK(rules[0].match.address == Texts{"module.db.*"});
    CHECK(rules[0].match.type == Texts{"aws_iam_*"});
    CHECK(rules[0].match.id == Texts{"db-*"});
    CHECK(rules[0].match.attribute == Texts{"policy", "tags[\"a b\"]"});
    CHECK(rules[0].match.side == std::vector<Side>{Side::Live, Side::Both});
    CHECK(rules[0].match.change == std::vector<Change>{Change::Modified});
    CHECK(rules[0].match.cause == Texts{"out_of_band", "applied_*"});
    CHECK(rules[1].name == "settings/severity[1]");
    CHECK(rules[1].severity == Severity::Info);
    CHECK(rules[1].reason.empty());
}

TEST_CASE("mistakes in rules of severity have code, line and key path") {
    const auto rule = [](const std::string& match, const std::string& more = "") {
        return "severity:\n  - severity: info\n    match: " + match + "\n" + more;
    };
    struct Row {
        std::string text;
        std::string code;
        std::size_t line;
        std::string path;
    };
    const Row rows[] = {
        {"severity: critical\n", "wrong_type", 1, "severity"},
        {"severity:\n  - { severity: info }\n", "missing_key", 2, "severity[0].match"},
        {"severity:\n  - { match: { type: a } }\n", "missing_key", 2, "severity[0].severity"},
        {"severity:\n  - { match: { type: a }, severity: fatal }\n", "unknown_value", 2,
         "severity[0].severity"},
        {"severity:\n  - { match: { type: a }, severity: [info] }\n", "wrong_type", 2,
         "severity[0].severity"},
        {"severity:\n  - { match: { type: a }, severity: info, owner: me }\n", "unknown_key", 2,
         "severity[0].owner"},
        {rule("{}"), "empty_match", 3, "severity[0].match"},
        {rule("{ type: [] }"), "empty_match", 3, "severity[0].match"},
        {rule("{ typ: a }"), "unknown_key", 3, "severity[0].match.typ"},
        {rule("{ attribute: \"a[\" }"), "bad_attribute", 3, "severity[0].match.attribute"},
        {rule("{ stack: \"a[\" }"), "bad_glob", 3, "severity[0].match.stack"},
        {rule("{ side: lief }"), "unknown_value", 3, "severity[0].match.side"},
        {rule("{ cause: [cascades] }"), "unknown_value", 3, "severity[0].match.cause[0]"},
        {rule("{ type: a }", "    reason: \"\"\n"), "bad_text", 4, "severity[0].reason"},
        {rule("{ type: a }", "  - { match: { type: b }, severity: info, raeson: x }\n"),
         "unknown_key", 4, "severity[1].raeson"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        const auto mistakes = parse(row.text).mistakes;
        CHECK(mistakes.size() == 1);
        REQUIRE_FALSE(mistakes.empty());
        CHECK(mistakes[0].code == "settings/" + row.code);
        CHECK(mistakes[0].position.line == row.line);
        CHECK(mistakes[0].keyPath == row.path);
    }
}

TEST_CASE("words of a rule of severity that are nearly right are guessed, with a caret") {
    CHECK(render(parse("severity:\n  - match: { type: a }\n    severity: critcal\n").mistakes) ==
          "x.yaml:3:15: unknown word; did you mean critical? [settings/unknown_value]\n"
          "  in severity[0].severity\n"
          "  3 |     severity: critcal\n"
          "    |               ^\n");
    CHECK(parse("severities: []\n").mistakes.at(0).message ==
          "unknown key severities; did you mean severity?");
}

}  // namespace severities_test
