#include "providers/flux/flux_provider.hpp"

#include <doctest/doctest.h>

#include "parsers/flux/flux_kinds.hpp"
#include "parsers/graph/cause.hpp"
#include "tests/providers/gitops/gitops_world.hpp"

using namespace driftkeeper;
using tests::ago;
using namespace std::chrono_literals;

namespace flux_provider_test {
namespace {

const std::string sourceText = R"(
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: infra, namespace: flux-system}
spec: {interval: 1m, url: "https://git.example.com/infra.git", ref: {branch: main}}
)";
const std::string appsText = R"(
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: flux-system}
spec: {interval: 10m, path: ./apps, prune: true, sourceRef: {kind: GitRepository, name: infra}}
)";
const std::string apps = "Kustomization.kustomize.toolkit.fluxcd.io/flux-system/apps";

std::string definitions() {
    std::string all;
    for (const auto& kind : flux::fluxKinds)
        all += (all.empty() ? "" : ",") +
               tests::customResource(kind.group, kind.group == flux::helmGroup ? "v2" : "v1",
                                     kind.kind, kind.plural);
    return all;
}

const std::string ready =
    R"("conditions":[{"type":"Ready","status":"True","reason":"Succeeded","observedGeneration":1}])";

// A repository and a cluster in which Flux has done its work.
struct World : tests::GitopsWorld {
    explicit World(const std::string& crds = definitions()) : GitopsWorld(makeFluxProvider) {
        put(R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":"flux-system"}},)" + crds);
        write("stack/source.yaml", sourceText);
        write("stack/apps.yaml", appsText);
    }

    void putSource(const std::string& revision = "main@sha1:aaa",
                   const std::string& conditions = ready) const {
        put(R"({"apiVersion":"source.toolkit.fluxcd.io/v1","kind":"GitRepository","metadata":{"name":"infra",)"
            R"("namespace":"flux-system"},"spec":{"interval":"1m0s","url":"https://git.example.com/infra.git",)"
            R"("ref":{"branch":"main"}},"status":{"artifact":{"revision":")" +
            revision + R"("},)" + conditions + "}}");
    }

    void putApps(const std::string& status, const std::string& spec = "",
                 const std::string& metadata = "") const {
        put(R"({"apiVersion":"kustomize.toolkit.fluxcd.io/v1","kind":"Kustomization","metadata":{"name":"apps",)"
            R"("namespace":"flux-system")" +
            metadata +
            R"(},"spec":{"interval":"10m","path":"./apps","prune":true,"sourceRef":{"kind":"GitRepository",)"
            R"("name":"infra"})" +
            spec +
            R"(},"status":{"lastAppliedRevision":"main@sha1:aaa",)"
            R"("inventory":{"entries":[{"id":"default_db__Secret","v":"v1"}]},)" +
            status + "}}");
    }

    void settle() const {
        putSource();
        putApps(ready);
    }
};

}  // namespace

TEST_CASE("a cluster that Flux has reconciled is in sync, and nothing is written to it") {
    World world;
    world.settle();
    const Report report = world.look();
    INFO(World::told(report));
    CHECK(verdictOf(report) == Verdict::InSync);
    CHECK(report.coverage == Coverage{2, 0, 0});
    CHECK(report.graph.dependentsOf(apps) == std::vector<std::string>{"Secret/default/db"});
    for (const auto& resource : report.graph.resources())
        CHECK(resource.identity.starts_with("k8s:" + world.cluster.server() + "/"));
    CHECK(world.cluster.writes() == 0);
}

TEST_CASE("a revision that is fetched and not reconciled waits on Git's side") {
    World world;
    world.putSource("main@sha1:bbb");
    world.putApps(ready);
    const Report report = world.look();
    INFO(World::told(report));
    CHECK(verdictOf(report) == Verdict::Unapplied);
    REQUIRE(report.drifts.size() == 1);
    CHECK(report.drifts[0].address == apps);
    CHECK(report.drifts[0].cause == cause::unappliedCommit);
}

TEST_CASE("a commit that Flux has not fetched waits when the repository is this one") {
    World world;
    world.settle();
    world.workspace.commit = "ccc";
    world.workspace.repositoryUrl = "ssh://git@git.example.com/infra";
    world.workspace.ref = "main";
    CHECK(verdictOf(world.look()) == Verdict::Unapplied);
    world.workspace.commit = "aaa";
    CHECK(verdictOf(world.look()) == Verdict::InSync);
}

TEST_CASE("kubectl edit is live's, and the alert says who did it") {
    World world;
    world.settle();
    const LastClean clean = world.clean();
    world.cluster.kubectl({"patch", "kustomizations.kustomize.toolkit.fluxcd.io", "apps", "-n",
                           "flux-system", "--type=merge", "--field-manager=kubectl-edit", "-p",
                           R"({"spec":{"interval":"1h"}})"});
    world.putSource();
    const Report report = world.look(clean);
    INFO(World::told(report));
    REQUIRE(report.drifts.size() == 1);
    CHECK(report.drifts[0].side == Side::Live);
    CHECK(report.drifts[0].cause == cause::outOfBand);
    CHECK(report.drifts[0].changedBy.starts_with("kubectl-edit, 20"));
    CHECK(report.drifts[0].attributes.at(0) ==
          AttributeDrift{"spec.interval", R"("10m")", R"("1h")"});
}

TEST_CASE(
    "a deleted Kustomization was deleted live, a new one waits, and one that left Git waits to "
    "go") {
    World world;
    world.settle();
    const LastClean clean = world.clean();
    world.cluster.kubectl(
        {"delete", "kustomizations.kustomize.toolkit.fluxcd.io", "apps", "-n", "flux-system"});
    Report report = world.look(clean);
    INFO(World::told(report));
    REQUIRE(report.drifts.size() == 1);
    CHECK(report.drifts[0].side == Side::Live);
    CHECK(report.drifts[0].change == Change::Deleted);
    report = world.look();
    CHECK(report.drifts.at(0).side == Side::Git);
    CHECK(report.drifts.at(0).change == Change::Created);
    world.settle();
    world.remove("stack/apps.yaml");
    // Whoever asks for the kinds that are declared alone never sees it.
    report = world.look(clean);
    INFO(World::told(report));
    REQUIRE(report.drifts.size() == 1);
    CHECK(report.drifts[0].side == Side::Git);
    CHECK(report.drifts[0].change == Change::Deleted);
}

TEST_CASE(
    "reconcilers that are suspended, stalled, failing or stale are told, with nothing secret") {
    struct Row {
        const char* code;
        std::string status;
        std::string spec;
        Verdict verdict;
    };
    const auto condition = [](const std::string& type, const std::string& status) {
        return R"("conditions":[{"type":")" + type + R"(","status":")" + status +
               R"(","reason":"R","observedGeneration":1,"message":"Secret/a/b: data.password: Invalid value: canary\ncanary"}])";
    };
    World world;
    world.putSource();
    for (const auto& [code, status, spec, verdict] :
         {Row{"suspended", ready, R"(,"suspend":true)", Verdict::Drifted},
          Row{"stalled", condition("Stalled", "True"), "", Verdict::Inconclusive},
          Row{"failing", condition("Ready", "False"), "", Verdict::Inconclusive},
          Row{"stale", ready + R"(,"history":[{"lastReconciled":")" + ago(2h) + R"("}])", "",
              Verdict::Inconclusive}}) {
        world.putApps(status, spec);
        const Report report = world.look();
        CAPTURE(code);
        INFO(World::told(report));
        CHECK(verdictOf(report) == verdict);
        REQUIRE(report.reconcilers.size() == 1);
        CHECK(report.reconcilers[0].code == code);
        CHECK(report.reconcilers[0].name == "Kustomization flux-system/apps");
        CHECK(World::told(report).find("canary") == std::string::npos);
    }
    world.putApps(ready + R"(,"history":[{"lastReconciled":")" + ago(1min) + R"("}])");
    CHECK(world.look().reconcilers.empty());
}

TEST_CASE("a Kustomization that is being reconciled is not judged") {
    World world;
    world.putSource();
    world.putApps(
        R"("conditions":[{"type":"Ready","status":"Unknown","reason":"Progressing","lastTransitionTime":")" +
        ago(10s) + R"("}])");
    const Report report = world.look();
    INFO(World::told(report));
    CHECK(report.completeness == Completeness::Partial);
    CHECK(verdictOf(report) == Verdict::Inconclusive);
    CHECK(report.reason->code == "reconciling");
    CHECK(report.reconcilers.empty());
}

TEST_CASE("a Helm release that drifted is live's, and its values go nowhere") {
    World world;
    world.settle();
    world.write("stack/release.yaml", R"(
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: shop, namespace: flux-system}
spec:
  chart: {spec: {chart: shop, sourceRef: {kind: HelmRepository, name: charts}}}
  driftDetection: {mode: warn}
  values: {database: {url: "canary-in-git"}}
)");
    world.put(
        R"({"apiVersion":"helm.toolkit.fluxcd.io/v2","kind":"HelmRelease","metadata":{"name":"shop",)"
        R"("namespace":"flux-system","annotations":{"kubectl.kubernetes.io/last-applied-configuration":"canary"}},)"
        R"("spec":{"chart":{"spec":{"chart":"shop","sourceRef":{"kind":"HelmRepository","name":"charts"}}},)"
        R"("driftDetection":{"mode":"warn"},"values":{"database":{"url":"canary-live"}}},"status":{)"
        R"("history":[{"chartVersion":"1.0.0","configDigest":"sha256:a"}],"lastAttemptedRevision":"1.0.0",)"
        R"("conditions":[{"type":"Ready","status":"True","observedGeneration":1},{"type":"Drifted","status":"True",)"
        R"("reason":"DriftDetected","message":"Cluster state of release shop has drifted from the desired state:\n)"
        R"(Secret/shop/db changed (0 additions, 1 changes, 0 removals)\ndata.password: canary"}]}})");
    const Report report = world.look();
    const std::string told = World::told(report);
    INFO(told);
    REQUIRE(report.drifts.size() == 1);
    CHECK(report.drifts[0].address == "HelmRelease.helm.toolkit.fluxcd.io/flux-system/shop");
    CHECK(report.drifts[0].side ==
          Side::Both);  // values that nobody owns wait, and the cluster drifted
    CHECK(report.drifts[0].note.find(
              "Secret/shop/db changed (0 additions, 1 changes, 0 removals)") != std::string::npos);
    CHECK(report.drifts[0].attributes.at(0).sensitive);
    CHECK(told.find("canary") == std::string::npos);
}

TEST_CASE("without Flux in the cluster the look fails, and says what is missing") {
    World world(R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":"unused"}})");
    const Report report = world.look();
    INFO(World::told(report));
    CHECK(report.completeness == Completeness::Failed);
    CHECK(report.reason->code == "crd_missing");
}

TEST_CASE("one kind that is missing makes the look partial") {
    World world(tests::customResource("source.toolkit.fluxcd.io", "v1", "GitRepository",
                                      "gitrepositories"));
    world.putSource();
    const Report report = world.look();
    INFO(World::told(report));
    CHECK(report.completeness == Completeness::Partial);
    CHECK(report.reason->code == "crd_missing");
    CHECK(report.drifts.empty());
    CHECK(report.coverage == Coverage{1, 0, 1});
}

TEST_CASE("what may not be read is not in sync") {
    World world;
    world.settle();
    world.cluster.configure(R"({"forbid":[{"verbs":["list"],"resources":["kustomizations"]}]})");
    Report report = world.look();
    INFO(World::told(report));
    CHECK(verdictOf(report) == Verdict::Inconclusive);
    CHECK(report.reason->code == "forbidden");
    world.cluster.configure(R"({"forbid":[{"verbs":["list"]}]})");
    report = world.look();
    CHECK(report.completeness == Completeness::Failed);
    CHECK(report.reason->code == "forbidden");
    world.cluster.configure(R"({"forbid":[],"refuse_credentials":true})");
    report = world.look();
    CHECK(report.completeness == Completeness::Failed);
    CHECK(report.reason->code == "credentials");
}

TEST_CASE("a folder with a kustomization is what kustomize makes of it") {
    World world;
    world.settle();
    world.remove("stack");
    world.write("base/kustomization.yaml", "resources: [all.yaml]\n");
    world.write("base/all.yaml", sourceText + "---" + appsText);
    world.write("stack/kustomization.yaml",
                "resources: [../base]\nnamespace: flux-system\npatches:\n- patch: |-\n    - {op: "
                "replace, path: /spec/path, value: ./other}\n  target: {kind: Kustomization}\n");
    world.workspace.closure = {"base", "stack"};
    const Report report = world.look();
    INFO(World::told(report));
    REQUIRE(report.drifts.size() == 1);
    CHECK(report.drifts[0].attributes.at(0) ==
          AttributeDrift{"spec.path", R"("./other")", R"("./apps")"});
    world.write("stack/kustomization.yaml",
                "resources: [../base, 'https://example.invalid/x.yaml']\n");
    CHECK(world.look().reason->code == "remote_base");
}

TEST_CASE("a file outside of the kustomization's folder is fine, one outside of the tree is not") {
    World world;
    world.settle();
    world.remove("stack");
    world.write("shared/all.yaml", sourceText + "---" + appsText);
    world.write("stack/kustomization.yaml", "resources: [../shared/all.yaml]\n");
    world.workspace.closure = {"shared/all.yaml", "stack"};
    const Report report = world.look();
    INFO(World::told(report));
    CHECK(verdictOf(report) == Verdict::InSync);
    world.write("stack/kustomization.yaml",
                "resources: [../shared/all.yaml]\nconfigMapGenerator: [{name: x, files: "
                "[../../../etc/hostname]}]\n");
    CHECK(world.look().reason->code == "remote_base");
}

TEST_CASE("a broken document makes the look partial") {
    World world;
    world.settle();
    world.write("stack/broken.yaml", "kind: {\n# toolkit.fluxcd.io\n");
    const Report report = world.look();
    INFO(World::told(report));
    CHECK(verdictOf(report) == Verdict::Inconclusive);
    CHECK(report.reason->code == "broken_configuration");
}

TEST_CASE("settings widen and narrow what is looked at") {
    World world;
    world.settle();
    world.remove("stack/apps.yaml");
    world.put(R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":"other"}})");
    world.putApps(ready, R"(,"suspend":true)");
    CHECK(world.look().reconcilers.empty());
    world.workspace.options["all"] = {"true"};
    CHECK(world.look().reconcilers.size() == 1);
    world.workspace.options = {{"namespaces", {"flux-system"}}};
    world.cluster.configure(R"({"forbid":[{"verbs":["list"],"namespaces":[""]}]})");
    const Report report = world.look();
    INFO(World::told(report));
    CHECK(report.reconcilers.size() == 1);
}

}  // namespace flux_provider_test
