#include "daemon/alert/decide/reconcilers.hpp"

#include "tests/daemon/alert/decide/world.hpp"

using namespace driftkeeper;

namespace reconcilers_test {
namespace {

StackStatus looking(std::vector<ReconcilerTrouble> troubles,
                    Completeness completeness = Completeness::Complete) {
    auto status = statusOf(stackOf("infra", "flux"), {});
    lastCheckOf(status).report.completeness = completeness;
    lastCheckOf(status).report.reconcilers = std::move(troubles);
    return status;
}

const ReconcilerTrouble suspended{"Kustomization flux-system/apps", "suspended",
                                  "It was suspended on purpose."};
const ReconcilerTrouble failing{"HelmRelease prod/web", "failing", "The upgrade failed."};

Memory remembering(const Decision& decision) {
    Memory memory;
    memory.incidents = decision.incidents;
    return memory;
}

}  // namespace

TEST_CASE("reconcilers that stand still are one incident of their stack") {
    World world;
    const auto decision = alertReconcilers({}, looking({suspended}), world.context());
    REQUIRE(decision.incidents.size() == 1);
    const auto& incident = decision.incidents[0];
    CHECK(incident.kind == IncidentKind::Reconciler);
    CHECK(incident.subject == "id of infra/flux");
    CHECK(incident.cause == "suspended");
    CHECK(incident.text ==
          "A reconciler does not apply Git in infra/flux: It was suspended on purpose.");
    REQUIRE(decision.deliveries.size() == 1);
    CHECK(noticeIn(decision.deliveries[0]).stacks.at(0).stack == "infra/flux");
}

TEST_CASE("several of them are named, up to three, and the cause says so") {
    const auto trouble =
        reconcilerTrouble(looking({suspended, failing, failing, failing, failing}));
    CHECK(trouble.cause == "several");
    CHECK(trouble.text.ends_with("; and 2 more"));
    CHECK(reconcilerTrouble(looking({failing, failing})).cause == "failing");
}

TEST_CASE("it is told once, and over when a complete look shows none") {
    World world;
    const auto memory = remembering(alertReconcilers({}, looking({suspended}), world.context()));
    CHECK(alertReconcilers(memory, looking({failing}), world.context()).incidents.empty());
    CHECK(alertReconcilers(memory, looking({}, Completeness::Partial), world.context())
              .incidents.empty());
    CHECK(alertReconcilers(memory, looking({}, Completeness::Failed), world.context())
              .incidents.empty());
    const auto over = alertReconcilers(memory, looking({}), world.context());
    REQUIRE(over.incidents.size() == 1);
    CHECK(over.incidents[0].closed == world.now);
    CHECK(noticeIn(over.deliveries.at(0)).resolution == "reconciling");
}

TEST_CASE("a partial look opens it, a failed one says nothing, and a mute holds it back") {
    World world;
    CHECK(alertReconcilers({}, looking({failing}, Completeness::Partial), world.context())
              .incidents.size() == 1);
    CHECK(alertReconcilers({}, looking({failing}, Completeness::Failed), world.context())
              .incidents.empty());
    auto context = world.context();
    context.mutedUntil = [&](const RouteSubject& subject) {
        return subject.kind == IncidentKind::Reconciler ? std::optional(world.now) : std::nullopt;
    };
    CHECK(alertReconcilers({}, looking({failing}), context).incidents.empty());
}

}  // namespace reconcilers_test
