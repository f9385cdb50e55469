#include <doctest/doctest.h>

#include "daemon/judge/rules.hpp"
#include "daemon/settings/rules_file.hpp"

using namespace driftkeeper;
using Texts = std::vector<std::string>;

namespace driftignore_test {
namespace {

LoadedRules parse(const std::string& text) {
    return parseDriftignore(text, "infra", ".driftignore");
}

// What of box_item ID is told: "all", "none", or the paths of attributes.
std::string toldOf(const std::string& text, const std::string& type, const std::string& id) {
    const auto loaded = parse(text);
    REQUIRE(render(loaded.mistakes) == "");
    Report report;
    auto& drift = report.drifts.emplace_back();
    drift.address = "box.x";
    drift.type = type;
    drift.id = id;
    drift.cause = "out_of_band";
    drift.attributes = {
        {"size", "1", "2"}, {"tags[\"a.b\"]", "1", "2"}, {"rule[0].port", "1", "2"}};
    applyRules(report, loaded.rules, "infra", "infra/a", TimePoint{});
    if (report.drifts.empty()) return "none";
    if (report.notTold.empty()) return "all";
    std::string out;
    for (const auto& attribute : report.drifts[0].attributes)
        out += (out.empty() ? "" : " ") + attribute.path;
    return out;
}

}  // namespace

TEST_CASE("a .driftignore file hides what it names") {
    struct Row {
        std::string text;
        std::string type;
        std::string id;
        std::string told;
    };
    const Row rows[] = {
        {"aws_s3_bucket.my-bucket", "aws_s3_bucket", "my-bucket", "none"},
        {"aws_s3_bucket.my-bucket", "aws_s3_bucket", "my-buckets", "all"},
        {"aws_s3_bucket.my-bucket", "aws_s3_object", "my-bucket", "all"},
        {"aws_instance.*", "aws_instance", "i-1", "none"},
        {"aws_instance.*", "aws_instance", "", "none"},
        {"aws_instance", "aws_instance", "i-1", "none"},
        {"aws_*", "aws_instance", "i-1", "none"},
        {"aws_*", "google_disk", "d", "all"},
        {"aws_iam_policy.arn:aws:iam::*:policy/*", "aws_iam_policy", "arn:aws:iam::1:policy/a/b",
         "none"},
        {"aws_s3_bucket.a\\.b\\.c", "aws_s3_bucket", "a.b.c", "none"},
        {"aws_s3_bucket.a\\.b\\.c", "aws_s3_bucket", "axbxc", "all"},
        {"box.a\\\\b", "box", "a\\b", "none"},
        {"box.a\\*b", "box", "a*b", "none"},
        {"box.a\\*b", "box", "axxb", "all"},
        {"box.**", "box", "x", "none"},
        {"# box.x\n\n  box.x  \r\n", "box", "x", "none"},
        {"#box.x", "box", "x", "all"},
        {"*", "box", "x", "none"},
        {"*\n!box", "box", "x", "all"},
        {"*\n!box.x", "box", "x", "all"},
        {"*\n!box.x", "box", "y", "none"},
        {"*\n!box.*\nbox.x", "box", "x", "none"},
        {"*\n!box.*\nbox.x", "box", "y", "all"},
        {"!box.x\nbox.*", "box", "x", "none"},
        {"*\n!aws_s3*\n!aws_route53*", "aws_route53_zone", "z", "all"},
        {"box.x.size", "box", "x", "tags[\"a.b\"] rule[0].port"},
        {"box.*.size", "box", "y", "tags[\"a.b\"] rule[0].port"},
        {"box.x.tags.a\\.b", "box", "x", "size rule[0].port"},
        {"box.x.rule.*.port", "box", "x", "size tags[\"a.b\"]"},
        {"box.x.rule.0", "box", "x", "size tags[\"a.b\"]"},
        {"box.x.size\nbox.x.rule\nbox.x.tags", "box", "x", "none"},
        {"box.x.*\n!box.x", "box", "x", "all"},
        {"", "box", "x", "all"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        CAPTURE(row.id);
        CHECK(toldOf(row.text, row.type, row.id) == row.told);
    }
}

TEST_CASE("lines become rules of the repository") {
    const auto loaded = parse("# made by hand, ask Ada\nbox.x\n\nbox.y\n!box.z\n");
    REQUIRE(loaded.rules.size() == 3);
    CHECK(loaded.rules[0].name == "infra/.driftignore/!box.z");
    CHECK(loaded.rules[0].keeps);
    CHECK(loaded.rules[1].reason == "a line of .driftignore");
    CHECK(loaded.rules[2].name == "infra/.driftignore/box.x");
    CHECK(loaded.rules[2].reason == "made by hand, ask Ada");
    CHECK(loaded.rules[2].origin == IgnoreRule::Origin::Repository);
    CHECK(loaded.rules[2].repository == "infra");
    CHECK(loaded.rules[2].match.type == Texts{"box"});
    CHECK(loaded.rules[2].match.id == Texts{"x"});
}

TEST_CASE("lines that say nothing are told, all at once") {
    const auto loaded =
        parse("box.\n.x\nbox.x\n!\nbox..x\n!box.x.size\n  " + std::string(1025, 'x') + "\n");
    std::vector<std::size_t> lines;
    for (const auto& mistake : loaded.mistakes) {
        CHECK(mistake.code == "settings/bad_line");
        lines.push_back(mistake.position.line);
    }
    CHECK(lines == std::vector<std::size_t>{1, 2, 4, 5, 6, 7});
    CHECK(loaded.mistakes.back().position.column == 3);
    CHECK(render({loaded.mistakes[0]}) ==
          ".driftignore:1:1: write it as TYPE, TYPE.ID or TYPE.ID.PATH [settings/bad_line]\n"
          "  1 | box.\n"
          "    | ^\n");
}

TEST_CASE("a .driftignore file has limits") {
    CHECK(parse(std::string((256U << 10U) + 1, '#')).mistakes.at(0).code == "settings/too_large");
    CHECK(parse("a\xFF").mistakes.at(0).code == "settings/invalid_utf8");
    std::string text;
    for (int i = 0; i < 1001; ++i) text += "box.x" + std::to_string(i) + "\n";
    CHECK(parse(text).mistakes.at(0).code == "settings/too_many_rules");
    CHECK(parse(text.substr(text.find('\n') + 1)).rules.size() == 1000);
}

}  // namespace driftignore_test
