#include "parsers/gitops/custom_resource.hpp"

#include <doctest/doctest.h>

#include "tests/parsers/gitops/objects.hpp"

using namespace driftkeeper;
using namespace driftkeeper::gitops;

TEST_CASE("an object is addressed by kind, group, namespace and name") {
    const auto deployment = nameOf(tests::object(
        "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: a}}"));
    CHECK(deployment.address() == "Deployment.apps/a/web");
    CHECK(deployment.forPeople() == "Deployment a/web");
    CHECK(nameOf(tests::object("{apiVersion: v1, kind: ConfigMap, metadata: {name: c}}"), "d")
              .address() == "ConfigMap/d/c");
    CHECK(
        nameOf(tests::object("{apiVersion: v1, kind: Namespace, metadata: {name: n}}")).address() ==
        "Namespace/n");
}

TEST_CASE("conditions are found by type") {
    const auto object = tests::object(
        "status: {conditions: [{type: Ready, status: 'False', reason: R, message: m, "
        "observedGeneration: 4}]}");
    CHECK(conditionOf(object, "Ready").is("False"));
    CHECK(conditionOf(object, "Ready").observedGeneration == 4);
    CHECK(conditionOf(object, "Stalled").status.empty());
}

TEST_CASE("what kubectl prints is a list or one object, and anything else is refused") {
    CHECK(objectsOf(R"({"kind":"List","items":[{"kind":"A"},{"kind":"B"}]})")->size() == 2);
    CHECK(objectsOf(R"({"kind":"A"})")->size() == 1);
    CHECK(objectsOf(R"({"kind":"List","items":[]})")->empty());
    for (const char* text : {"", "{", "[]", "{}", "Error from server"}) {
        CAPTURE(text);
        REQUIRE_FALSE(objectsOf(text));
        CHECK(objectsOf(text).error().code == "output_unreadable");
    }
}
