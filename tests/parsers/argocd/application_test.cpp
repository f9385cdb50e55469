#include "parsers/argocd/application.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "parsers/argocd/argocd_kinds.hpp"
#include "tests/parsers/gitops/objects.hpp"

using namespace driftkeeper;
using namespace driftkeeper::argocd;

namespace application_test {
namespace {

const auto noon = std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + std::chrono::hours(12);
const std::string fresh = "reconciledAt: '2026-11-22T11:58:00Z', ";

Application read(const std::string& status, const std::string& spec = "",
                 const std::string& metadata = "") {
    return applicationOf(
        tests::object(
            "{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: shop, "
            "namespace: argocd" +
            metadata + "}, spec: {" + spec + "}, status: {" + status + "}}"),
        noon, std::chrono::seconds(180));
}

}  // namespace

TEST_CASE("what an Application says of its reconciliation") {
    struct Row {
        const char* why;
        Application found;
        Sync sync;
        std::string trouble;
        std::string unreadable;
    };
    const std::string synced = fresh + "sync: {status: Synced}";
    const Row table[] = {
        {"synced", read(synced), Sync::Synced, "", ""},
        {"out of sync", read(fresh + "sync: {status: OutOfSync}"), Sync::OutOfSync, "", ""},
        {"unknown", read(fresh + "sync: {status: Unknown}"), Sync::Unknown, "",
         "comparison_failed"},
        {"no status yet", read(""), Sync::Unknown, "", "comparison_failed"},
        {"comparison error",
         read(synced +
              ", conditions: [{type: ComparisonError, message: 'rpc error: password=canary'}]"),
         Sync::Unknown, "", "comparison_failed"},
        {"invalid spec", read(synced + ", conditions: [{type: InvalidSpecError, message: x}]"),
         Sync::Synced, "failing", "invalid_spec"},
        {"an old comparison", read("reconciledAt: '2026-11-22T11:53:00Z', sync: {status: Synced}"),
         Sync::Synced, "stale", "reconciler_stale"},
        {"never compared", read("sync: {status: Synced}"), Sync::Synced, "", "reconciling"},
        {"failed to sync",
         read(synced + ", operationState: {phase: Failed, message: 'one\ntoken: canary'}"),
         Sync::Synced, "failing", ""},
        {"succeeded", read(synced + ", operationState: {phase: Succeeded}"), Sync::Synced, "", ""},
        {"automated sync disabled", read(synced, "syncPolicy: {automated: {enabled: false}}"),
         Sync::Synced, "suspended", ""},
        {"automated sync", read(synced, "syncPolicy: {automated: {prune: true}}"), Sync::Synced, "",
         ""},
        {"synced by people", read(synced, "syncPolicy: {}"), Sync::Synced, "", ""},
        {"skipped",
         read("reconciledAt: '2026-11-02T11:00:00Z', sync: {status: Synced}", "",
              ", annotations: {argocd.argoproj.io/skip-reconcile: 'true'}"),
         Sync::Synced, "suspended", "reconciler_suspended"},
    };
    for (const auto& [why, found, sync, trouble, unreadable] : table) {
        CAPTURE(why);
        CHECK(found.sync == sync);
        REQUIRE(found.troubles.size() == (trouble.empty() ? 0 : 1));
        if (!trouble.empty()) {
            CHECK(found.troubles[0].code == trouble);
            CHECK(found.troubles[0].name == "Application argocd/shop");
            CHECK(found.troubles[0].text.find("canary") == std::string::npos);
        }
        CHECK((found.unreadable ? found.unreadable->code : "") == unreadable);
        if (found.unreadable) CHECK(found.unreadable->text.find("canary") == std::string::npos);
    }
}

TEST_CASE("resources are read without hooks and what is ignored") {
    const auto application = read(fresh + R"(sync: {status: OutOfSync}, resources: [
        {version: v1, kind: ConfigMap, namespace: a, name: c, status: Synced},
        {group: apps, kind: Deployment, namespace: a, name: d, status: OutOfSync, health: {status: Missing}},
        {group: apps, kind: Deployment, namespace: a, name: e, status: OutOfSync, requiresPruning: true},
        {group: batch, kind: Job, namespace: a, name: h, status: OutOfSync, hook: true},
        {group: batch, kind: Job, namespace: a, name: i}])");
    REQUIRE(application.resources.size() == 3);
    CHECK(application.resources[0].address == "ConfigMap/a/c");
    CHECK_FALSE(application.resources[0].outOfSync);
    CHECK(application.resources[1].address == "Deployment.apps/a/d");
    CHECK(application.resources[1].missing);
    CHECK(application.resources[2].requiresPruning);
}

TEST_CASE(
    "without the health of resources, the worst of it belongs to the only one that is out of "
    "sync") {
    const auto missing = [](const std::string& health, const std::string& more) {
        const auto application = read("health: {status: " + health +
                                      "}, resources: [{kind: A, name: a, status: Synced}, " +
                                      "{kind: B, name: b, status: OutOfSync}" + more + "]");
        return std::ranges::count_if(application.resources, &ArgoResource::missing);
    };
    CHECK(missing("Missing", "") == 1);
    CHECK(missing("Missing", ", {kind: C, name: c, status: OutOfSync, requiresPruning: true}") ==
          1);
    CHECK(missing("Missing", ", {kind: C, name: c, status: OutOfSync}") == 0);
    CHECK(missing("Healthy", "") == 0);
}

TEST_CASE("resources of another cluster have another address") {
    const auto addressAt = [](const std::string& destination) {
        return read("resources: [{kind: ConfigMap, namespace: a, name: c, status: Synced}]",
                    "destination: {" + destination + "}")
            .resources.at(0)
            .address;
    };
    CHECK(addressAt("server: 'https://kubernetes.default.svc'") == "ConfigMap/a/c");
    CHECK(addressAt("name: in-cluster") == "ConfigMap/a/c");
    CHECK(addressAt("namespace: x") == "ConfigMap/a/c");
    CHECK(addressAt("server: 'https://other:6443'") == "ConfigMap/a/c@other:6443");
    CHECK(addressAt("name: edge") == "ConfigMap/a/c@edge");
}

TEST_CASE("the last sync is the last of the history, else an operation that succeeded") {
    CHECK(read("history: [{revision: a}, {revision: b}]").synced == "b");
    CHECK(read("history: [{revisions: [a, b]}]").synced == "a b");
    CHECK(read("operationState: {phase: Succeeded, syncResult: {revision: c}}").synced == "c");
    CHECK(read("operationState: {phase: Failed, syncResult: {revision: c}}").synced == "");
    const std::string history = "history: [{revision: a, source: {path: x}}]";
    CHECK(read(history, "source: {path: x}").sameSource);
    CHECK_FALSE(read(history, "source: {path: y}").sameSource);
    CHECK(read("history: [{revision: a}]", "source: {path: y}").sameSource);
}

TEST_CASE("orphans and bad health are worth a line") {
    const auto application =
        read(fresh +
             "sync: {status: Synced}, health: {status: Degraded}, conditions: [{type: "
             "OrphanedResourceWarning, message: Application has 3 orphaned resources}]");
    REQUIRE(application.diagnostics.size() == 2);
    CHECK(application.diagnostics[0].summary ==
          "Application argocd/shop: Application has 3 orphaned resources");
}

TEST_CASE("only the objects of Argo CD are taken out of a text") {
    const auto documents = gitops::documentsOf(
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\n---\n"
        "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {name: b}\n---\n"
        "kind: x # argoproj.io\n---\nargoproj.io: {\n",
        argoObjects);
    CHECK(documents.objects.size() == 1);
    CHECK(documents.mistakes.size() == 1);
    const auto stacks = discoverArgo(
        {{"argo/a.yaml",
          "apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: {name: a}\n"}});
    REQUIRE(stacks.size() == 1);
    CHECK(stacks[0].provider == "argocd");
}

TEST_CASE("an answer of the server is a list of Applications, and anything else is refused") {
    const auto list = applicationsIn(
        R"({"metadata":{},"items":[{"metadata":{"name":"a","namespace":"argocd"},"spec":{}}]})");
    REQUIRE(list);
    REQUIRE(list->size() == 1);
    CHECK(gitops::nameOf(list->front()).address() == "Application.argoproj.io/argocd/a");
    CHECK(applicationsIn(R"({"metadata":{},"items":null})")->empty());
    for (const char* answer :
         {"", "{}", "[]", R"({"error":"x"})", "<html>", R"({"metadata":{},"items":{}})"}) {
        CAPTURE(answer);
        REQUIRE_FALSE(applicationsIn(answer));
        CHECK(applicationsIn(answer).error().code == "output_unreadable");
    }
}

}  // namespace application_test
