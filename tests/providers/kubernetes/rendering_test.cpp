#include <doctest/doctest.h>

#include "tests/providers/kubernetes/stack_world.hpp"

// Kustomizations, charts, and secrets on their way through all of it.
using namespace driftkeeper;
using namespace driftkeeper::tests;

namespace rendering_test {
namespace {

std::string toldWithoutNoise(const Report& report) {
    return StackWorld::told(StackWorld::withoutNoise(report));
}

// Everything that leaves a look.
std::string everythingIn(const Report& report) {
    std::string text = StackWorld::told(report);
    for (const auto& [address, tag] : report.evidence.rendered) text += address + tag + "\n";
    for (const Drift& drift : report.drifts) text += drift.changedBy + drift.note + drift.id + "\n";
    for (const Drift& drift : report.drifts)
        for (const AttributeDrift& attribute : drift.attributes) text += attribute.before + "\n";
    for (const Resource& resource : report.graph.resources())
        text += resource.address + resource.identity + "\n";
    for (const Tie& tie : report.graph.needs()) text += tie.address + tie.key + "\n";
    return text;
}

}  // namespace

TEST_CASE("a kustomization is built, with its bases, generators and names") {
    StackWorld world;
    world.write("base/kustomization.yaml", "resources: [map.yaml]\n");
    world.write("base/map.yaml",
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: '1'}\n");
    world.write(
        "kustomization.yaml",
        "resources: [base]\nnamePrefix: p-\nconfigMapGenerator: [{name: g, literals: [k=v]}]\n");
    world.cluster.kubectl({"apply", "-k",
                           world.workspace.directory.empty()
                               ? (world.look(), world.workspace.directory.string())
                               : world.workspace.directory.string()});
    CHECK(toldWithoutNoise(world.look()).empty());
    world.cluster.kubectl({"patch", "configmap", "p-a", "-p", R"({"data":{"x":"2"}})"});
    CHECK(toldWithoutNoise(world.look()) ==
          "live modified out_of_band ConfigMap/default/p-a\n  data.x: git \"1\" live \"2\"\n");
}

TEST_CASE("a kustomization that would fetch something is refused") {
    StackWorld world;
    for (const char* entry :
         {"https://example.com/base.git?ref=v1", "github.com/org/repo//base", "../missing"}) {
        world.write("kustomization.yaml", std::string("resources: ['") + entry + "']\n");
        const Report report = world.look();
        CHECK(report.completeness == Completeness::Failed);
        REQUIRE(report.reason);
        CHECK(report.reason->code == "remote_base");
    }
    world.write("gen.yaml",
                "apiVersion: builtin\nkind: ResourceGenerator\nmetadata: {name: g}\nfiles: "
                "['https://example.com/r.yaml']\n");
    for (const char* members :
         {"generators: [gen.yaml]\n",
          "transformers:\n- |-\n  apiVersion: builtin\n  kind: PatchTransformer\n  metadata: "
          "{name: t}\n  path: http://example.com/p.yaml\n  target: {kind: Service}\n"}) {
        world.write("kustomization.yaml", members);
        CHECK(world.look().reason.value().code == "remote_base");
    }
}

TEST_CASE("a chart in a kustomization is named, and nothing is called broken") {
    StackWorld world;
    world.write("kustomization.yaml", "helmCharts: [{name: web, repo: 'https://example.com/c'}]\n");
    const Report report = world.look();
    CHECK(report.completeness == Completeness::Failed);
    CHECK(report.reason.value().code == "chart_in_kustomization");
    CHECK(report.reason->text.contains("web"));
}

TEST_CASE("a chart is rendered with its values, and no value gets out") {
    StackWorld world;
    world.workspace.options = {
        {"release", {"shop"}}, {"namespace", {"default"}}, {"values", {"prod.yaml"}}};
    world.write("Chart.yaml", "apiVersion: v2\nname: shop\nversion: 1.0.0\n");
    world.write("values.yaml", "replicas: 1\npassword: none\n");
    world.write("prod.yaml", "replicas: 3\npassword: canary-helm-7f3a\n");
    world.write("templates/all.yaml", R"(apiVersion: v1
kind: ConfigMap
metadata: {name: {{ .Release.Name }}}
data: {replicas: "{{ .Values.replicas }}"}
---
apiVersion: v1
kind: Secret
metadata: {name: {{ .Release.Name }}}
stringData: {password: {{ .Values.password }}}
)");
    world.write("templates/hook.yaml",
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: hook, annotations: "
                "{helm.sh/hook: pre-install}}\n");
    const Report before = world.look();
    CHECK(toldWithoutNoise(before) ==
          "git created unapplied_commit ConfigMap/default/shop\ngit created unapplied_commit "
          "Secret/default/shop\n");
    world.cluster.apply(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: shop}\ndata: {replicas: '3'}\n---\n"
        "apiVersion: v1\nkind: Secret\nmetadata: {name: shop}\nstringData: {password: "
        "canary-helm-7f3a}\n",
        {"--server-side", "--field-manager=helm"});
    CHECK(toldWithoutNoise(world.look()).empty());
    world.write("templates/all.yaml", "{{ fail .Values.password }}");
    const Report broken = world.look();
    REQUIRE(broken.reason);
    CHECK(broken.reason->code == "broken_configuration");
    for (const Report* report : {&before, &broken})
        CHECK_FALSE(everythingIn(*report).contains("canary-helm"));
}

TEST_CASE("secrets are compared and never shown") {
    StackWorld world;
    const std::string text = R"(apiVersion: v1
kind: Secret
metadata: {name: s}
stringData: {password: canary-one}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: c}
data:
  url: "postgres://me:canary-url@db/x"
  settings.ini: |
    db_password = canary-ini
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: d}
spec:
  selector: {matchLabels: {a: b}}
  template:
    metadata: {labels: {a: b}}
    spec:
      containers:
      - {name: c, image: x, args: [--token=canary-arg], env: [{name: API_TOKEN, value: canary-env}]}
)";
    world.write("all.yaml", text);
    world.apply();
    const LastClean clean = world.clean();
    world.cluster.kubectl(
        {"patch", "secret", "s", "-p", R"({"stringData":{"password":"canary-two"}})"});
    world.cluster.kubectl(
        {"patch", "configmap", "c", "-p", R"({"data":{"url":"postgres://me:canary-live@db/x"}})"});
    world.cluster.kubectl({"set", "env", "deployment/d", "API_TOKEN=canary-three"});
    const Report live = world.look(clean);
    const std::string told = StackWorld::told(live);
    CHECK_MESSAGE(told.contains("live modified out_of_band Secret/default/s\n  data.password: git "
                                "{\"redacted\":\"hmac:"),
                  told);
    CHECK_MESSAGE(told.contains("live modified out_of_band ConfigMap/default/c\n"
                                "  data.url: git \"postgres://me:hmac:"),
                  told);
    CHECK_MESSAGE(told.contains("env[name=API_TOKEN].value: git {\"redacted\":"), told);
    CHECK_FALSE(everythingIn(live).contains("canary"));

    world.write("all.yaml", replaced(text, "canary-one", "canary-four"));
    const Report both = world.look();
    world.cluster.configure(R"({"forbid": [{"verbs": ["patch"]}]})");
    const Report withoutDryRun = world.look();
    CHECK(StackWorld::told(withoutDryRun).contains("both modified conflict Secret/default/s\n"));
    world.write("all.yaml", "foo: canary-five\nkind: Secret\n");
    const Report broken = world.look();
    world.write(
        "all.yaml",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {password: canary-six}\n");
    world.cluster.configure(R"({"forbid": []})");
    const Report noBase64 = world.look();
    for (const Report* report : {&live, &both, &withoutDryRun, &broken, &noBase64}) {
        const std::string everything = everythingIn(*report);
        CHECK_MESSAGE(!everything.contains("canary"), everything);
        CHECK_FALSE(everything.contains("Y2FuYXJ5"));  // base64 of it
    }
    CHECK_FALSE(std::filesystem::exists(world.workspace.privateDirectory / "run"));
}

TEST_CASE("the graph knows what objects name, within the stack and beyond") {
    StackWorld world;
    world.write("all.yaml", R"(apiVersion: apps/v1
kind: Deployment
metadata: {name: d}
spec:
  selector: {matchLabels: {a: b}}
  template:
    metadata: {labels: {a: b}}
    spec:
      serviceAccountName: robot
      volumes: [{name: v, configMap: {name: here}}, {name: w, secret: {secretName: elsewhere}}]
      containers: [{name: c, image: x}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: here}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: robot, annotations: {eks.amazonaws.com/role-arn: "arn:aws:iam::1:role/r"}}
---
apiVersion: v1
kind: Service
metadata: {name: s}
spec: {selector: {a: b}, ports: [{port: 80}]}
)");
    world.apply();
    const Report report = world.look();
    CHECK(report.graph.dependentsOf("ConfigMap/default/here") ==
          std::vector<std::string>{"Deployment.apps/default/d"});
    CHECK(report.graph.countDependents("ServiceAccount/default/robot") == 2);
    const std::string cluster = "k8s:" + world.cluster.server();
    CHECK(report.graph.resources().front().identity == cluster + "/core/ConfigMap/default/here");
    REQUIRE(report.graph.needs().size() == 2);
    CHECK(report.graph.needs()[0].key == cluster + "/core/Secret/default/elsewhere");
    CHECK(report.graph.needs()[1] == Tie{"ServiceAccount/default/robot", "arn:aws:iam::1:role/r"});
}

}  // namespace rendering_test
