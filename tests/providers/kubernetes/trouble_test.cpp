#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/providers/kubernetes/stack_world.hpp"

// What cannot be read costs itself, and is never told as in sync.
using namespace driftkeeper;
using namespace driftkeeper::tests;

namespace trouble_test {
namespace {

std::string configMap(int number, std::string_view value = "a") {
    return fmt::format(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: m{}}}\ndata: {{value: {}}}\n", number,
        value);
}

void writeTwenty(const StackWorld& world) {
    for (int i = 0; i < 20; ++i) world.write(fmt::format("m{}.yaml", i), configMap(i));
}

std::string toldWithoutNoise(const Report& report) {
    return StackWorld::told(StackWorld::withoutNoise(report));
}

constexpr std::string_view crd = R"(apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Thing, plural: things, singular: thing}
  versions:
  - name: v1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
)";
constexpr std::string_view thing =
    "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: one}\nspec: {size: 1}\n";

}  // namespace

TEST_CASE(
    "one broken manifest among twenty makes the look partial, and the drift of another one "
    "counts") {
    StackWorld world;
    writeTwenty(world);
    world.apply();
    world.cluster.kubectl({"patch", "configmap", "m7", "-p", R"({"data":{"value":"b"}})"});
    for (const char* broken : {"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x\n",
                               "apiVersion: v1\nmetadata: {name: x}\n",
                               "apiVersion: v1\nkind: ConfigMap\n\tmetadata: x\n"}) {
        CAPTURE(broken);
        world.write("broken.yaml", broken);
        const Report report = world.look();
        const std::string all = StackWorld::told(report);
        CHECK_MESSAGE(all.contains("live modified out_of_band ConfigMap/default/m7\n"), all);
        CHECK(report.completeness == Completeness::Partial);
        CHECK(report.coverage.checked == 20);
        CHECK(report.coverage.unreadable == 1);
        REQUIRE(report.reason);
        CHECK_MESSAGE(report.reason->code == "broken_configuration", all);
    }
}

TEST_CASE("a manifest that the API refuses makes the look partial") {
    StackWorld world;
    writeTwenty(world);
    const std::string job =
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec:\n  selector: "
        "{matchLabels: {a: b}}\n"
        "  template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: x}]}}\n";
    world.write("d.yaml", job);
    world.apply();
    world.write("d.yaml", replaced(job, "spec:\n", "spec:\n  replica: 3\n"));
    const Report report = world.look();
    CHECK(report.completeness == Completeness::Partial);
    REQUIRE(report.reason);
    CHECK_MESSAGE(report.reason->code == "object_refused", StackWorld::told(report));
    CHECK(report.coverage.unreadable == 1);
}

TEST_CASE("an object that may not be read costs itself") {
    StackWorld world;
    writeTwenty(world);
    world.write("s.yaml",
                "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {ports: [{port: 1}]}\n");
    world.apply();
    world.cluster.configure(R"({"forbid": [{"verbs": ["get"], "resources": ["services"]}]})");
    const Report report = world.look();
    CHECK(report.completeness == Completeness::Partial);
    CHECK(verdictOf(StackWorld::withoutNoise(report)) == Verdict::Inconclusive);
    REQUIRE(report.reason);
    CHECK(report.reason->code == "forbidden");
    CHECK(report.coverage.checked == 20);
    CHECK(report.diagnostics.front().address == "Service/default/s");
}

TEST_CASE("with rights to read only, the manifest's fields are compared, and a warning says so") {
    StackWorld world;
    const std::string web =
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec:\n  selector: "
        "{matchLabels: {a: b}}\n"
        "  template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: 'x:1', "
        "ports: [{containerPort: 80}], resources: {limits: {cpu: 1000m}}}]}}\n";
    world.write("d.yaml", web);
    writeTwenty(world);
    world.apply();
    world.cluster.configure(R"({"forbid": [{"verbs": ["patch", "create", "update"]}]})");
    const Report same = world.look();
    CHECK_MESSAGE(verdictOf(StackWorld::withoutNoise(same)) == Verdict::InSync,
                  StackWorld::told(same));
    CHECK(same.completeness == Completeness::Complete);
    CHECK(same.diagnostics.empty());  // nobody had to ask
    world.cluster.kubectl({"set", "image", "deployment/d", "c=x:2"});
    world.write("m3.yaml", configMap(3, "b"));
    const Report moved = world.look();
    REQUIRE_FALSE(moved.diagnostics.empty());
    CHECK(moved.diagnostics.front().summary.contains("by the fields of its manifest only"));
    const std::string told = toldWithoutNoise(moved);
    CHECK_MESSAGE(told.starts_with(
                      "git modified unapplied_commit ConfigMap/default/m3\n  data.value: git \"b\" "
                      "live \"a\"\n"
                      "live modified out_of_band Deployment.apps/default/d\n"
                      "  spec.template.spec.containers[name=c].image: git \"x:1\" live \"x:2\"\n"),
                  told);
    CHECK(world.cluster.writes() == 0);
}

TEST_CASE("a type that the cluster does not know is unreadable, unless Git brings it along") {
    StackWorld world;
    world.write("thing.yaml", thing);
    world.write("m.yaml", configMap(1));
    const Report report = world.look();
    CHECK(report.completeness == Completeness::Partial);
    REQUIRE(report.reason);
    CHECK(report.reason->code == "crd_missing");
    CHECK(report.diagnostics.front().address == "Thing.example.com/one");
    world.write("crd.yaml", crd);
    const Report both = world.look();
    CHECK(both.completeness == Completeness::Complete);
    CHECK(StackWorld::told(both) ==
          "git created unapplied_commit ConfigMap/default/m1\n"
          "git created unapplied_commit "
          "CustomResourceDefinition.apiextensions.k8s.io/things.example.com\n"
          "git created unapplied_commit Thing.example.com/one\n");
}

TEST_CASE("custom resources are compared like all others") {
    StackWorld world;
    world.cluster.apply(std::string(crd));
    world.write("thing.yaml", thing);
    world.apply();
    const LastClean clean = world.clean();
    world.cluster.kubectl(
        {"patch", "thing", "one", "--type=merge", "-p", R"({"spec":{"size":2}})"});
    CHECK(toldWithoutNoise(world.look(clean)) ==
          "live modified out_of_band Thing.example.com/default/one\n  spec.size: git 1 live 2\n");
}

TEST_CASE("a webhook that is down leaves the manifest's fields to be compared") {
    StackWorld world;
    world.write("m.yaml", configMap(1));
    world.apply();
    world.cluster.kubectl({"patch", "configmap", "m1", "-p", R"({"data":{"value":"b"}})"});
    for (
        const char* hook :
        {R"({"webhooks": [{"name": "h.example.com", "kinds": ["ConfigMap"], "broken": true}]})",
         R"({"webhooks": [{"name": "h.example.com", "kinds": ["ConfigMap"], "sideEffects": "Some"}]})"}) {
        world.cluster.configure(hook);
        const Report report = world.look();
        CHECK(
            toldWithoutNoise(report).starts_with("live modified out_of_band ConfigMap/default/m1\n "
                                                 " data.value: git \"a\" live \"b\"\n"));
        REQUIRE_FALSE(report.diagnostics.empty());
        CHECK(report.diagnostics.front().summary.contains("webhook"));
    }
}

TEST_CASE("what concerns the whole cluster fails the look") {
    StackWorld world;
    world.write("m.yaml", configMap(1));
    const auto codeOf = [&] {
        const Report report = world.look();
        CHECK(report.completeness == Completeness::Failed);
        return report.reason ? report.reason->code : std::string();
    };
    world.cluster.configure(R"({"refuse_credentials": true})");
    CHECK(codeOf() == "credentials");
    world.cluster.configure(R"({"refuse_credentials": false})");
    world.workspace.options["context"] = {"nobody"};
    CHECK(codeOf() == "kubeconfig");
    world.workspace.options["context"] = {};
    world.workspace.options["kubeconfig"] = {"/nonexistent/kubeconfig"};
    CHECK(codeOf() == "kubeconfig");
    world.workspace.options = {};
    world.remove("m.yaml");
    CHECK(codeOf() == "nothing_to_check");
}

TEST_CASE("pages and plain discovery make no difference") {
    StackWorld world(R"({"discovery": "plain", "page": 2})");
    writeTwenty(world);
    world.apply();
    world.cluster.apply(configMap(77));
    world.workspace.options["owned_namespaces"] = {"default"};
    const Report report = world.look();
    CHECK(toldWithoutNoise(report) == "live created unmanaged ConfigMap/default/m77\n");
    CHECK(report.resources == 20);
}

}  // namespace trouble_test
