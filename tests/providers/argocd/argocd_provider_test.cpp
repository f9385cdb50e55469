#include "providers/argocd/argocd_provider.hpp"

#include <doctest/doctest.h>

#include "parsers/graph/cause.hpp"
#include "tests/providers/gitops/gitops_world.hpp"
#include "tests/support/http_receiver.hpp"

using namespace driftkeeper;
using tests::ago;
using namespace std::chrono_literals;

namespace argocd_provider_test {
namespace {

const std::string shopText = R"(
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argocd}
spec:
  project: default
  source: {repoURL: "https://git.example.com/shop.git", path: deploy, targetRevision: main}
  destination: {server: "https://kubernetes.default.svc", namespace: shop}
)";

// A repository and a cluster in which Argo CD has done its work, with what a test changes.
struct World : tests::GitopsWorld {
    std::string sync = "Synced";
    std::string synced = "aaa";
    std::string web = R"("status":"Synced")";
    std::string spec;
    std::string status;
    std::string reconciled = ago(10s);

    explicit World(bool installed = true) : GitopsWorld(makeArgoProvider) {
        put(R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":"argocd"}})");
        if (installed)
            put(tests::customResource("argoproj.io", "v1alpha1", "Application", "applications"));
        write("stack/shop.yaml", shopText);
    }

    Report read(const std::optional<LastClean>& lastClean = {}) {
        put(R"({"apiVersion":"argoproj.io/v1alpha1","kind":"Application","metadata":{"name":"shop","namespace":"argocd"},)"
            R"("spec":{"project":"default","source":{"repoURL":"https://git.example.com/shop.git","path":"deploy",)"
            R"("targetRevision":"main"},"destination":{"server":"https://kubernetes.default.svc","namespace":"shop"})" +
            spec + R"(},"status":{"reconciledAt":")" + reconciled + R"(","sync":{"status":")" +
            sync + R"(","revision":"aaa"},"history":[{"id":0,"revision":")" + synced +
            R"("}],"resources":[{"group":"apps","version":"v1","kind":"Deployment","namespace":"shop","name":"web",)" +
            web +
            R"(},{"version":"v1","kind":"Secret","namespace":"shop","name":"db","status":"Synced"}])" +
            status + "}}");
        return look(lastClean);
    }
};

}  // namespace

TEST_CASE("an Application in sync is in sync, and nothing is written to the cluster") {
    World world;
    const Report report = world.read();
    INFO(World::told(report));
    CHECK(verdictOf(report) == Verdict::InSync);
    CHECK(report.coverage == Coverage{3, 0, 0});
    CHECK(report.graph.resources().at(1).identity ==
          "k8s:" + world.cluster.server() + "/apps/Deployment/shop/web");
    CHECK(world.cluster.writes() == 0);
}

TEST_CASE("OutOfSync at the synced revision is live's, at another one Git's") {
    World world;
    world.sync = "OutOfSync";
    world.web = R"("status":"OutOfSync")";
    Report report = world.read();
    INFO(World::told(report));
    REQUIRE(report.drifts.size() == 1);
    CHECK(report.drifts[0].address == "Deployment.apps/shop/web");
    CHECK(report.drifts[0].side == Side::Live);
    CHECK(verdictOf(report) == Verdict::Drifted);
    world.synced = "zzz";
    report = world.read();
    CHECK(report.drifts.at(0).side == Side::Git);
    CHECK(verdictOf(report) == Verdict::Unapplied);
    world.web = R"("status":"OutOfSync","requiresPruning":true)";
    CHECK(world.read().drifts.at(0).change == Change::Deleted);
    world.synced = "aaa";
    world.web = R"("status":"OutOfSync","health":{"status":"Missing"})";
    report = world.read();
    CHECK(report.drifts.at(0).change == Change::Deleted);
    CHECK(report.drifts.at(0).side == Side::Live);
}

TEST_CASE("Unknown, an error and an old comparison are never in sync, and say nothing secret") {
    World world;
    world.sync = "Unknown";
    world.status =
        R"(,"conditions":[{"type":"ComparisonError","message":"Failed to load: password: canary"}])";
    Report report = world.read();
    INFO(World::told(report));
    CHECK(verdictOf(report) == Verdict::Inconclusive);
    CHECK(report.reason->code == "comparison_failed");
    CHECK(World::told(report).find("canary") == std::string::npos);
    world.sync = "Synced";
    world.status = "";
    world.reconciled = ago(1h);
    report = world.read();
    CHECK(verdictOf(report) == Verdict::Inconclusive);
    CHECK(report.reconcilers.at(0).code == "stale");
    world.workspace.options["reconciliation_timeout"] = {"7200"};
    CHECK(verdictOf(world.read()) == Verdict::InSync);
}

TEST_CASE("a failed operation and a disabled sync are reconcilers in trouble") {
    World world;
    world.status =
        R"(,"operationState":{"phase":"Failed","message":"one or more objects failed: token=canary"})";
    Report report = world.read();
    INFO(World::told(report));
    REQUIRE(report.reconcilers.size() == 1);
    CHECK(report.reconcilers[0].code == "failing");
    CHECK(report.reconcilers[0].name == "Application argocd/shop");
    CHECK(World::told(report).find("canary") == std::string::npos);
    world.status = "";
    world.spec = R"(,"syncPolicy":{"automated":{"enabled":false}})";
    CHECK(world.read().reconcilers.at(0).code == "suspended");
}

TEST_CASE("an Application is compared with Git, and Helm's values go nowhere") {
    World world;
    const LastClean clean = [&] {
        (void)world.read();
        return world.clean();
    }();
    world.cluster.kubectl(
        {"patch", "applications.argoproj.io", "shop", "-n", "argocd", "--type=merge",
         "--field-manager=kubectl-edit", "-p",
         R"({"spec":{"source":{"path":"other","helm":{"parameters":[{"name":"a","value":"canary"}]}}}})"});
    const Report report = world.look(clean);
    INFO(World::told(report));
    REQUIRE(report.drifts.size() == 1);
    CHECK(report.drifts[0].address == "Application.argoproj.io/argocd/shop");
    CHECK(report.drifts[0].side == Side::Live);
    CHECK(report.drifts[0].changedBy.starts_with("kubectl-edit, 20"));
    CHECK(World::told(report).find("canary") == std::string::npos);
}

TEST_CASE("without Argo CD, or without the right to read it, the look fails") {
    World none(false);
    Report report = none.look();
    INFO(World::told(report));
    CHECK(report.completeness == Completeness::Failed);
    CHECK(report.reason->code == "crd_missing");
    World world;
    (void)world.read();
    world.cluster.configure(R"({"forbid":[{"verbs":["list"]}]})");
    report = world.look();
    CHECK(report.completeness == Completeness::Failed);
    CHECK(report.reason->code == "forbidden");
}

TEST_CASE("Argo CD's own server is asked with a token that is nowhere to be seen") {
    World world(false);
    const std::string answer =
        R"({"metadata":{},"items":[{"metadata":{"name":"shop","namespace":"argocd"},"spec":{"project":"default",)"
        R"("source":{"repoURL":"https://git.example.com/shop.git","path":"deploy","targetRevision":"main"},)"
        R"("destination":{"server":"https://kubernetes.default.svc","namespace":"shop"}},"status":{"reconciledAt":")" +
        ago(5s) +
        R"(","sync":{"status":"OutOfSync","revision":"aaa"},"history":[{"revision":"aaa"}],)"
        R"("resources":[{"kind":"Service","namespace":"shop","name":"web","status":"OutOfSync"}]}}]})";
    tests::HttpReceiver server;
    server.answerBy([&](const tests::HttpRequest& request) -> tests::HttpAnswer {
        const auto given = request.headers.find("authorization");
        if (given == request.headers.end() || given->second != "Bearer canary\"1\\2")
            return {401, {}, R"({"code":16})"};
        if (request.method != "GET" || request.target != "/api/v1/applications")
            return {404, {}, "{}"};
        return {200, {}, answer};
    });
    world.write("token", "canary\"1\\2\n");
    world.workspace.options["server"] = {server.url("/")};
    world.workspace.options["token_file"] = {(world.workspace.root / "token").string()};
    Report report = world.look();
    INFO(World::told(report));
    REQUIRE(report.drifts.size() == 1);
    CHECK(report.drifts[0].address == "Service/shop/web");
    CHECK(report.drifts[0].side == Side::Live);
    CHECK(World::told(report).find("canary") == std::string::npos);
    CHECK_FALSE(std::filesystem::exists(world.workspace.privateDirectory / "argocd"));

    world.write("token", "canary-old");
    report = world.look();
    CHECK(report.completeness == Completeness::Failed);
    CHECK(report.reason->code == "credentials");
    world.write("token", "");
    CHECK(world.look().reason->code == "token_file");
    world.write("token", "canary\"1\\2");
    world.workspace.options["server"] = {server.url("/other/")};
    CHECK(world.look().reason->code == "argocd_failed");
    world.workspace.options["server"] = {"http://127.0.0.1:" + std::to_string(tests::freePort())};
    CHECK(world.look().reason->code == "unreachable");
}

}  // namespace argocd_provider_test
