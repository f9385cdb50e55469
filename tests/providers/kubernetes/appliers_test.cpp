#include <doctest/doctest.h>

#include "tests/providers/kubernetes/stack_world.hpp"

// Clusters that others fill: Helm, Flux, pipelines with clients of their own, controllers, and
// people who do it another way.
using namespace driftkeeper;
using namespace driftkeeper::tests;

namespace appliers_test {
namespace {

constexpr std::string_view service =
    "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n"
    "spec: {selector: {app: web}, ports: [{port: 80}]}\n";

constexpr std::string_view deployment = R"(apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: "nginx:1"}]}}
)";

// Drifts alone.
std::string toldWithoutNoise(Report report) {
    report.diagnostics.clear();
    return StackWorld::told(StackWorld::withoutNoise(std::move(report)));
}

std::string configMap(const std::string& name, const std::string& value = "1") {
    return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name + "}\ndata: {a: '" + value +
           "'}\n";
}

}  // namespace

TEST_CASE("the server's defaults are no drift, whoever created the object") {
    for (const auto& words :
         {std::vector<std::string>{"create", "--field-manager=OpenAPI-Generator"},
          std::vector<std::string>{"apply", "--field-manager=ci"}}) {
        StackWorld world;
        world.write("web.yaml", deployment);
        std::vector<std::string> command = words;
        command.insert(command.end(), {"-f", "-"});
        world.cluster.kubectl(command, std::string(deployment));
        CHECK(toldWithoutNoise(world.look()).empty());
        world.cluster.kubectl({"set", "env", "deployment/web", "DEBUG=1"});
        const std::string told = toldWithoutNoise(world.look());
        CHECK_MESSAGE(told.starts_with("live modified out_of_band Deployment.apps/default/web\n"),
                      told);
        CHECK_MESSAGE(told.contains("env"), told);
        CHECK(world.cluster.writes() == 0);
    }
}

TEST_CASE("an object that a client created and a pipeline took over has the client's defaults") {
    StackWorld world;
    world.write("web.yaml", deployment);
    world.cluster.kubectl({"create", "--field-manager=OpenAPI-Generator", "-f", "-"},
                          std::string(deployment));
    world.apply({"--server-side", "--force-conflicts", "--field-manager=ci"});
    const Report report = world.look();
    CHECK_MESSAGE(toldWithoutNoise(report).empty(), StackWorld::told(report));
    CHECK(world.cluster.writes() == 0);
}

TEST_CASE("what deployers write beside the manifests is noise, a person's label is a drift") {
    StackWorld world;
    world.write("c.yaml", configMap("c"));
    world.cluster.apply(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, labels: "
        "{kustomize.toolkit.fluxcd.io/name: apps, kustomize.toolkit.fluxcd.io/namespace: f}}\n"
        "data: {a: '1'}\n",
        {"--server-side", "--field-manager=kustomize-controller"});
    CHECK(toldWithoutNoise(world.look()).empty());
    world.cluster.kubectl({"label", "configmap", "c", "by=hand"});
    const Report report = world.look();
    CHECK(toldWithoutNoise(report) ==
          "live modified out_of_band ConfigMap/default/c\n  metadata.labels.by: git null live "
          "\"hand\"\n");
    CHECK(report.diagnostics.empty());
}

TEST_CASE("a field that the reconciler was asked to leave alone is noise") {
    StackWorld world;
    world.cluster.apply(R"(apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: kustomizations.kustomize.toolkit.fluxcd.io}
spec:
  group: kustomize.toolkit.fluxcd.io
  scope: Namespaced
  names: {kind: Kustomization, plural: kustomizations, singular: kustomization, listKind: KustomizationList}
  versions:
  - name: v1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
)");
    world.cluster.apply(
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: apps}\n"
        "spec: {ignore: [{paths: [/data/a], target: {kind: ConfigMap}}]}\n");
    world.write("c.yaml", configMap("c"));
    world.cluster.apply(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, labels: "
        "{kustomize.toolkit.fluxcd.io/name: apps, kustomize.toolkit.fluxcd.io/namespace: "
        "default}}\ndata: {a: '1'}\n",
        {"--server-side", "--field-manager=kustomize-controller"});
    world.cluster.kubectl({"patch", "configmap", "c", "-p", R"({"data":{"a":"2","b":"3"}})"});
    const Report report = world.look();
    CHECK(toldWithoutNoise(report) ==
          "live modified out_of_band ConfigMap/default/c\n  data.b: git null live \"3\"\n");
    CHECK(StackWorld::told(report).contains("left_to_others ConfigMap/default/c\n  data.a"));
}

TEST_CASE("what somebody replaces by hand is reported, with the client") {
    for (const bool byServer : {false, true}) {
        StackWorld world;
        world.write("s.yaml", service);
        world.apply(byServer ? std::vector<std::string>{"--server-side", "--field-manager=ci"}
                             : std::vector<std::string>{});
        std::string live = world.cluster.kubectl({"get", "service", "web", "-o", "json"});
        live = replaced(live, "\"sessionAffinity\"",
                        "\"externalIPs\": [\"192.0.2.7\"], \"sessionAffinity\"");
        world.cluster.kubectl({"replace", "-f", "-"}, live);
        const Report report = world.look();
        CHECK(toldWithoutNoise(report) ==
              "live modified out_of_band Service/default/web\n  spec.externalIPs: git null live "
              "[\"192.0.2.7\"]\n");
        CHECK(report.drifts.front().changedBy.starts_with("kubectl-replace, "));
    }
}

TEST_CASE("a policy that somebody opens by an empty selector is a drift") {
    StackWorld world;
    world.write("p.yaml", R"(apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress: [{from: [{podSelector: {matchLabels: {role: api}}}]}]
)");
    world.apply();
    CHECK(toldWithoutNoise(world.look()).empty());
    world.cluster.kubectl(
        {"patch", "networkpolicy", "db", "--type=json", "-p",
         R"([{"op":"add","path":"/spec/ingress/0/from/0/namespaceSelector","value":{}}])"});
    const std::string opened =
        "live modified out_of_band NetworkPolicy.networking.k8s.io/default/db\n"
        "  spec.ingress[0].from[0].namespaceSelector: git null live {}\n";
    CHECK(toldWithoutNoise(world.look()) == opened);
    world.cluster.configure(R"({"forbid": [{"verbs": ["patch", "create", "update"]}]})");
    CHECK(toldWithoutNoise(world.look()) == opened);
}

TEST_CASE("a variable that is there twice is no change by hand") {
    StackWorld world;
    const std::string twice =
        replaced(std::string(deployment), "image: \"nginx:1\"",
                 "image: \"nginx:1\", env: [{name: A, value: '1'}, {name: A, value: '2'}]");
    world.write("web.yaml", twice);
    world.cluster.kubectl({"create", "-f", "-"}, twice);
    CHECK(toldWithoutNoise(world.look()).empty());
    world.write("web.yaml", replaced(twice, "nginx:1", "nginx:2"));
    const Report report = world.look();
    CHECK(toldWithoutNoise(report) ==
          "git modified unapplied_commit Deployment.apps/default/web\n"
          "  spec.template.spec.containers[name=c].image: git \"nginx:2\" live \"nginx:1\"\n");
    CHECK(report.completeness == Completeness::Complete);
    REQUIRE_FALSE(report.diagnostics.empty());
    CHECK(report.diagnostics.front().summary.contains("something twice"));
}

TEST_CASE("an item that somebody puts into a keyed list of a custom resource is a drift") {
    StackWorld world;
    world.cluster.apply(R"(apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: gates.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Gate, plural: gates, singular: gate, listKind: GateList}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            properties:
              rules:
                type: array
                x-kubernetes-list-type: map
                x-kubernetes-list-map-keys: [id]
                items: {type: object, required: [id], properties: {id: {type: string}, to: {type: string}}}
)");
    world.write("g.yaml",
                "apiVersion: example.com/v1\nkind: Gate\nmetadata: {name: g}\nspec: {rules: [{id: "
                "a, to: x}]}\n");
    world.apply({"--server-side"});
    CHECK(toldWithoutNoise(world.look()).empty());
    world.cluster.kubectl({"patch", "gate", "g", "--type=json", "-p",
                           R"([{"op":"add","path":"/spec/rules/-","value":{"id":"b","to":"y"}}])"});
    CHECK(toldWithoutNoise(world.look()) ==
          "live modified out_of_band Gate.example.com/default/g\n"
          "  spec.rules[id=b]: git null live {\"id\":\"b\",\"to\":\"y\"}\n");
}

TEST_CASE("what a Secret holds encrypted is not compared, and a warning reports it") {
    StackWorld world;
    world.write("s.yaml", R"(apiVersion: v1
kind: Secret
metadata: {name: db}
stringData: {password: "ENC[AES256_GCM,data:nHq4,iv:x,tag:y,type:str]", user: root}
sops: {lastmodified: "2026-01-01T00:00:00Z", mac: "ENC[AES256_GCM,data:x]", version: 3.9.0}
)");
    world.cluster.apply(
        "apiVersion: v1\nkind: Secret\nmetadata: {name: db}\nstringData: {password: hunter2, user: "
        "root}\n",
        {"--server-side", "--field-manager=kustomize-controller"});
    const Report report = world.look();
    CHECK_MESSAGE(toldWithoutNoise(report).empty(), StackWorld::told(report));
    CHECK(report.completeness == Completeness::Complete);
    REQUIRE_FALSE(report.diagnostics.empty());
    CHECK(report.diagnostics.front().summary.contains("SOPS"));
    world.cluster.kubectl({"patch", "secret", "db", "-p", R"({"stringData":{"user":"x"}})"});
    CHECK(
        toldWithoutNoise(world.look()).starts_with("live modified out_of_band Secret/default/db"));
}

TEST_CASE("a value that a chart makes up at each rendering is no difference") {
    StackWorld world;
    world.write("Chart.yaml", "apiVersion: v2\nname: shop\nversion: 1.0.0\n");
    world.write("templates/all.yaml",
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: default}\ndata: "
                "{made: '{{ randAlphaNum 12 }}', fixed: 'yes'}\n");
    world.cluster.apply(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {made: abc, fixed: 'yes'}\n",
        {"--server-side", "--field-manager=helm"});
    const Report report = world.look();
    CHECK_MESSAGE(toldWithoutNoise(report).empty(), StackWorld::told(report));
    CHECK(StackWorld::told(report).contains(" random ConfigMap/default/c"));
    const LastClean clean = world.clean();
    world.cluster.kubectl({"patch", "configmap", "c", "-p", R"({"data":{"fixed":"no"}})"});
    CHECK(toldWithoutNoise(world.look(clean)) ==
          "live modified out_of_band ConfigMap/default/c\n  data.fixed: git \"yes\" live \"no\"\n");
}

TEST_CASE("an object that is being deleted is reported as deleted") {
    StackWorld world;
    const std::string held =
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, finalizers: [a.example.com/b]}\n";
    world.write("c.yaml", held);
    world.apply();
    world.cluster.kubectl({"delete", "configmap", "c", "--wait=false"});
    const Report report = world.look();
    CHECK(toldWithoutNoise(report) == "live deleted out_of_band ConfigMap/default/c\n");
    CHECK(report.drifts.front().note.contains("waits for a.example.com/b"));
}

TEST_CASE("the claims of a StatefulSet are its own, a person's claim is not") {
    StackWorld world;
    world.write("db.yaml", R"(apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  serviceName: db
  selector: {matchLabels: {app: db}}
  template: {metadata: {labels: {app: db}}, spec: {containers: [{name: db, image: "postgres:16"}]}}
  volumeClaimTemplates: [{metadata: {name: data}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}]
)");
    world.apply();
    const auto claim = [](const std::string& name) {
        return "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: " + name +
               "}\nspec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\n";
    };
    world.cluster.kubectl({"create", "--field-manager=kube-controller-manager", "-f", "-"},
                          claim("data-db-0"));
    world.cluster.kubectl({"create", "-f", "-"}, claim("data-db-7"));
    world.cluster.kubectl({"create", "-f", "-"}, claim("hand"));
    world.workspace.options["owned_namespaces"] = {"default"};
    CHECK(toldWithoutNoise(world.look()) ==
          "live created unmanaged PersistentVolumeClaim/default/data-db-7\n"
          "live created unmanaged PersistentVolumeClaim/default/hand\n");
}

TEST_CASE(
    "an owned namespace is looked through as far as the role allows, and a warning names the "
    "rest") {
    StackWorld world;
    world.write("c.yaml", configMap("c"));
    world.apply();
    world.cluster.apply(configMap("hand"));
    world.workspace.options["owned_namespaces"] = {"default"};
    world.cluster.configure(
        R"({"forbid": [{"verbs": ["list"], "resources": ["namespaces", "clusterroles", "pods", "secrets"]}]})");
    const Report report = world.look();
    CHECK(toldWithoutNoise(report) == "live created unmanaged ConfigMap/default/hand\n");
    CHECK(report.completeness == Completeness::Complete);
    REQUIRE_FALSE(report.diagnostics.empty());
    CHECK_MESSAGE(report.diagnostics.front().summary.ends_with(": pods, secrets"),
                  report.diagnostics.front().summary);
    CHECK(world.cluster.requests("GET", "/clusterroles") == 0);
}

TEST_CASE("many objects that nobody moved cost a list and no dry run") {
    StackWorld world;
    std::string all;
    for (int i = 0; i < 120; ++i)
        all += configMap("m" + std::to_string(i)) + "---\n" +
               replaced(std::string(service), "name: web", "name: s" + std::to_string(i)) + "---\n";
    world.write("all.yaml", all);
    world.apply();
    const int before = world.cluster.requests("GET");
    const Report report = world.look();
    CHECK(toldWithoutNoise(report).empty());
    CHECK(report.coverage.checked == 240);
    CHECK(world.cluster.requests("PATCH") == 0);
    CHECK(world.cluster.requests("GET") - before < 20);
    world.cluster.kubectl({"patch", "configmap", "m7", "-p", R"({"data":{"a":"2"}})"});
    CHECK(toldWithoutNoise(world.look()) ==
          "live modified out_of_band ConfigMap/default/m7\n  data.a: git \"1\" live \"2\"\n");
    CHECK(world.cluster.requests("PATCH") <= 3);  // kubectl's own for one that a client applied
    world.cluster.configure(R"({"forbid": [{"verbs": ["list"]}]})");
    CHECK(world.look().coverage.checked == 240);
}

}  // namespace appliers_test
