#include "parsers/gitops/kustomization.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper::gitops;
using Words = std::vector<std::string>;

TEST_CASE("every member of a kustomization that names a file is known, and none that does not") {
    const auto read = readKustomization(R"(
namespace: no
nameSuffix: no
commonAnnotations: {a: no}
images: [{name: no, newName: no}]
replicas: [{name: no, count: 1}]
resources: [r1, "kind: Written\nout: in place"]
bases: [b1]
components: [c1]
crds: [d1]
configurations: [e1]
generators: [f1]
transformers: [g1]
validators: [h1]
patchesStrategicMerge: [i1, '{"kind": "no"}']
patches: [{path: j1, target: {name: no}}, {patch: "no"}]
patchesJson6902: [{path: k1, target: {name: no}}]
replacements: [{path: l1}, {source: {name: no}}]
configMapGenerator: [{name: no, files: [m1, key=m2], envs: [m3], literals: [no=no]}]
secretGenerator: [{name: no, env: n1}]
helmCharts: [{name: chart, repo: https://no, valuesFile: o1, additionalValuesFiles: [o2]}]
openapi: {path: p1}
)");
    REQUIRE(read);
    CHECK(read->builtOn == Words{"r1", "b1", "c1"});
    CHECK(read->reads == Words{"d1", "e1", "f1", "g1", "h1", "i1", "j1", "k1", "l1", "m1", "m2",
                               "m3", "n1", "o1", "o2", "p1"});
    CHECK(read->charts == Words{"chart"});
}

TEST_CASE("a file of that name may be somebody else's") {
    CHECK_FALSE(
        readKustomization("apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n"));
    CHECK(readKustomization("apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n")
              ->isComponent);
    CHECK(readKustomization("[no")->builtOn.empty());
}

TEST_CASE("what kustomize would fetch is known by its looks") {
    for (const auto* remote :
         {"https://example.com/x.yaml", "git@example.com:a.git", "github.com/o/r//base",
          "x//deploy?ref=main", "x//deploy?version=v1", "git::https://example.com/a"})
        CHECK(isRemote(remote));
    for (const auto* local : {"../base", "main", "a.yaml", "github.com.yaml"})
        CHECK_FALSE(isRemote(local));
}

TEST_CASE("objects of plugins name files, in a file of theirs or written out") {
    const std::string patch = "apiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: x}\n";
    CHECK(namedByPlugins(patch + "path: a\n---\n" + patch + "paths: [b]\nfiles: [k=c]\n") ==
          Words{"a", "c", "b"});
    CHECK(namedByPlugins("apiVersion: v1\nkind: ConfigMap\npath: a\n").empty());
    const auto read = readKustomization(
        "transformers:\n- |-\n  apiVersion: builtin\n  kind: PatchTransformer\n  path: in.yaml\n"
        "generators: [gen.yaml, folder]\n");
    CHECK(read->reads == Words{"in.yaml", "gen.yaml", "folder"});
    CHECK(read->plugins == Words{"gen.yaml", "folder"});
}
