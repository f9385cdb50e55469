#include "parsers/graph/cause.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper;

TEST_CASE("a cause is noise when a built-in rule exists for it") {
    for (const auto cause : {"converged", "ignore_changes", "computed", "cosmetic", "cascade", "output_only",
                             "data_source", "check_block", "moved", "forgotten", "import", "deferred"})
        CHECK(isNoise(cause));
    for (const auto cause : {"out_of_band", "applied_elsewhere", "unapplied_commit", "tainted", "conflict", "perpetual",
                             "provider_upgrade", "", "Converged"})
        CHECK_FALSE(isNoise(cause));
}
