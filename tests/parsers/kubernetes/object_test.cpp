#include "parsers/kubernetes/object.hpp"
#include "parsers/json/json.hpp"

#include <doctest/doctest.h>

#include "parsers/kubernetes/manifest.hpp"

using namespace driftkeeper;
using namespace driftkeeper::kubernetes;

namespace object_test {
namespace {

const ValueTags tags("test");

}  // namespace

TEST_CASE("lists, single objects, several after each other and nothing are objects") {
    CHECK(readObjects("", tags)->empty());
    const auto objects = readObjects(
        "{\n    \"apiVersion\": \"v1\",\n    \"kind\": \"ConfigMap\",\n    \"metadata\": "
        "{\"name\": \"a\"}\n}\n"
        "{\n \"kind\": \"List\", \"items\": [{\"apiVersion\": \"apps/v1\", \"kind\": "
        "\"Deployment\", \"metadata\": "
        "{\"name\": \"b\", \"namespace\": \"n\", \"uid\": \"u\"}}]}\n",
        tags);
    REQUIRE(objects);
    REQUIRE(objects->size() == 2);
    CHECK(objects->at(0).address() == "ConfigMap/a");
    CHECK(objects->at(1).address() == "Deployment.apps/n/b");
    CHECK(objects->at(1).uid == "u");
    CHECK(objects->at(1).identity("https://API.example.com:6443/") ==
          "k8s:api.example.com:6443/apps/Deployment/n/b");
    CHECK_FALSE(readObjects("{\"a\"", tags));
}

TEST_CASE("an address says what it names") {
    const auto inside = objectNameFrom("Deployment.apps/n/b");
    REQUIRE(inside);
    CHECK(inside->type == "Deployment.apps");
    CHECK(inside->space == "n");
    CHECK(inside->name == "b");
    CHECK(objectNameFrom("ClusterRole.rbac.authorization.k8s.io/r")->name == "r");
    CHECK_FALSE(objectNameFrom("nothing"));
    CHECK_FALSE(objectNameFrom("/x"));
    CHECK_FALSE(objectNameFrom("Kind/"));
}

TEST_CASE("what was last applied is read apart and masked like the object itself") {
    const auto objects = readObjects(
        R"({"apiVersion":"v1","kind":"Secret","metadata":{"name":"s","annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{\"kind\":\"Secret\",\"stringData\":{\"p\":\"hunter2\"}}"},"managedFields":[{"manager":"m","operation":"Apply","time":"t","fieldsV1":{"f:data":{}}}]},"data":{"p":"aHVudGVyMg=="}})",
        tags);
    REQUIRE(objects);
    const Object& secret = objects->front();
    REQUIRE(secret.lastApplied);
    CHECK((*secret.lastApplied)["data"]["p"] == secret.body["data"]["p"]);
    const std::string all = canonicalText(secret.body) + canonicalText(*secret.lastApplied);
    CHECK_FALSE(all.contains("hunter2"));
    CHECK_FALSE(all.contains("aHVudGVyMg"));
    CHECK(secret.body["metadata"]["annotations"].isNull());
    CHECK(secret.body["metadata"]["managedFields"].isNull());
    REQUIRE(secret.owners.size() == 1);
    CHECK(secret.owners.front().applies);
}

TEST_CASE("a rendering has one tag, whatever the status says") {
    const auto tagOf = [](const char* text) {
        return renderedTag(objectFrom(*readJson(text), tags), tags);
    };
    const std::string one =
        tagOf(R"({"kind":"A","metadata":{"name":"a","creationTimestamp":null},"spec":{"x":1}})");
    CHECK(one ==
          tagOf(R"({"kind":"A","metadata":{"name":"a"},"spec":{"x":1},"status":{"ready":true}})"));
    CHECK(one != tagOf(R"({"kind":"A","metadata":{"name":"a"},"spec":{"x":2}})"));
}

TEST_CASE("YAML that kubectl was not asked for is an object, too") {
    const auto object = objectFromYaml(
        "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a, namespace: n}\nspec: {n: 1, "
        "t: 'x', b: true}\n",
        tags);
    REQUIRE(object);
    CHECK(object->address() == "Thing.example.com/n/a");
    CHECK(canonicalText(object->body["spec"]) == R"({"b":true,"n":1,"t":"x"})");
    CHECK_FALSE(objectFromYaml("kind: A", tags));
    CHECK_FALSE(objectFromYaml("a: [", tags));
}

}  // namespace object_test
