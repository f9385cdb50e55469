#include "parsers/argocd/argocd_look.hpp"

#include <doctest/doctest.h>

#include <string>

#include "parsers/graph/cause.hpp"
#include "tests/parsers/gitops/objects.hpp"

using namespace driftkeeper;
using namespace driftkeeper::argocd;

namespace argocd_look_test {
namespace {

const ValueTags tags("test");
const std::string head =
    "apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {namespace: argocd, name: ";
const std::string spec =
    "spec: {project: default, source: {repoURL: 'https://git.example.com/x', path: shop}}";
const std::string declaredText = "{" + head + "shop}, " + spec + "}";

// An Application as Argo CD left it, with what a test changes.
struct World {
    std::string sync = "OutOfSync";
    std::string revision = "bbb";
    std::string synced = "bbb";
    std::string resource = "";  // more of the Deployment
    std::string state = "OutOfSync";
    std::string more = "";  // of the status
    std::string others = "";
    ArgoLook look{tests::objects(declaredText), {}};
    Evidence before;

    World() {
        look.now = std::chrono::sys_days(std::chrono::year(2026) / 11 / 22);
        look.cluster = "https://cluster.example.com:6443";
    }

    Report read() {
        look.live = tests::objects(
            "{" + head + "shop}, " + spec +
            ", status: {reconciledAt: '2026-11-21T23:59:00Z', sync: {status: " + sync +
            ", revision: " + revision + "}, history: [{revision: " + synced +
            "}], resources: [{group: apps, kind: Deployment, namespace: shop, name: web, status: " +
            state + resource + "}, {kind: Secret, namespace: shop, name: db, status: Synced}]" +
            more + "}}\n---\n" + others);
        return readArgo(look, tags);
    }
    Drift only() {
        const Report report = read();
        REQUIRE(report.drifts.size() == 1);
        return report.drifts[0];
    }
};

const std::string web = "Deployment.apps/shop/web";

}  // namespace

TEST_CASE("an Application in sync is in sync, with its resources in the graph") {
    World world;
    world.sync = world.state = "Synced";
    const Report report = world.read();
    CHECK(verdictOf(report) == Verdict::InSync);
    CHECK(report.resources == 3);
    CHECK(report.coverage == Coverage{3, 0, 0});
    CHECK(report.graph.dependentsOf("Application.argoproj.io/argocd/shop") ==
          std::vector<std::string>{web, "Secret/shop/db"});
    CHECK(report.graph.resources().at(1).identity ==
          "k8s:cluster.example.com:6443/apps/Deployment/shop/web");
}

TEST_CASE("the revisions say which side moved") {
    struct Row {
        const char* synced;
        const char* resource;
        Side side;
        Change change;
    };
    for (const auto& [synced, resource, side, change] : {
             Row{"bbb", "", Side::Live, Change::Modified},
             Row{"aaa", "", Side::Git, Change::Modified},
             Row{"bbb", ", health: {status: Missing}", Side::Live, Change::Deleted},
             Row{"aaa", ", health: {status: Missing}", Side::Git, Change::Created},
             Row{"bbb", ", requiresPruning: true", Side::Git, Change::Deleted},
             Row{"aaa", ", requiresPruning: true", Side::Git, Change::Deleted},
         }) {
        World world;
        world.synced = synced;
        world.resource = resource;
        CAPTURE(synced);
        CAPTURE(resource);
        const Drift drift = world.only();
        CHECK(drift.address == web);
        CHECK(drift.type == "Deployment.apps");
        CHECK(drift.side == side);
        CHECK(drift.change == change);
        CHECK(drift.cause == (side == Side::Live ? cause::outOfBand : cause::unappliedCommit));
    }
}

TEST_CASE("a revision that was in sync without being synced is known from the last clean look") {
    World world;
    world.sync = world.state = "Synced";
    world.synced = "aaa";
    world.before = world.read().evidence;
    world.look.lastClean = &world.before;
    world.sync = world.state = "OutOfSync";
    CHECK(world.only().side == Side::Live);
    world.revision = "ccc";
    CHECK(world.only().side == Side::Git);
}

TEST_CASE("an Application that cannot be compared is not in sync") {
    World world;
    world.sync = world.state = "Unknown";
    Report report = world.read();
    CHECK(verdictOf(report) == Verdict::Inconclusive);
    CHECK(report.reason->code == "comparison_failed");
    CHECK(report.coverage == Coverage{0, 0, 3});
    world.sync = "OutOfSync";
    world.state = "Synced";
    report = world.read();
    CHECK(verdictOf(report) == Verdict::Inconclusive);  // nothing explains it
}

TEST_CASE("an Application is compared with Git itself") {
    World world;
    world.sync = world.state = "Synced";
    world.look.declared = tests::objects("{" + head + "shop}, spec: {project: other}}\n---\n{" +
                                         head + "new}, spec: {}}");
    const Report report = world.read();
    REQUIRE(report.drifts.size() == 2);
    CHECK(report.drifts[0].address == "Application.argoproj.io/argocd/new");
    CHECK(report.drifts[0].change == Change::Created);
    CHECK(report.drifts[1].attributes.at(0) ==
          AttributeDrift{"spec.project", R"("other")", R"("default")"});
    CHECK(verdictOf(report) == Verdict::Unapplied);
}

TEST_CASE("an Application that a declared ApplicationSet owns is judged, others only on demand") {
    World world;
    world.look.declared = tests::objects(
        "{apiVersion: argoproj.io/v1alpha1, kind: ApplicationSet, metadata: {name: fleet, "
        "namespace: argocd}}\n---\n"
        "{apiVersion: argoproj.io/v1alpha1, kind: AppProject, metadata: {name: p, namespace: "
        "argocd}}");
    Report report = world.read();
    CHECK(report.drifts.empty());
    CHECK(report.coverage == Coverage{0, 2, 0});
    world.others =
        "{" + head +
        "edge, ownerReferences: [{kind: ApplicationSet, name: fleet}]}, spec: {}, status: {sync: "
        "{status: Unknown}}}";
    report = world.read();
    CHECK(report.coverage == Coverage{0, 2, 1});
    world.look.all = true;
    CHECK(world.read().drifts.size() == 1);
}

TEST_CASE("AppProjects and ApplicationSets are compared with Git where they were listed") {
    World world;
    const std::string project =
        "{apiVersion: argoproj.io/v1alpha1, kind: AppProject, metadata: {name: p, namespace: "
        "argocd";
    world.sync = world.state = "Synced";
    world.look.declared =
        tests::objects(declaredText + "\n---\n" + project + "}, spec: {sourceRepos: [a]}}");
    world.look.kinds.insert("AppProject");
    world.others = project + "}, spec: {sourceRepos: ['*']}}";
    Report report = world.read();
    REQUIRE(report.drifts.size() == 1);
    CHECK(report.drifts[0].address == "AppProject.argoproj.io/argocd/p");
    CHECK(report.coverage.unsupported == 0);
    world.others = project +
                   ", managedFields: [{manager: kubectl-edit, operation: Update, time: '2', "
                   "fieldsV1: {'f:spec': {'f:clusterResourceWhitelist': {}}}}]}, spec: "
                   "{sourceRepos: [a], clusterResourceWhitelist: [{kind: '*'}]}}";
    report = world.read();
    REQUIRE(report.drifts.size() == 1);
    CHECK(report.drifts[0].side == Side::Live);
    CHECK(report.drifts[0].attributes.at(0).path == "spec.clusterResourceWhitelist");
    world.look.notListed.emplace("AppProject", Reason{"forbidden", "not allowed"});
    report = world.read();
    CHECK(report.completeness == Completeness::Partial);
    CHECK(report.reason->code == "forbidden");
}

TEST_CASE("what the parent of an Application ignores is noise") {
    World world;
    world.sync = "Synced";
    world.state = "Synced";
    world.look.declared = tests::objects("{" + head + "child}, spec: {project: a}}");
    world.resource =
        "}, {group: argoproj.io, kind: Application, namespace: argocd, name: child, status: Synced";
    world.others = "{" + head +
                   "child}, spec: {project: b}, status: {reconciledAt: '2026-11-21T23:59:00Z', "
                   "sync: {status: Synced}}}\n---\n{" +
                   head +
                   "top}, spec: {ignoreDifferences: [{kind: Application, jsonPointers: "
                   "[/spec/project]}]}, status: {resources: [{group: argoproj.io, kind: "
                   "Application, namespace: argocd, name: child, status: Synced}]}}";
    CHECK(world.only().cause == cause::leftToOthers);
}

TEST_CASE("a child Application that its parent calls OutOfSync is told once") {
    World world;
    world.sync = "OutOfSync";
    world.state = "Synced";
    world.look.declared = tests::objects("{" + head + "shop}, " + spec + "}\n---\n{" + head +
                                         "child}, spec: {project: a}}");
    world.more = "";
    world.resource =
        "}, {group: argoproj.io, kind: Application, namespace: argocd, name: child, status: "
        "OutOfSync";
    world.others = "{" + head +
                   "child}, spec: {project: b}, status: {reconciledAt: '2026-11-21T23:59:00Z', "
                   "sync: {status: Synced}}}";
    const Drift drift = world.only();
    CHECK(drift.address == "Application.argoproj.io/argocd/child");
    CHECK(drift.attributes.size() == 1);
}

TEST_CASE("what left Git and is still there waits to be deleted") {
    World world;
    world.sync = world.state = "Synced";
    world.before = world.read().evidence;
    world.look.lastClean = &world.before;
    world.look.declared.clear();
    const Drift drift = world.only();
    CHECK(drift.address == "Application.argoproj.io/argocd/shop");
    CHECK(drift.change == Change::Deleted);
    CHECK(drift.side == Side::Git);
    world.look.notRead = Reason{"broken_configuration", "a file cannot be read"};
    CHECK(world.read().drifts.empty());
    CHECK(world.read().reason == world.look.notRead);
}

}  // namespace argocd_look_test
