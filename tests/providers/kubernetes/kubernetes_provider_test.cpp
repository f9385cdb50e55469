#include "providers/kubernetes/kubernetes_provider.hpp"

#include <doctest/doctest.h>

#include "tests/providers/kubernetes/stack_world.hpp"

using namespace driftkeeper;
using namespace driftkeeper::tests;

namespace kubernetes_provider_test {
namespace {

constexpr std::string_view web = R"(apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: web}}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: nginx:1.27
        ports: [{containerPort: 80}]
        env: [{name: MODE, value: fast}]
        resources: {requests: {cpu: 0.1, memory: 1024Mi}}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {mode: fast}
)";

std::string toldWithoutNoise(const Report& report) {
    return StackWorld::told(StackWorld::withoutNoise(report));
}

}  // namespace

TEST_CASE(
    "what was applied is in sync, in spite of defaults, quantities and the server's bookkeeping") {
    StackWorld world;
    world.write("web.yaml", web);
    for (const bool bySever : {false, true}) {
        world.apply(bySever ? std::vector<std::string>{"--server-side", "--force-conflicts"}
                            : std::vector<std::string>{});
        const Report report = world.look();
        CHECK_MESSAGE(verdictOf(StackWorld::withoutNoise(report)) == Verdict::InSync,
                      StackWorld::told(report));
        CHECK(report.completeness == Completeness::Complete);
        CHECK(report.resources == 3);
        CHECK(report.coverage.checked == 3);
        CHECK(report.evidence.rendered.size() == 3);
    }
    CHECK(world.cluster.writes() == 0);
}

TEST_CASE("a field that somebody edited is a live drift, and says who it was") {
    StackWorld world;
    world.write("web.yaml", web);
    world.apply();
    world.cluster.configure(R"({"time": "2026-11-22T10:00:00Z"})");
    world.cluster.kubectl(
        {"patch", "deployment", "web", "--field-manager=kubectl-edit", "-p",
         R"({"spec":{"template":{"spec":{"containers":[{"name":"web","image":"nginx:evil"}]}}}})"});
    const Report report = world.look();
    CHECK(toldWithoutNoise(report) ==
          "live modified out_of_band Deployment.apps/default/web\n"
          "  spec.template.spec.containers[name=web].image: git \"nginx:1.27\" live "
          "\"nginx:evil\"\n");
    REQUIRE_FALSE(report.drifts.empty());
    CHECK(report.drifts.front().changedBy == "kubectl-edit, 2026-11-22T10:00:00Z");
    CHECK(report.drifts.front().type == "Deployment.apps");
    CHECK(report.drifts.front().dependents == 1);
}

TEST_CASE("what somebody put beside the fields of Git is a live drift, too") {
    StackWorld world;
    world.write("web.yaml", web);
    world.apply();
    world.cluster.kubectl({"set", "env", "deployment/web", "DEBUG=1"});
    world.cluster.kubectl({"label", "service", "web", "team=blue"});
    CHECK(toldWithoutNoise(world.look()) ==
          "live modified out_of_band Deployment.apps/default/web\n"
          "  spec.template.spec.containers[name=web].env[name=DEBUG]: git null live "
          "{\"name\":\"DEBUG\",\"value\":\"1\"}\n"
          "live modified out_of_band Service/default/web\n"
          "  metadata.labels.team: git null live \"blue\"\n");
}

TEST_CASE(
    "an object that was there and is gone was deleted, one that never was waits for its apply") {
    StackWorld world;
    world.write("web.yaml", web);
    CHECK(toldWithoutNoise(world.look())
              .starts_with("git created unapplied_commit ConfigMap/default/settings\n"));
    world.apply();
    const LastClean clean = world.clean();
    world.cluster.kubectl({"delete", "configmap", "settings"});
    world.write("new.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: new}\n");
    const Report report = world.look(clean);
    CHECK(toldWithoutNoise(report) ==
          "git created unapplied_commit ConfigMap/default/new\n"
          "live deleted out_of_band ConfigMap/default/settings\n");
    CHECK(report.completeness == Completeness::Complete);
}

TEST_CASE("what Git changed waits for its apply, whoever applies and however") {
    for (const bool byServer : {false, true})
        for (const bool withEvidence : {false, true}) {
            CAPTURE(byServer);
            CAPTURE(withEvidence);
            StackWorld world;
            world.write("web.yaml", web);
            world.apply(byServer ? std::vector<std::string>{"--server-side"}
                                 : std::vector<std::string>{});
            const std::optional<LastClean> clean =
                withEvidence ? std::optional(world.clean()) : std::nullopt;
            std::string later = replaced(std::string(web), "nginx:1.27", "nginx:1.28");
            later = replaced(later, "env: [{name: MODE, value: fast}]", "args: [quick]");
            world.write("web.yaml", later);
            CHECK(toldWithoutNoise(world.look(clean)) ==
                  "git modified unapplied_commit Deployment.apps/default/web\n"
                  "  spec.template.spec.containers[name=web].args: git [\"quick\"] live null\n"
                  "  spec.template.spec.containers[name=web].env: git null live "
                  "[{\"name\":\"MODE\",\"value\":\"fast\"}]\n"
                  "  spec.template.spec.containers[name=web].image: git \"nginx:1.28\" live "
                  "\"nginx:1.27\"\n");
        }
}

TEST_CASE("live and Git that both moved are a conflict") {
    StackWorld world;
    world.write("web.yaml", web);
    world.apply();
    const LastClean clean = world.clean();
    world.cluster.kubectl({"scale", "deployment", "web", "--replicas=5"});
    world.write("web.yaml", replaced(std::string(web), "replicas: 2", "replicas: 3"));
    for (const auto& evidence : {std::optional(clean), std::optional<LastClean>()}) {
        const Report report = world.look(evidence);
        CHECK(
            toldWithoutNoise(report) ==
            "both modified conflict Deployment.apps/default/web\n  spec.replicas: git 3 live 5\n");
        CHECK(report.drifts.front().liveChange == Change::Modified);
        CHECK(report.drifts.front().gitChange == Change::Modified);
        CHECK(report.drifts.front().attributes.front().before == "2");
        CHECK(report.drifts.front().changedBy.starts_with("kubectl (scale), "));
    }
}

TEST_CASE(
    "what an autoscaler, a webhook, an injector and an aggregation do is noise with its cause") {
    StackWorld world(R"({"webhooks": [{"name": "sidecar.example.com", "kinds": ["Deployment"],
        "append": {"spec.template.spec.containers": {"name": "proxy", "image": "proxy:1"}},
        "set": {"spec.template.metadata.annotations.injected": "yes"}}]})");
    world.write("web.yaml", web);
    world.write("scaler.yaml", R"(apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec: {maxReplicas: 9, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: part, labels: {gather: "yes"}}
rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: whole}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {gather: "yes"}}]}
rules: []
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: hook}
webhooks:
- {name: a.example.com, sideEffects: None, admissionReviewVersions: [v1], clientConfig: {url: "https://a.example.com", caBundle: aG9sZGVy}}
)");
    world.apply();
    world.cluster.kubectl({"patch", "deployment", "web", "--subresource=scale",
                           "--field-manager=kube-controller-manager", "--type=merge", "-p",
                           R"({"spec":{"replicas":7}})"});
    world.cluster.kubectl(
        {"patch", "validatingwebhookconfiguration", "hook",
         "--field-manager=cert-manager-cainjector", "-p",
         R"({"webhooks":[{"name":"a.example.com","clientConfig":{"caBundle":"cmVhbA=="}}]})"});
    world.cluster.kubectl({"rollout", "restart", "deployment", "web"});
    const Report report = world.look();
    CHECK(toldWithoutNoise(report).empty());
    const std::string all = StackWorld::told(report);
    CHECK_MESSAGE(all.contains("live modified autoscaled Deployment.apps/default/web\n  "
                               "spec.replicas: git 2 live 7\n"),
                  all);
    CHECK_MESSAGE(
        all.contains("live modified aggregated ClusterRole.rbac.authorization.k8s.io/whole\n"),
        all);
    CHECK_MESSAGE(all.contains("live modified injected "
                               "ValidatingWebhookConfiguration.admissionregistration.k8s.io/hook"),
                  all);
    CHECK_MESSAGE(all.contains("restartedAt"), all);
}

TEST_CASE("without an autoscaler a changed number of replicas is told") {
    StackWorld world;
    world.write("web.yaml", replaced(std::string(web), "  replicas: 2\n", ""));
    world.apply();
    world.cluster.kubectl({"scale", "deployment", "web", "--replicas=5"});
    CHECK(toldWithoutNoise(world.look()) ==
          "live modified out_of_band Deployment.apps/default/web\n  spec.replicas: git null live "
          "5\n");
}

TEST_CASE("an object removed from Git is told as long as it is there") {
    StackWorld world;
    world.write("web.yaml", web);
    world.write("old.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: old}\n");
    world.apply();
    const LastClean clean = world.clean();
    world.remove("old.yaml");
    CHECK(toldWithoutNoise(world.look(clean)) ==
          "git deleted unapplied_commit ConfigMap/default/old\n");
    world.cluster.kubectl({"delete", "configmap", "old"});
    CHECK(verdictOf(StackWorld::withoutNoise(world.look(clean))) == Verdict::InSync);
}

TEST_CASE("objects that Git never asked for are found by label, annotation and namespace") {
    StackWorld world;
    world.write("web.yaml", web);
    world.apply();
    world.cluster.apply(R"(apiVersion: v1
kind: ConfigMap
metadata: {name: stray, labels: {owner: us}, annotations: {managed: by-us}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: stray, labels: {owner: us}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: kube-root-ca.crt, labels: {owner: us}}
)");
    CHECK(toldWithoutNoise(world.look()).empty());
    world.workspace.options["tracking_label"] = {"owner=us"};
    const Report report = world.look();
    CHECK(toldWithoutNoise(report) ==
          "live created unmanaged ClusterRole.rbac.authorization.k8s.io/stray\n"
          "live created unmanaged ConfigMap/default/stray\n");
    CHECK(report.drifts.front().changedBy.starts_with("kubectl-client-side-apply, "));
    world.workspace.options = {{"tracking_annotation", {"managed=by-us"}}};
    CHECK(toldWithoutNoise(world.look()) == "live created unmanaged ConfigMap/default/stray\n");
    world.workspace.options = {{"owned_namespaces", {"default"}}};
    CHECK(toldWithoutNoise(world.look()) == "live created unmanaged ConfigMap/default/stray\n");
    world.workspace.options["exclude_types"] = {"configmaps"};
    CHECK(toldWithoutNoise(world.look()).empty());
}

TEST_CASE("a namespace that does not exist is no error") {
    StackWorld world;
    world.write("a.yaml",
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: nowhere}\n");
    const Report report = world.look();
    CHECK(StackWorld::told(report) == "git created unapplied_commit ConfigMap/nowhere/a\n");
    CHECK(report.completeness == Completeness::Complete);
}

TEST_CASE("the option namespace is for objects that name none") {
    StackWorld world;
    world.workspace.options["namespace"] = {"kube-system"};
    world.write("a.yaml",
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\n"
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b, namespace: default}\n");
    CHECK(StackWorld::told(world.look()) ==
          "git created unapplied_commit ConfigMap/default/b\ngit created unapplied_commit "
          "ConfigMap/kube-system/a\n");
}

}  // namespace kubernetes_provider_test
