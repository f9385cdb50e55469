#include "parsers/text/encoding.hpp"

#include <doctest/doctest.h>

#include "parsers/text/ascii.hpp"

using namespace driftkeeper;

TEST_CASE("only ASCII letters are lowered") {
    CHECK(lowered("Git.Example.COM:80@[`{") == "git.example.com:80@[`{");
    CHECK(lowered("ÄÖ\xff") == "ÄÖ\xff");
    CHECK(lowered("").empty());
}

TEST_CASE("what stands in a path or a query stays one segment of it") {
    CHECK(percentEncoded("infra/prod/net work@blue") == "infra%2Fprod%2Fnet%20work%40blue");
    CHECK(percentEncoded("a-b.c_d~e") == "a-b.c_d~e");
    CHECK(percentEncoded("%?&=+#") == "%25%3F%26%3D%2B%23");
    CHECK(percentEncoded("ü\x01\xff") == "%C3%BC%01%FF");
    CHECK(percentEncoded("org/repo name", "-._~/") == "org/repo%20name");
}

TEST_CASE("what is percent encoded comes back, and what is not is refused") {
    CHECK(percentDecoded("a%2Fb%c3%BC+") == "a/bü+");
    CHECK(percentDecoded("") == "");
    for (const char* bad : {"%", "a%2", "%2g", "%g2"}) CHECK_FALSE(percentDecoded(bad));
}

TEST_CASE("bytes become lower-case hexadecimal") {
    CHECK(hex(std::string_view("\x00\x9f\xff", 3)) == "009fff");
    CHECK(hexDigit('f') == 15);
    CHECK(hexDigit('F') == 15);
    CHECK(hexDigit('g') == -1);
}

TEST_CASE("base64 agrees with the examples of RFC 4648, both ways") {
    struct Row {
        const char *plain, *encoded;
    };
    const Row rows[] = {{"f", "Zg=="},        {"fo", "Zm8="},        {"foo", "Zm9v"},
                        {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}};
    for (const auto& row : rows) {
        CHECK(base64(row.plain) == row.encoded);
        CHECK(base64Decoded(row.encoded) == row.plain);
    }
    CHECK(base64("").empty());
    for (const char* bad : {"", "Zg", "Zg=", "Z===", "Zm9v!g==", "Zm 9v==="})
        CHECK_FALSE(base64Decoded(bad));
}
