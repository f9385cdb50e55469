#include "parsers/gitops/folders.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace driftkeeper;
using namespace driftkeeper::gitops;
using Words = std::vector<std::string>;

namespace folders_test {
namespace {

const std::string release =
    "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: a}\n";
const std::string flux =
    "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: apps}\n";

std::string kustomization(const std::string& resources, const std::string& more = "") {
    return "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [" +
           resources + "]\n" + more;
}

Words pathsOf(const std::vector<SourceFile>& files) {
    const Wanted wanted{"toolkit.fluxcd.io", [](const Json& object) {
                            return object["apiVersion"].string().find("toolkit.fluxcd.io") !=
                                   std::string_view::npos;
                        }};
    Words paths;
    for (const auto& stack : stacksWith(wanted, files)) paths.push_back(stack.path);
    return paths;
}

// The layout that Flux's own examples have.
const std::vector<SourceFile> estate = {
    {"apps/base/podinfo/kustomization.yaml", kustomization("release.yaml")},
    {"apps/base/podinfo/release.yaml", release},
    {"apps/production/kustomization.yaml",
     kustomization("../base/podinfo", "patches: [{path: values.yaml}]\n")},
    {"apps/production/values.yaml", release},
    {"clusters/production/apps.yaml", flux},
    {"clusters/production/flux-system/gotk-sync.yaml", flux},
    {"clusters/production/flux-system/kustomization.yaml", kustomization("gotk-sync.yaml")},
    {"docs/readme.yaml", "a: 1\n"},
};

}  // namespace

TEST_CASE("stacks are the topmost folders, and no base or patch is one") {
    CHECK(pathsOf(estate) == Words{"apps/production", "clusters/production"});
    CHECK(pathsOf({{"a.yaml", flux}, {"b/c.yaml", flux}}) == Words{"."});
    CHECK(pathsOf({{"a/x.yaml", flux}, {"b/y.yaml", "a: 1"}, {"c/d/z.yaml", flux}}) ==
          Words{"a", "c/d"});
    CHECK(
        pathsOf({{"a/kustomization.yaml", kustomization("b.yaml")}, {"a/b.yaml", "a: 1"}}).empty());
}

TEST_CASE("charts, hidden folders and patches are nobody's manifests") {
    CHECK(pathsOf({{"chart/Chart.yaml", "name: x"}, {"chart/templates/a.yaml", flux}}).empty());
    CHECK(pathsOf({{".github/a.yaml", flux}}).empty());
    CHECK(
        pathsOf({{"a/kustomization.yaml", kustomization("", "patches: [{path: patches/p.yaml}]\n")},
                 {"a/patches/p.yaml", release}})
            .empty());
}

TEST_CASE(
    "only members that name files make a folder part of a kustomization, only its own folders are "
    "a chart's") {
    CHECK(pathsOf(
              {{"clusters/kustomization.yaml", kustomization("a.yaml", "namespace: flux-system\n")},
               {"clusters/a.yaml", "a: 1\n"},
               {"clusters/flux-system/sync.yaml", flux}}) == Words{"clusters/flux-system"});
    CHECK(
        pathsOf({{"Chart.yaml", "name: x"}, {"templates/a.yaml", flux}, {"deploy/a.yaml", flux}}) ==
        Words{"deploy"});
    CHECK(pathsOf({{"a/kustomization.yaml", flux}, {"apps/b.yaml", flux}}) == Words{"a", "apps"});
}

TEST_CASE("the closure reaches what kustomizations name elsewhere") {
    CHECK(closureWith("apps/production", estate) ==
          Words{"apps/base/podinfo", "apps/base/podinfo/release.yaml", "apps/production"});
    CHECK(closureWith("clusters/production", estate) == Words{"clusters/production"});
    CHECK(closureWith("nowhere", estate) == Words{"nowhere"});
}

TEST_CASE("a folder is its files and its kustomizations") {
    const auto sources = sourcesOf("clusters/production", estate);
    CHECK(sources.files == Words{"clusters/production/apps.yaml"});
    CHECK(sources.kustomizations == Words{"clusters/production/flux-system"});
    CHECK(sourcesOf("apps/production", estate).kustomizations == Words{"apps/production"});
    CHECK(sourcesOf("apps/production", estate).files.empty());
}

TEST_CASE("what kustomize would fetch is named") {
    const std::vector<SourceFile> files = {
        {"a/kustomization.yaml",
         kustomization("https://example.com/x.yaml, 'github.com/o/r//base?ref=v1', ../b, c.yaml")},
        {"a/c.yaml", release},
        {"b/kustomization.yaml", kustomization("gone.yaml", "helmCharts: [{name: chart}]\n")}};
    CHECK(remotesOf("a", files) ==
          Words{"chart", "github.com/o/r//base?ref=v1", "gone.yaml", "https://example.com/x.yaml"});
    CHECK(remotesOf("clusters/production", estate).empty());
    CHECK(remotesOf("p", {{"p/kustomization.yaml", kustomization("", "generators: [g.yaml]\n")},
                          {"p/g.yaml",
                           "apiVersion: builtin\nkind: ResourceGenerator\nfiles: "
                           "['https://example.com/r.yaml', ../b/x.yaml]\n"}}) ==
          Words{"https://example.com/r.yaml"});
}

TEST_CASE("a file with a mistake is still whose it says, and stays a stack") {
    const std::string broken = release + "spec:\n\tinterval: 5m\n";
    CHECK(pathsOf({{"a/release.yaml", broken}}) == Words{"a"});
    CHECK(pathsOf({{"a/release.yaml", "a: [\n---\n" + release}}) == Words{"a"});
    CHECK(pathsOf({{"a/kustomization.yaml", kustomization("r.yaml")}, {"a/r.yaml", broken}}) ==
          Words{"a"});
    CHECK(pathsOf({{"a/other.yaml", "kind: Doc\ntext: [helm.toolkit.fluxcd.io/v2\n"}}).empty());
    CHECK(pathsOf({{"a/t.yaml", release + "spec:\n{{- if x }}\n  a: b\n{{- end }}\n"}}).empty());
}

TEST_CASE("kustomizations in circles end") {
    CHECK(pathsOf({{"a/kustomization.yaml", kustomization("../b")},
                   {"b/kustomization.yaml", kustomization("../a")}})
              .empty());
}

}  // namespace folders_test
