#include "parsers/kubernetes/quantity.hpp"

#include <doctest/doctest.h>

#include <tuple>

using driftkeeper::kubernetes::sameQuantity;

TEST_CASE("quantities are the same by their amount, exactly") {
    for (const auto& [a, b, same] : {
             std::tuple("100m", "0.1", true),
             {"1Gi", "1024Mi", true},
             {"1", "1000m", true},
             {"1e3", "1k", true},
             {"1E3", "1000", true},
             {"0", "0Gi", true},
             {"1.5Gi", "1536Mi", true},
             {"2.50", "2.5", true},
             {"1000000000000000000001n", "1000000000000000000002n", false},
             {"1G", "1Gi", false},
             {"100m", "0.11", false},
             {"1", "2", false},
             {"", "0", false},
             {"abc", "abc", false},
             {"1x", "1x", false},
             {"1e999", "1e999", false},
         }) {
        CAPTURE(a);
        CAPTURE(b);
        CHECK(sameQuantity(a, b) == same);
        CHECK(sameQuantity(b, a) == same);
    }
}
