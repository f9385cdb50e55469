#include "parsers/kubernetes/documents.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper::kubernetes;

TEST_CASE("a stream is cut where documents begin, and what holds nothing is none") {
    const auto documents = yamlDocuments(
        "# head\n---\na: 1\n---\n# nothing\n--- \nb: |\n  x\n  --- no mark\n...\n---\n");
    REQUIRE(documents.size() == 2);
    CHECK(documents[0] == "a: 1\n");
    CHECK(documents[1].starts_with("b: |\n  x\n  --- no mark\n"));
    CHECK(yamlDocuments("").empty());
    CHECK(yamlDocuments("a: 1").size() == 1);
    CHECK(yamlDocuments("--- {a: 1}\n---\r\nb: 2\r\n").size() == 2);
}

TEST_CASE("what a document is, is read from its first level only") {
    const ManifestHead head = headOf(
        "# kind: No\napiVersion: \"apps/v1\" # here\nspec:\n  kind: Inner\nkind: Deployment\n");
    CHECK(head.apiVersion == "apps/v1");
    CHECK(head.kind == "Deployment");
    CHECK(headOf(R"({"apiVersion": "v1", "kind": "List"})").kind == "List");
    CHECK_FALSE(headOf("kind: x\n").isObject());
    CHECK(headOf("apiVersion: v1\nkind: Secret\nmetadata: {{ broken }}\n").isObject());
}

TEST_CASE("a namespace is found in every style") {
    CHECK(namesNamespace("metadata:\n  name: a\n  namespace: b\n"));
    CHECK(namesNamespace("metadata: {name: a, namespace: b}\n"));
    CHECK(namesNamespace(R"({"metadata": {"namespace": "b"}})"));
    CHECK_FALSE(namesNamespace("metadata: {name: a}\nspec: {namespace: b}\n"));
    CHECK_FALSE(namesNamespace("metadata: ["));
}
