#include "daemon/git/digests.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper;

TEST_CASE("a digest agrees with the published example") {
    CHECK(hex(sha256("abc")) ==
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");  // FIPS 180-2
}
