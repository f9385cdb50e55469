#include "daemon/git/digests.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper;

TEST_CASE("digests agree with the published examples") {
    CHECK(hex(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");  // FIPS 180-2
    CHECK(hex(hmacSha1(std::string(20, '\x0b'), "Hi There")) ==
          "b617318655057264e28bc0b6fb378c8ef146be00");  // RFC 2202
}

TEST_CASE("base64 goes both ways and refuses other text") {
    for (const std::string text : {"f", "fo", "foo", "foob", "fooba", "foobar"})
        CHECK(fromBase64(toBase64(text)) == text);
    CHECK(toBase64("foobar") == "Zm9vYmFy");
    for (const char* bad : {"", "abc", "ab!=", "****"}) CHECK_FALSE(fromBase64(bad));
}
