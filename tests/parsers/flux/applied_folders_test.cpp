#include "parsers/flux/applied_folders.hpp"

#include <doctest/doctest.h>

namespace applied_folders_test {
using namespace driftkeeper;
using Folders = std::set<std::string>;

namespace {

const std::string map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";

std::string kustomization(const std::string& path, const std::string& source = "flux-system",
                          const std::string& kind = "GitRepository") {
    return "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: "
           "a}\nspec: {" +
           (path.empty() ? "" : "path: " + path + ", ") + "sourceRef: {kind: " + kind +
           ", name: " + source + "}}\n";
}

}  // namespace

TEST_CASE(
    "Flux applies the folders that its Kustomizations name, with what is below or what they are "
    "built on") {
    CHECK(flux::appliedFolders({{"clusters/prod/apps.yaml",
                                 kustomization("./apps/prod") + "---\n" + kustomization("/plain")},
                                {"apps/prod/kustomization.yaml", "resources: [../base]\n"},
                                {"apps/prod/other/a.yaml", map},
                                {"apps/base/kustomization.yaml", "resources: [a.yaml]\n"},
                                {"apps/base/a.yaml", map},
                                {"plain/a.yaml", map},
                                {"plain/below/a.yaml", map},
                                {"elsewhere/a.yaml", map}}) ==
          Folders{"apps/base", "apps/prod", "plain", "plain/below"});
}

TEST_CASE("other sources than this repository apply nothing of it") {
    const SourceFile app{"apps/a.yaml", map};
    CHECK(flux::appliedFolders({{"c/a.yaml", kustomization("./apps", "art", "OCIRepository")}, app})
              .empty());
    CHECK(flux::appliedFolders({{"c/a.yaml", kustomization("./apps", "podinfo")}, app}) ==
          Folders{"apps"});
    CHECK(flux::appliedFolders(
              {{"c/a.yaml", kustomization("./apps", "podinfo") + "---\n" + kustomization("./gone")},
               app})
              .empty());
}

TEST_CASE("a Kustomization that is part of no stack leaves its folder to others") {
    const std::string remote = "resources: ['https://example.com/crds.yaml']\n";
    CHECK(flux::appliedFolders(
              {{"crds/kustomization.yaml", remote}, {"crds/flux.yaml", kustomization("./crds")}})
              .empty());
    CHECK(flux::appliedFolders({{"crds/kustomization.yaml", remote},
                                {"clusters/flux.yaml", kustomization("./crds")}}) ==
          Folders{"crds"});
}

TEST_CASE("a Kustomization without a path applies the whole repository") {
    CHECK(flux::appliedFolders({{"a/flux.yaml", kustomization("")}, {"b/c/a.yaml", map}}) ==
          Folders{".", "a", "b", "b/c"});
}

}  // namespace applied_folders_test
