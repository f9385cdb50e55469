#include "parsers/flux/reconciler_state.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/parsers/gitops/objects.hpp"

using namespace driftkeeper;
using namespace driftkeeper::flux;

namespace reconciler_state_test {
namespace {

const auto noon = std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + std::chrono::hours(12);

ReconcilerState state(const std::string& spec, const std::string& status,
                      const std::string& metadata = "", const std::string& kind = "Kustomization") {
    const auto object =
        tests::object("{apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: " + kind +
                      ", metadata: {name: a, namespace: n, generation: 2" + metadata +
                      "}, spec: {" + spec + "}, status: {" + status + "}}");
    return stateOf(object, gitops::nameOf(object), noon);
}

std::string ready(const std::string& status, const std::string& reason = "R",
                  const std::string& more = "") {
    return "observedGeneration: 2, conditions: [{type: Ready, status: '" + status +
           "', reason: " + reason +
           ", observedGeneration: 2, lastTransitionTime: '2026-11-22T11:59:00Z', message: "
           "'first\n\n  second canary'" +
           more + "}]";
}

struct Row {
    const char* why;
    ReconcilerState found;
    std::string trouble;     // code; empty: none
    std::string unreadable;  // code; empty: it is readable
};

}  // namespace

TEST_CASE("a status tells what is wrong, and whether it can be believed") {
    const std::string behind =
        ", managedFields: [{manager: m, operation: Apply, time: '2026-11-22T1";
    const Row table[] = {
        {"ready", state("interval: 5m", ready("True")), "", ""},
        {"suspended", state("suspend: true", ""), "suspended", ""},
        {"failing", state("", ready("False", "BuildFailed")), "failing", "reconciler_failing"},
        {"applied and unhealthy", state("", ready("False", "HealthCheckFailed")), "failing", ""},
        {"waits for another", state("", ready("False", "DependencyNotReady")), "", "reconciling"},
        {"in the middle", state("", ready("Unknown", "Progressing")), "", "reconciling"},
        {"never checked", state("", ""), "", "reconciling"},
        {"in the middle for hours",
         state("interval: 1m",
               "conditions: [{type: Ready, status: Unknown, lastTransitionTime: "
               "'2026-11-22T09:00:00Z'}]"),
         "stale", "reconciling"},
        {"stalled",
         state("",
               "conditions: [{type: Stalled, status: 'True', reason: S}, {type: Ready, status: "
               "'False', reason: F}]"),
         "stalled", "reconciler_stalled"},
        {"an older spec, just now",
         state("interval: 5m", "observedGeneration: 1", behind + "1:55:00Z'}]"), "", "reconciling"},
        {"an older spec, for an hour",
         state("interval: 5m", "observedGeneration: 1", behind + "0:55:00Z'}]"), "stale",
         "reconciling"},
        {"never observed", state("", "observedGeneration: -1"), "", "reconciling"},
        {"answers no request",
         state("interval: 5m", ready("True"),
               ", annotations: {reconcile.fluxcd.io/requestedAt: '2026-11-22T10:00:00Z'}"),
         "stale", "reconciler_stale"},
        {"answered the request",
         state("interval: 5m", ready("True") + ", lastHandledReconcileAt: '2026-11-22T10:00:00Z'",
               ", annotations: {reconcile.fluxcd.io/requestedAt: '2026-11-22T10:00:00Z'}"),
         "", ""},
        {"reconciled a minute ago",
         state("interval: 5m",
               ready("True") + ", history: [{lastReconciled: '2026-11-22T11:59:00Z'}]"),
         "", ""},
        {"not reconciled for hours",
         state("interval: 5m",
               ready("True") + ", history: [{lastReconciled: '2026-11-22T08:00:00Z'}]"),
         "stale", "reconciler_stale"},
        {"not due yet",
         state("interval: 4h",
               ready("True") + ", history: [{lastReconciled: '2026-11-22T08:00:00Z'}]"),
         "", ""},
        {"without a status of its own", state("type: oci", "", "", "HelmRepository"), "", ""},
    };
    for (const auto& [why, found, trouble, unreadable] : table) {
        CAPTURE(why);
        REQUIRE(found.troubles.size() == (trouble.empty() ? 0 : 1));
        if (!trouble.empty()) {
            CHECK(found.troubles[0].code == trouble);
            CHECK(found.troubles[0].name.ends_with(" n/a"));
            CHECK(found.troubles[0].text.find("canary") == std::string::npos);
        }
        CHECK((found.unreadable ? found.unreadable->code : "") == unreadable);
    }
    CHECK(table[1].found.suspended);
    CHECK(table[2].found.troubles[0].text ==
          "Kustomization n/a cannot be reconciled: BuildFailed: first");
}

}  // namespace reconciler_state_test
