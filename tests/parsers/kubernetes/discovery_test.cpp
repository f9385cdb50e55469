#include "parsers/kubernetes/discovery.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper;
using namespace driftkeeper::kubernetes;

namespace discovery_test {
namespace {

const std::string map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";

std::vector<std::string> paths(const std::vector<SourceFile>& files) {
    std::vector<std::string> result;
    for (const DiscoveredStack& stack : discoverStacks(files)) result.push_back(stack.path);
    return result;
}

using Paths = std::vector<std::string>;

}  // namespace

TEST_CASE("a folder with manifests is a stack, one without is none") {
    CHECK(paths({{"a/x.yaml", map},
                 {"a/b/y.yml", "---\n" + map},
                 {"c/values.yaml", "replicas: 1\n"},
                 {".github/workflows/ci.yaml", "on: push\n"},
                 {"top.json", R"({"apiVersion": "v1", "kind": "Secret"})"}}) == Paths{".", "a", "a/b"});
}

TEST_CASE("only kustomizations that no other one uses are stacks, with all that they reach") {
    const std::vector<SourceFile> files = {
        {"base/kustomization.yaml", "resources: [map.yaml]\n"},
        {"base/map.yaml", map},
        {"parts/kustomization.yaml", "kind: Component\n"},
        {"overlays/prod/kustomization.yaml",
         "resources: [../../base, ./extra]\npatches: [{path: patch.yaml}]\ncomponents: [../../parts]\n"},
        {"overlays/prod/extra/kustomization.yml", "resources: []\n"},
        {"overlays/prod/patch.yaml", map},
        {"overlays/test/Kustomization", "bases: [../../base]\n"},
        {"remote/kustomization.yaml", "resources: ['https://example.com/x?ref=1']\n"},
    };
    CHECK(paths(files) == Paths{"overlays/prod", "overlays/test", "remote"});
    CHECK(closureOf("overlays/prod", files) ==
          Paths{"base", "base/map.yaml", "overlays/prod", "overlays/prod/extra", "overlays/prod/patch.yaml", "parts"});
    CHECK(closureOf("elsewhere", files) == Paths{"elsewhere"});
}

TEST_CASE("kustomizations that use each other end") {
    const std::vector<SourceFile> files = {{"a/kustomization.yaml", "resources: [../b]\n"},
                                           {"b/kustomization.yaml", "resources: [../a]\n"}};
    CHECK(closureOf("a", files) == Paths{"a", "b"});
    CHECK(paths(files).empty());
}

TEST_CASE("a chart is a stack, its templates, subcharts and a library are none") {
    CHECK(paths({{"chart/Chart.yaml", "apiVersion: v2\nname: x\n"},
                 {"chart/templates/a.yaml", map},
                 {"chart/charts/sub/Chart.yaml", "apiVersion: v2\nname: y\n"},
                 {"chart/charts/sub/templates/a.yaml", map},
                 {"lib/Chart.yaml", "apiVersion: v2\nname: l\ntype: library\n"}}) == Paths{"chart"});
}

TEST_CASE("what only Flux or Argo CD read is theirs") {
    const std::string flux = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n";
    const std::string argo = "apiVersion: argoproj.io/v1alpha1\nkind: Application\n";
    CHECK(paths({{"flux/a.yaml", flux}, {"argo/a.yaml", argo}, {"mixed/a.yaml", flux + "---\n" + map}}) ==
          Paths{"mixed"});
    CHECK(paths({{"k/kustomization.yaml", "resources: [a.yaml]\n"}, {"k/a.yaml", flux}}).empty());
}

}  // namespace discovery_test
