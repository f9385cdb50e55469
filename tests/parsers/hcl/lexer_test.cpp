#include "parsers/hcl/lexer.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace driftkeeper;

namespace lexer_test {
namespace {

std::string joined(std::string_view text) {
    std::string out;
    for (const auto& token : hcl::tokenize(text).list) {
        if (!out.empty()) out += ' ';
        out += token.kind == hcl::TokenKind::Newline ? "NL" : std::string(token.text);
    }
    return out;
}

}  // namespace

TEST_CASE("text becomes tokens without comments and blanks") {
    struct Row {
        std::string text;
        std::string tokens;
    };
    const Row rows[] = {
        {"a = 1 # note", "a = 1"},
        {"a = 1 // note\nb", "a = 1 NL b"},
        {"a /* x\ny */ = 2", "a = 2"},
        {"a=b==c", "a = b == c"},
        {"x >= 1 && y != 2", "x >= 1 && y != 2"},
        {"a.0.b", "a . 0 . b"},
        {"1.5e-3", "1.5e-3"},
        {"for-each", "for-each"},
        {"f(x...)", "f ( x ... )"},
        {"provider::aws::f()", "provider :: aws :: f ( )"},
        {"\xEF\xBB\xBF"
         "a",
         "a"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        CHECK(joined(row.text) == row.tokens);
        CHECK_FALSE(hcl::tokenize(row.text).broken);
    }
}

TEST_CASE("what is around a token is its depth") {
    const auto tokens = hcl::tokenize(R"(a { b = "x${c["d"]}" })").list;
    int deepest = 0;
    for (const auto& token : tokens) deepest = std::max(deepest, int{token.depth});
    CHECK(tokens.front().depth == 0);
    CHECK(tokens.back().depth == 0);
    CHECK(deepest == 5);  // { " ${ [ "
}

TEST_CASE("a quoted string that does not end in its line is broken and ends there") {
    const auto tokens = hcl::tokenize("a = \"x\nb = 1\n");
    CHECK(tokens.broken);
    CHECK(tokens.list.back().depth == 0);
}

TEST_CASE("a comment sign inside a string is no comment") {
    CHECK(joined("\"http://x # y\"") == "\" http://x # y \"");
}

TEST_CASE("more than 256 levels are broken, 256 are not") {
    CHECK_FALSE(hcl::tokenize(std::string(256, '[') + std::string(256, ']')).broken);
    CHECK(hcl::tokenize(std::string(257, '[') + std::string(257, ']')).broken);
    CHECK(hcl::tokenize(std::string(100000, '{')).broken);
}

TEST_CASE("broken text is said to be broken") {
    for (const std::string text :
         {"a = 'x'", "}", ")", "a = (", "\"${", "/* never ends", "<<EOT\nno end", "a = `x`"}) {
        CAPTURE(text);
        CHECK(hcl::tokenize(text).broken);
    }
}

TEST_CASE("escapes of quoted text") {
    struct Row {
        std::string written;
        std::string meant;
    };
    const Row rows[] = {
        {R"(a\nb)", "a\nb"},
        {R"(\"\\\t\r)", "\"\\\t\r"},
        {R"(\u00e9)", "\xC3\xA9"},
        {R"(\U0001F600)", "\xF0\x9F\x98\x80"},
        {"$${x}", "${x}"},
        {"%%{if}", "%{if}"},
        {R"(\q)", R"(\q)"},
        {R"(\ud800)", R"(\ud800)"},
        {R"(\u12)", R"(\u12)"},
        {"\\", "\\"},
        {"$$", "$$"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.written);
        CHECK(hcl::unescaped(row.written) == row.meant);
    }
}

}  // namespace lexer_test
