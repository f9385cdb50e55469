#include "parsers/flux/flux_look.hpp"

#include <doctest/doctest.h>

#include <string>

#include "parsers/graph/cause.hpp"
#include "tests/parsers/gitops/objects.hpp"

using namespace driftkeeper;
using namespace driftkeeper::flux;

namespace flux_look_test {
namespace {

const ValueTags tags("test");
const std::string apps = "Kustomization.kustomize.toolkit.fluxcd.io/flux-system/apps";
const std::string repository = "GitRepository.source.toolkit.fluxcd.io/flux-system/infra";

const std::string declaredText = R"(
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: infra, namespace: flux-system}
spec: {interval: 1m, url: "https://git.example.com/infra.git", ref: {branch: main}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: flux-system}
spec: {interval: 10m, path: ./apps, prune: true, sourceRef: {kind: GitRepository, name: infra}}
)";

const std::string readyStatus =
    "observedGeneration: 1, conditions: [{type: Ready, status: 'True', observedGeneration: 1, "
    "reason: Succeeded}]";

// The cluster that has just what Git asks for, with what a test changes.
struct World {
    std::string artifact = "main@sha1:aaa";
    std::string applied = "main@sha1:aaa";
    std::string more = "";  // of the Kustomization's spec
    std::string status = readyStatus;
    std::string interval = "10m0s";
    std::string metadata = "";  // of the Kustomization
    std::string others = "";
    FluxLook look = lookAt(declaredText);
    Evidence before;

    static FluxLook lookAt(const std::string& declared) {
        FluxLook look{tests::objects(declared), {}};
        look.now = std::chrono::sys_days(std::chrono::year(2026) / 11 / 22);
        look.cluster = "https://cluster.example.com:6443";
        return look;
    }

    Report read() {
        look.live = tests::objects(
            R"(
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: infra, namespace: flux-system, generation: 1}
spec: {interval: 1m, url: "https://git.example.com/infra.git", ref: {branch: main}, timeout: 60s}
status: {)" +
            readyStatus + ", artifact: {revision: '" + artifact + R"('}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: flux-system, generation: 1)" +
            metadata + R"(}
spec: {interval: )" +
            interval +
            R"(, path: ./apps, prune: true, sourceRef: {kind: GitRepository, name: infra})" + more +
            R"(}
status: {)" +
            status + ", lastAppliedRevision: '" + applied +
            R"(', inventory: {entries: [{id: default_web_apps_Deployment, v: v1}]}}
---
)" + others);
        return readFlux(look, tags);
    }

    void remember() {
        before = read().evidence;
        look.lastClean = &before;
    }
};

}  // namespace

TEST_CASE("a cluster that has what Git asks for is in sync") {
    World world;
    const Report report = world.read();
    CHECK(verdictOf(report) == Verdict::InSync);
    CHECK(report.resources == 2);
    CHECK(report.coverage == Coverage{2, 0, 0});
    CHECK(report.reconcilers.empty());
    CHECK(report.diagnostics.empty());
    CHECK(report.evidence.rendered.size() == 2);
}

TEST_CASE("the graph goes from what is applied to its source") {
    World world;
    const Report report = world.read();
    CHECK(report.graph.dependentsOf(apps) ==
          std::vector<std::string>{"Deployment.apps/default/web"});
    CHECK(report.graph.dependentsOf(repository) == std::vector<std::string>{apps});
    for (const auto& resource : report.graph.resources())
        if (resource.address == "Deployment.apps/default/web")
            CHECK(resource.identity == "k8s:cluster.example.com:6443/apps/Deployment/default/web");
}

TEST_CASE("a new revision that is not applied yet waits on Git's side") {
    World world;
    world.artifact = "main@sha1:bbb";
    const Report report = world.read();
    CHECK(verdictOf(report) == Verdict::Unapplied);
    REQUIRE(report.drifts.size() == 1);
    CHECK(report.drifts[0].address == apps);
    CHECK(report.drifts[0].type == "Kustomization.kustomize.toolkit.fluxcd.io");
    CHECK(report.drifts[0].cause == cause::unappliedCommit);
    CHECK(report.drifts[0].dependents == 1);
    CHECK(report.drifts[0].attributes.at(0).git == R"("main@sha1:bbb")");
}

TEST_CASE("a source that is not at Git's head waits, where it is this repository") {
    World world;
    world.look.commit = "bbb";
    CHECK(verdictOf(world.read()) == Verdict::InSync);  // whose repository it is cannot be told
    world.look.repositoryUrl = "git@git.example.com:infra.git";
    world.look.branch = "main";
    const Report report = world.read();
    CHECK(verdictOf(report) == Verdict::Unapplied);
    CHECK(report.drifts.at(0).address == repository);
    world.look.repositoryUrl = "git@git.example.com:other.git";
    CHECK(verdictOf(world.read()) == Verdict::InSync);
}

TEST_CASE("a field that somebody edited is live's, with who did it") {
    World world;
    world.interval = "1h";
    world.metadata =
        ", managedFields: [{manager: kubectl-edit, operation: Update, time: "
        "'2026-11-21T10:00:00Z', "
        "fieldsV1: {'f:spec': {'f:interval': {}}}}]";
    const Report report = world.read();
    CHECK(verdictOf(report) == Verdict::Drifted);
    REQUIRE(report.drifts.size() == 1);
    CHECK(report.drifts[0].changedBy == "kubectl-edit, 2026-11-21T10:00:00Z");
    CHECK(report.drifts[0].attributes.at(0) ==
          AttributeDrift{"spec.interval", R"("10m")", R"("1h")"});
}

TEST_CASE("an object that is gone was deleted when the last clean look knew it") {
    World world;
    world.remember();
    world.look.declared = tests::objects(declaredText);
    world.look.live.clear();
    Report report = readFlux(world.look, tags);
    REQUIRE(report.drifts.size() == 2);
    CHECK(report.drifts[0].side == Side::Live);
    CHECK(report.drifts[0].change == Change::Deleted);
    CHECK(verdictOf(report) == Verdict::Drifted);
    world.look.lastClean = nullptr;
    report = readFlux(world.look, tags);
    CHECK(report.drifts.at(0).change == Change::Created);
    CHECK(verdictOf(report) == Verdict::Unapplied);
    CHECK(report.coverage.checked == 2);
}

TEST_CASE("what left Git and is still there waits to be deleted") {
    World world;
    world.remember();
    world.look.declared.pop_back();
    const Report report = world.read();
    REQUIRE(report.drifts.size() == 1);
    CHECK(report.drifts[0].address == apps);
    CHECK(report.drifts[0].side == Side::Git);
    CHECK(report.drifts[0].change == Change::Deleted);
    world.look.notRead = Reason{"broken_configuration", "a file cannot be read"};
    CHECK(verdictOf(world.read()) == Verdict::Inconclusive);
}

TEST_CASE("a suspended object is a reconciler in trouble, and nobody knows its content") {
    World world;
    world.more = ", suspend: true";
    const Report report = world.read();
    REQUIRE(report.reconcilers.size() == 1);
    CHECK(report.reconcilers[0].name == "Kustomization flux-system/apps");
    CHECK(report.reconcilers[0].code == "suspended");
    CHECK(report.completeness == Completeness::Complete);
    CHECK(report.coverage == Coverage{1, 1, 0});
    REQUIRE(report.diagnostics.size() == 1);
    CHECK(report.diagnostics[0].summary == report.reconcilers[0].text);
}

TEST_CASE("a suspension that Git does not ask for is live's, one that it asks for is no drift") {
    World world;
    world.more = ", suspend: true, force: false, timeout: 5m";
    Report report = world.read();
    REQUIRE(report.drifts.size() == 1);
    CHECK(report.drifts[0].side == Side::Live);
    REQUIRE(report.drifts[0].attributes.size() == 1);
    CHECK(report.drifts[0].attributes[0] == AttributeDrift{"spec.suspend", "null", "true"});
    std::string asked = declaredText;
    asked.replace(asked.find("interval: 10m"), 13, "suspend: true, interval: 10m");
    world.look.declared = tests::objects(asked);
    report = world.read();
    CHECK(report.drifts.empty());
    CHECK(report.reconcilers.size() == 1);
}

TEST_CASE("what the Kustomization above was asked to ignore is noise") {
    World world;
    world.more = ", suspend: true";
    world.metadata =
        ", labels: {kustomize.toolkit.fluxcd.io/name: top, kustomize.toolkit.fluxcd.io/namespace: "
        "flux-system}";
    const std::string above =
        "{apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: Kustomization, metadata: {name: top, "
        "namespace: flux-system}, spec: {ignore: [{paths: [/spec/suspend]";
    world.others = above + ", target: {kind: Kustomization}}]}}";
    Report report = world.read();
    REQUIRE(report.drifts.size() == 1);
    CHECK(report.drifts[0].cause == cause::leftToOthers);
    world.others = above + ", target: {kind: HelmRelease}}]}}";
    report = world.read();
    REQUIRE(report.drifts.size() == 1);
    CHECK(report.drifts[0].cause == cause::outOfBand);
}

TEST_CASE("what cannot be judged makes the look partial, and never in sync") {
    World world;
    world.status =
        "observedGeneration: 1, conditions: [{type: Ready, status: Unknown, reason: Progressing}]";
    Report report = world.read();
    CHECK(report.completeness == Completeness::Partial);
    CHECK(verdictOf(report) == Verdict::Inconclusive);
    REQUIRE(report.reason);
    CHECK(report.reason->code == "reconciling");
    CHECK(report.coverage == Coverage{1, 0, 1});
    world.status =
        "conditions: [{type: Ready, status: 'False', reason: BuildFailed, message: 'x "
        "password=canary'}]";
    report = world.read();
    CHECK(verdictOf(report) == Verdict::Inconclusive);
    CHECK(report.reason->code == "reconciler_failing");
    CHECK(report.reconcilers.at(0).code == "failing");
    CHECK((report.reason->text + report.reconcilers[0].text).find("canary") == std::string::npos);
}

TEST_CASE("a new revision that fails is a drift, and the look is complete") {
    World world;
    world.artifact = "main@sha1:bbb";
    world.status =
        "conditions: [{type: Ready, status: 'False', reason: BuildFailed}], lastAttemptedRevision: "
        "'main@sha1:bbb'";
    const Report report = world.read();
    CHECK(report.completeness == Completeness::Complete);
    CHECK(verdictOf(report) == Verdict::Unapplied);
    CHECK(report.reconcilers.at(0).code == "failing");
}

TEST_CASE("a Kustomization without an artifact of its source is not judged") {
    World world;
    world.artifact = "";
    const Report report = world.read();
    CHECK(verdictOf(report) == Verdict::Inconclusive);
    CHECK(report.reason->code == "source_unknown");
}

TEST_CASE("kinds that could not be listed are unreadable, with the reason") {
    World world;
    world.look.notListed["Kustomization.kustomize.toolkit.fluxcd.io"] = {"crd_missing",
                                                                         "no such type"};
    const Report report = readFlux(world.look, tags);
    CHECK(report.completeness == Completeness::Partial);
    CHECK(report.reason == Reason{"crd_missing", "no such type"});
    CHECK(report.drifts.size() == 1);  // the source, which could be listed and is not there
    CHECK(report.coverage == Coverage{1, 0, 1});
}

TEST_CASE("other objects of the cluster are judged only when all are asked for") {
    World world;
    world.others =
        R"({apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, metadata: {name: x, namespace: y, generation: 1},
        spec: {suspend: true}, status: {}})";
    CHECK(world.read().reconcilers.empty());
    world.look.all = true;
    CHECK(world.read().reconcilers.size() == 1);
    world.look.all = false;
    world.look.namespaces = {"flux-system", "y"};
    CHECK(world.read().reconcilers.size() == 1);
    world.look.namespaces = {"y"};
    world.look.live.clear();
    CHECK(readFlux(world.look, tags).reason->code == "not_listed");
}

TEST_CASE("a source that is used and fails is told, also when another folder declares it") {
    World world;
    world.look.declared = {world.look.declared.at(1)};
    world.artifact = "main@sha1:aaa'}, x: {y: '";
    Report report = world.read();
    CHECK(report.reconcilers.empty());
    CHECK(report.resources == 1);
    for (auto& object : world.look.live)
        if (object["kind"].string() == "GitRepository")
            object = tests::object(
                "{apiVersion: source.toolkit.fluxcd.io/v1, kind: GitRepository, metadata: {name: "
                "infra, "
                "namespace: flux-system}, status: {artifact: {revision: 'main@sha1:aaa'}, "
                "conditions: "
                "[{type: Ready, status: 'False', reason: GitOperationFailed}]}}");
    report = readFlux(world.look, tags);
    CHECK(report.reconcilers.at(0).name == "GitRepository flux-system/infra");
}

TEST_CASE("a release that drifted is live's, and one that nobody compares is not covered") {
    World world;
    world.look.all = true;
    const std::string releaseHead =
        "{apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, metadata: {name: x, namespace: "
        "y, "
        "generation: 1}, spec: {driftDetection: {mode: ";
    const std::string ready = "{type: Ready, status: 'True', observedGeneration: 1}";
    world.others = releaseHead + "warn}}, status: {conditions: [" + ready +
                   ", {type: Drifted, status: 'True', message: 'Secret/y/z removed'}]}}";
    Report report = world.read();
    REQUIRE(report.drifts.size() == 1);
    CHECK(report.drifts[0].address == "HelmRelease.helm.toolkit.fluxcd.io/y/x");
    CHECK(report.drifts[0].cause == cause::outOfBand);
    CHECK(report.drifts[0].note == "Secret/y/z removed");
    CHECK(report.coverage == Coverage{3, 0, 0});
    world.others = releaseHead + "disabled}}, status: {conditions: [" + ready + "]}}";
    report = world.read();
    CHECK(verdictOf(report) == Verdict::InSync);
    CHECK(report.coverage == Coverage{2, 1, 0});
}

TEST_CASE("fields that the parent rewrites prove nothing") {
    World world;
    world.look.declared = {world.look.declared.at(1)};
    world.interval = "1h";
    world.metadata =
        ", labels: {kustomize.toolkit.fluxcd.io/name: root, kustomize.toolkit.fluxcd.io/namespace: "
        "flux-system}";
    world.others =
        "{apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: Kustomization, metadata: {name: root, "
        "namespace: "
        "flux-system}, spec: {patches: [{patch: x}]}}";
    const Report report = world.read();
    CHECK(report.drifts.empty());
    CHECK(report.coverage == Coverage{0, 1, 0});
    CHECK(report.diagnostics.size() == 1);
}

TEST_CASE("what is named by a substitution cannot be looked for") {
    World world;
    world.look.declared.push_back(tests::object(
        "{apiVersion: source.toolkit.fluxcd.io/v1, kind: Bucket, metadata: {name: 'b-${stage}'}}"));
    const Report report = world.read();
    CHECK(report.drifts.empty());
    CHECK(report.coverage == Coverage{2, 1, 0});
}

}  // namespace flux_look_test
