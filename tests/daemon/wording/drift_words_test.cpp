#include "daemon/wording/drift_words.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper;

TEST_CASE("who else uses a thing is said in one line, and nothing when nobody does") {
    Drift drift;
    CHECK(alsoUsedBy(drift).empty());
    drift.dependentsElsewhere = {{"infra/prod/app", "aws_instance.web"}};
    CHECK(alsoUsedBy(drift) == "also used by infra/prod/app: aws_instance.web");
    drift.dependentsElsewhere.insert(drift.dependentsElsewhere.end(), 3, {"infra/x", "y"});
    CHECK(alsoUsedBy(drift) == "also used by infra/prod/app: aws_instance.web (+3 more)");
    drift.dependentsElsewhere = {{"infra/prod/app", ""}};
    CHECK(alsoUsedBy(drift) == "also used by infra/prod/app");
}

TEST_CASE("who changed it is said when it is known") {
    Drift drift;
    CHECK(changedBy(drift).empty());
    drift.changedBy = "kubectl-edit, 2026-11-22T10:00:00Z";
    CHECK(changedBy(drift) == "changed by kubectl-edit, 2026-11-22T10:00:00Z");
}
