#include "parsers/text/digest.hpp"

#include <doctest/doctest.h>

#include "parsers/text/encoding.hpp"

using namespace driftkeeper;

TEST_CASE("digests agree with the published examples") {
    CHECK(hex(sha256("abc")) ==
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");  // FIPS 180-2
    CHECK(hex(hmacSha256("Jefe", "what do ya want for nothing?")) ==
          "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");  // RFC 4231 §4.3
}
