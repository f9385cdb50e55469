#include "parsers/yaml/yaml.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper;
using Kind = YamlNode::Kind;

TEST_CASE("a document becomes a tree with positions") {
    const auto document = parseYaml("a: 1\nb:\n  - x\n  - \"1\"\nc: { d: ~ }\n");
    REQUIRE(document.mistakes.empty());
    const auto& root = document.root;
    REQUIRE(root.kind == Kind::Mapping);
    REQUIRE(root.mapping.size() == 3);
    CHECK(root.mapping[0].key.scalar == "a");
    CHECK(root.find("a")->scalar == "1");
    CHECK(root.find("a")->plain);
    CHECK(root.find("a")->position == TextPosition{1, 4});
    REQUIRE(root.find("b")->sequence.size() == 2);
    CHECK(root.find("b")->sequence[1].position == TextPosition{4, 5});
    CHECK_FALSE(root.find("b")->sequence[1].plain);
    CHECK(root.find("c")->find("d")->kind == Kind::Null);
    CHECK(root.find("e") == nullptr);
}

TEST_CASE("columns count characters, not bytes") {
    const auto document = parseYaml("{ \xC3\xA4\xC3\xB6: x, b: y }\n");
    REQUIRE(document.mistakes.empty());
    CHECK(document.root.find("b")->position == TextPosition{1, 13});
}

TEST_CASE("places behind other than plain ASCII are right") {
    const auto document =
        parseYaml("\xC3\xA4: \xE2\x80\xA8\n\xF0\x9F\x98\x80: {b: \xC3\xB6, c: d}\nx: *y\n");
    REQUIRE(document.mistakes.size() == 1);
    CHECK(document.mistakes[0].position == TextPosition{3, 4});
}

TEST_CASE("aliases are expanded, at the place where they stand") {
    const auto document = parseYaml("a: &x { k: v }\nb: *x\n");
    REQUIRE(document.mistakes.empty());
    CHECK(document.root.find("b")->find("k")->scalar == "v");
    CHECK(document.root.find("b")->position == TextPosition{2, 4});
}

TEST_CASE("empty documents are null") {
    for (const std::string text : {"", "\n", "# nothing\n", "---\n", "~"}) {
        CAPTURE(text);
        const auto document = parseYaml(text);
        CHECK(document.mistakes.empty());
        CHECK(document.root.kind == Kind::Null);
    }
}

namespace yaml_test {
namespace {

std::string repeated(std::string_view piece, int times) {
    std::string out;
    for (int n = 0; n < times; ++n) out += piece;
    return out;
}

std::string laughs() {
    std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int n = 1; n < 10; ++n) {
        const auto before = "*a" + std::to_string(n - 1);
        text += "a" + std::to_string(n) + ": &a" + std::to_string(n) + " [" + before +
                repeated(", " + before, 9) + "]\n";
    }
    return text;
}

}  // namespace

TEST_CASE("what is no document is a mistake with its place") {
    struct Row {
        std::string text;
        std::string code;
        TextPosition position;
    };
    const Row rows[] = {
        {"a: 1\nb: 2\na: 3\n", "repeated_key", {3, 1}},
        {"a: { b: 1, b: 2 }\n", "repeated_key", {1, 12}},
        {"a: [\n", "syntax", {2, 1}},
        {"a: b: c\n", "syntax", {1, 5}},
        {"a: 1\n\tb: 2\n", "syntax", {2, 1}},
        {"a: \"x\n", "syntax", {2, 1}},
        {"a: \"x\nb: 2\n", "syntax", {3, 1}},
        {"a: 'x\n", "syntax", {2, 1}},
        {"'x\n\n", "syntax", {3, 1}},
        {"a: *b\n", "unknown_anchor", {1, 4}},
        {"a: &x [*x]\n", "recursive_alias", {1, 8}},
        {"a: 1\n---\nb: 2\n", "several_documents", {2, 1}},
        {"a: !!binary a*b=\n", "tag", {1, 4}},
        {"a: !!binary gIA=\n", "tag", {1, 4}},
        {"a: !!map x\n", "tag", {1, 4}},
        {"a: !!set {x}\n", "tag", {1, 4}},
        {"a: !<tag:example.org,2000:x> x\n", "tag", {1, 4}},
        {"a: !x y\n", "tag", {1, 4}},
        {"? [a, b]\n: c\n", "key_not_scalar", {1, 3}},
        {"a: \xFF\n", "invalid_utf8", {1, 4}},
        {"a: 1\nb: \x01\n", "control_character", {2, 4}},
        {std::string("a: \0", 4), "control_character", {1, 4}},
        {"a: \"\\q\"\n", "syntax", {1, 5}},
        {repeated("[", 101) + repeated("]", 101), "too_deep", {1, 101}},
        {repeated("[", 5000), "too_deep", {1, 0}},
        {laughs(), "too_large", {5, 0}},
        {"[" + repeated("x,", 100001) + "]", "too_large", {1, 0}},
        {"%YAML 3.0\n--- a\n", "syntax", {1, 0}},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text.substr(0, 40));
        const auto document = parseYaml(row.text);
        REQUIRE(document.mistakes.size() == 1);
        CHECK(document.mistakes[0].code == row.code);
        CHECK(document.mistakes[0].position.line == row.position.line);
        if (row.position.column > 0)
            CHECK(document.mistakes[0].position.column == row.position.column);
    }
}

TEST_CASE("local tags are kept where a reader wants them") {
    const auto document =
        parseYaml("a: !Ref Name\nb: !Join ['', [x, !GetAtt B.Arn]]\nc: !If {k: v}\nd: plain\n",
                  YamlTags::Kept);
    REQUIRE(document.mistakes.empty());
    CHECK(document.root.find("a")->tag == "!Ref");
    CHECK(document.root.find("a")->scalar == "Name");
    CHECK(document.root.find("b")->tag == "!Join");
    CHECK(document.root.find("b")->sequence[1].sequence[1].tag == "!GetAtt");
    CHECK(document.root.find("c")->tag == "!If");
    CHECK(document.root.find("d")->tag.empty());
}

TEST_CASE("several mistakes of one document are all told") {
    const auto document = parseYaml("a: 1\na: 2\nb: !x 1\nb: 2\n");
    CHECK(document.mistakes.size() == 3);
}

TEST_CASE("YAML's own tags say what a value is") {
    const auto document = parseYaml(
        "a: !!str 10\nb: !!int '10'\nc: !!bool \"true\"\nd: !!null x\ne: !!binary |\n  aGFs\n  "
        "bG8=\n"
        "f: !!seq [1]\ng: !!map {k: v}\nh: !!timestamp 2001-01-01\ni: !!float 1\nj: !!str\nk: ! "
        "10\n");
    REQUIRE(document.mistakes.empty());
    const auto isText = [&](const char* key, const char* text) {
        const auto* found = document.root.find(key);
        return found->kind == Kind::Scalar && !found->plain && found->scalar == text;
    };
    CHECK(isText("a", "10"));
    CHECK(isText("e", "hallo"));
    CHECK(isText("h", "2001-01-01"));
    CHECK(isText("j", ""));
    CHECK(isText("k", "10"));
    for (const char* typed : {"b", "c", "i"}) CHECK(document.root.find(typed)->plain);
    CHECK(document.root.find("d")->kind == Kind::Null);
    CHECK(document.root.find("f")->kind == Kind::Sequence);
    CHECK(document.root.find("g")->kind == Kind::Mapping);
}

TEST_CASE("of a repeated key the last value counts where its reader takes that") {
    const auto document =
        parseYaml("a: 1\nb: {x: 1, x: [2]}\na: 3\n", YamlTags::Kept, YamlKeys::LastCounts);
    REQUIRE(document.mistakes.empty());
    REQUIRE(document.root.mapping.size() == 2);
    CHECK(document.root.find("a")->scalar == "3");
    CHECK(document.root.find("b")->find("x")->sequence.size() == 1);
}

TEST_CASE("texts keep the line ends that they have") {
    struct Row {
        std::string text;
        std::string value;
    };
    const Row rows[] = {
        {"a: |\n  x\n  y\n", "x\ny\n"},
        {"a: |\n  x\n  y", "x\ny"},
        {"a: |+\n  x\n\n", "x\n\n"},
        {"a: |+\n  x\n", "x\n"},
        {"a: |-\n  x\n", "x"},
        {"a: >-\n  x\n  y", "x y"},
        {"a: >\n  x\n\n  y\n\n", "x\ny\n"},
        {"a: '\n\n  '\n", "\n"},
        {"a: \"x\n\n\n  \"\n", "x\n\n"},
        {"a: \"x\\_\\Ny\"\n", "x\u00a0\u0085y"},
        {"a: |\n  x\n# c\n", "x\n"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        const auto document = parseYaml(row.text);
        REQUIRE(document.mistakes.empty());
        CHECK(document.root.find("a")->scalar == row.value);
    }
}

TEST_CASE("a hundred levels are read") {
    CHECK(parseYaml(repeated("[", 100) + repeated("]", 100)).mistakes.empty());
}

TEST_CASE("anchors around anchors do not multiply what is kept") {
    std::string text;
    for (int n = 0; n < 90; ++n) text += "&a" + std::to_string(n) + " [";
    text += repeated("x,", 20000) + repeated("]", 90);
    REQUIRE(parseYaml(text).mistakes.size() == 1);
    CHECK(parseYaml(text).mistakes[0].code == "too_large");
}

TEST_CASE("messages do not repeat values") {
    for (const std::string text : {"p: *hunter2\n", "p: \"\\hunter2\"\n", "hunter2: [\n"}) {
        const auto document = parseYaml(text);
        REQUIRE(document.mistakes.size() == 1);
        CHECK(document.mistakes[0].message.find("hunter2") == std::string::npos);
    }
}

}  // namespace yaml_test
