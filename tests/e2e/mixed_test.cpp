#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "tests/e2e/daemon_world.hpp"
#include "tests/peers/cloudformation_peer.hpp"
#include "tests/peers/kubernetes_cluster.hpp"
#include "tests/providers/gitops/gitops_world.hpp"

using namespace driftkeeper::tests;

namespace mixed_test {
namespace {

const std::string role = "arn:aws:iam::123456789012:role-web";  // the test provider takes no slash
const std::string queue = "arn:aws:sqs:eu-central-1:123456789012:jobs";

const std::string manifests = R"(apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: web
  namespace: shop
  annotations: {"eks.amazonaws.com/role-arn": ")" +
                              role + R"("}
---
apiVersion: v1
kind: Secret
metadata: {name: web, namespace: shop}
stringData: {token: canary-cluster-secret}
)";

const std::string reconciliation = R"(apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: flux-system}
spec: {interval: 10m, path: ./k8s, prune: true, sourceRef: {kind: GitRepository, name: infra}}
)";

const std::string cloud = R"(Parameters:
  Password: { Type: String, NoEcho: true }
Resources:
  Jobs:
    Type: AWS::SQS::Queue
    Properties: { QueueName: jobs }
)";

// A repository of which every folder belongs to another system of record, all of them as Git says.
struct Mixed {
    GitWorld git;
    TerraformWorld terraform{git.path() / "tf"};
    KubernetesCluster cluster;
    CloudformationPeer aws;

    Mixed() {
        terraform.write(
            "resource \"box_item\" \"role\" {\n  name = \"" + role +
            "\"\n  content = \"reads\"\n}\nresource \"box_item\" \"jobs\" {\n  name = \"" + queue +
            "\"\n  content = \"one\"\n}\n");
        terraform.apply();
        writeFile(git.path() / "k8s/shop.yaml", manifests);
        cluster.apply(manifests);
        writeFile(git.path() / "flux/apps.yaml", reconciliation);
        putFlux();
        writeFile(git.path() / "cfn/jobs.yaml", cloud);
        aws.put("jobs",
                {{"template", cloud},
                 {"parameters",
                  Json::array({{{"ParameterKey", "Password"}, {"ParameterValue", "****"}}})},
                 {"resources",
                  {{{"id", "Jobs"},
                    {"type", "AWS::SQS::Queue"},
                    {"physical", "https://sqs.eu-central-1.amazonaws.com/123456789012/jobs"},
                    {"drift",
                     {{"status", "IN_SYNC"},
                      {"expected", {{"QueueName", "jobs"}}},
                      {"actual", {{"QueueName", "jobs"}}}}}}}}});
        git.commit("all of it");
    }

    // The cluster after Flux has reconciled.
    void putFlux() const {
        const std::string ready =
            R"("conditions":[{"type":"Ready","status":"True","reason":"Succeeded","observedGeneration":1}])";
        cluster.configure(
            R"({"objects":[{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"flux-system"}},)" +
            customResource("source.toolkit.fluxcd.io", "v1", "GitRepository", "gitrepositories") +
            "," +
            customResource("kustomize.toolkit.fluxcd.io", "v1", "Kustomization", "kustomizations") +
            R"(,{"apiVersion":"source.toolkit.fluxcd.io/v1","kind":"GitRepository","metadata":{"name":"infra",)"
            R"("namespace":"flux-system"},"spec":{"interval":"1m","url":"https://git.example.com/infra.git"},)"
            R"("status":{"artifact":{"revision":"main@sha1:aaa"},)" +
            ready +
            R"(}},{"apiVersion":"kustomize.toolkit.fluxcd.io/v1","kind":"Kustomization","metadata":{"name":"apps",)"
            R"("namespace":"flux-system"},"spec":{"interval":"10m","path":"./k8s","prune":true,)"
            R"("sourceRef":{"kind":"GitRepository","name":"infra"}},"status":{"lastAppliedRevision":"main@sha1:aaa",)"
            R"("inventory":{"entries":[{"id":"shop_web__ServiceAccount","v":"v1"}]},)" +
            ready + "}}]}");
    }

    void watchedBy(DaemonWorld& daemon) const {
        std::string access;
        for (const auto& [name, value] : CloudformationPeer::env())
            access += (access.empty() ? "" : ", ") + name + ": \"" + value + "\"";
        const std::string config = "kubeconfig: " + cluster.kubeconfig().string();
        daemon.providers =
            "  kubernetes: { program: " + KubernetesCluster::kubectlProgram().string() + ", " +
            config + " }\n  flux: { program: " + KubernetesCluster::kubectlProgram().string() +
            ", " + config +
            " }\n  cloudformation: { program: /usr/bin/aws, region: eu-central-1, endpoint_url: "
            "\"" +
            aws.url() + "\", environment: { " + access + " } }\n";
        daemon.checks =
            "{ every: 5s, timeout: 120s, confirm: 2, confirm_after: 1s, unapplied_grace: 1s, "
            "stale_after: 1h }";
        // Flux applies this folder: only the settings make it a stack of Kubernetes as well.
        daemon.watch("infra", git.path().string(),
                     "stacks: [ { path: k8s, provider: kubernetes } ]");
    }
};

const Json* noticeOf(const std::vector<Json>& notices, const std::string& kind) {
    const auto it = std::ranges::find_if(
        notices, [&](const Json& notice) { return notice.at("incident").at("kind") == kind; });
    return it == notices.end() ? nullptr : &*it;
}

}  // namespace

TEST_CASE("a repository of four systems of record is one graph, with one owner for every thing") {
    const Mixed mixed;
    DaemonWorld daemon(mixed.terraform);
    mixed.watchedBy(daemon);
    daemon.start();
    for (const auto* stack : {"infra/tf", "infra/k8s", "infra/flux", "infra/cfn"})
        REQUIRE_MESSAGE(daemon.awaitVerdict(stack, "in_sync"), stack << "\n" << daemon.log());

    // Terraform and CloudFormation both have the queue.
    REQUIRE_MESSAGE(daemon.awaitNotices(1, std::chrono::seconds(180)), daemon.log());
    const Json owned = daemon.notices().at(0);
    CHECK(owned.at("incident").at("kind") == "ownership");
    CHECK(owned.at("incident").at("subject") == queue);
    const std::string text = owned.at("incident").at("text");
    for (const auto* part : {"infra/tf (box_item.jobs)", "infra/cfn (Jobs)"})
        CHECK_MESSAGE(text.find(part) != std::string::npos, text);

    // Somebody widens the role that pods in the cluster use.
    mixed.terraform.set(role, "content", "\"writes\"");
    REQUIRE_MESSAGE(daemon.awaitNotices(2, std::chrono::seconds(120)), daemon.log());
    const auto notices = daemon.notices();
    const Json* drift = noticeOf(notices, "drift");
    REQUIRE(drift != nullptr);
    const Json told = drift->at("stacks").at(0).at("drifts").at(0);
    CHECK(told.at("address") == "box_item.role");
    const Json elsewhere = told.value("dependents_elsewhere", Json::array());
    const Json account = {{"stack", "infra/k8s"}, {"address", "ServiceAccount/shop/web"}};
    CHECK_MESSAGE(std::ranges::find(elsewhere, account) != elsewhere.end(), elsewhere.dump());

    const auto asked = daemon.ask({"graph", "--format", "json"});
    REQUIRE_MESSAGE(asked.ok(), asked.err);
    const Json graph = Json::parse(asked.out);
    std::set<std::string> stacks;
    for (const auto& node : graph.at("nodes")) stacks.insert(node.at("stack"));
    CHECK(stacks == std::set<std::string>{"infra/cfn", "infra/flux", "infra/k8s", "infra/tf"});

    // Nothing was told but that, nothing was written, and no secret left the cluster.
    daemon.awaitChecks("infra/cfn");
    CHECK(daemon.notices().size() == 2);
    CHECK(mixed.cluster.writes() == 0);
    std::string all =
        daemon.log() + asked.out + daemon.get("/metrics") + daemon.get("/api/v1/findings");
    for (const auto& notice : daemon.notices()) all += notice.dump();
    CHECK(all.find("canary-cluster-secret") == std::string::npos);
    CHECK(all.find("canary-access-key") == std::string::npos);
}

}  // namespace mixed_test
