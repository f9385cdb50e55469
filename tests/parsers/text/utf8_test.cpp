#include "parsers/text/utf8.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace driftkeeper;

TEST_CASE("the code point at the front has its bytes, and what is none has no length") {
    CHECK(utf8Length("a") == 1);
    CHECK(utf8Length("é|") == 2);
    CHECK(utf8Length("€|") == 3);
    CHECK(utf8Length("😀|") == 4);
    for (const std::string text :
         {"", "\x80", "\xc3", "\xc3|", "\xc0\x80", "\xe0\x9f\xbf", "\xed\xa0\x80",
          "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xe2\x82", "\xff"}) {
        CAPTURE(text);
        CHECK(utf8Length(text) == 0);
    }
}

TEST_CASE("one broken byte anywhere in a long text is found") {
    const std::string ascii(200, 'a');
    const std::string wide = ascii + "é" + ascii + "😀" + ascii;
    CHECK(isUtf8(""));
    CHECK(isUtf8(ascii));
    CHECK(isUtf8(wide));
    for (std::size_t at = 0; at < ascii.size(); ++at) {
        auto text = wide;
        text[at] = '\xff';
        CHECK_FALSE(isUtf8(text));
    }
    CHECK_FALSE(isUtf8(wide + "\xe2\x82"));
}

TEST_CASE("every code point that is appended is one again") {
    for (char32_t code = 0; code <= 0x10FFFF; code += code < 0x900 ? 1 : 61) {
        if (code >= 0xD800 && code <= 0xDFFF) continue;
        std::string text;
        appendUtf8(text, code);
        REQUIRE(utf8Length(text) == text.size());
    }
}
