#include "parsers/text/printable.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper;

TEST_CASE("nothing in a text can steer a terminal or a chat") {
    struct Row {
        std::string_view text;
        std::string_view shown;
    };
    for (const auto& [text, shown] :
         {Row{"plain ä € 😀", "plain ä € 😀"},
          {"a\nb\tc\rd", R"(a\nb\tc\rd)"},
          {"\x1b[31mred\x7f", R"(\x1b[31mred\x7f)"},
          {std::string_view("a\0b", 3), R"(a\x00b)"},
          {"\xc2\x9b"
           "31m",
           R"(\x9b31m)"},  // C1: CSI in one character
          {"a\xe2\x80\xa8"
           "b",
           R"(a\u2028b)"},  // line separator
          {"user\xe2\x80\xae"
           "cod.exe",
           "usercod.exe"},  // right-to-left override
          {"\xe2\x81\xa6"
           "a\xe2\x81\xa9",
           "a"},  // isolates
          {"a\xe2\x80\x8b"
           "b\xef\xbb\xbf",
           "ab"},                      // zero width, byte order mark
          {"a\xf3\xa0\x81\xa1", "a"},  // tag character
          {"a\xff\xfe", "a\xef\xbf\xbd\xef\xbf\xbd"},
          {"\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd"},                  // overlong
          {"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},  // surrogate
          {"\xf4\x90\x80\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
          {"cut \xe2\x82", "cut \xef\xbf\xbd\xef\xbf\xbd"}})
        CHECK(printable(text) == shown);
}

TEST_CASE("what is printable stays as it is when printed again") {
    std::string all;
    for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
    for (int c = 255; c >= 0; --c) all += static_cast<char>(c);
    const auto once = printable(all);
    CHECK(printable(once) == once);
    for (const char c : once) CHECK(static_cast<unsigned char>(c) >= 0x20);
}

TEST_CASE("what is too long is cut between characters and marked") {
    CHECK(shortened("abcdef", 6) == "abcdef");
    CHECK(shortened("abcdefg", 6) == "abcde…");
    CHECK(shortened("äöüäöüä", 4) == "äöü…");
    CHECK(shortened("ab", 1) == "…");
    CHECK(lengthOf("aä€😀") == 4);
    CHECK(firstCharacters("aä€😀", 2) == "aä");
    CHECK(firstCharacters("aä", 9) == "aä");
}
