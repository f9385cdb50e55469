#include "parsers/flux/applied_folders.hpp"

#include <doctest/doctest.h>

#include "parsers/flux/flux_kinds.hpp"

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

TEST_CASE("a path with variables means every folder that fits it") {
    const std::string open =
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: "
        "a}\nspec: {path: './apps/web/${ENV}/c-${CLUSTER}'}\n";
    CHECK(flux::appliedFolders({{"clusters/a.yaml", open},
                                {"clusters/b.yaml", kustomization("./apps/db")},
                                {"apps/db/a.yaml", map},
                                {"apps/web/prod/c-00/a.yaml", map},
                                {"apps/web/test/c-01/a.yaml", map},
                                {"apps/web/test/other/a.yaml", map},
                                {"apps/web/c-00/a.yaml", map}}) ==
          Folders{"apps/db", "apps/web/prod/c-00", "apps/web/test/c-01"});
    CHECK(flux::appliedFolders({{"c/a.yaml", kustomization("'./${ENV}'")}, {"x/a.yaml", map}})
              .empty());
}

TEST_CASE("a Kustomization of an artifact applies the folders that the artifact is made of") {
    const std::string artifacts =
        "apiVersion: source.extensions.fluxcd.io/v1beta1\nkind: ArtifactGenerator\nmetadata: "
        "{name: "
        "flux-system}\nspec:\n  sources: [{alias: repo, kind: GitRepository, name: flux-system}]\n"
        "  artifacts:\n  - name: infra\n    copy: [{from: '@repo/infrastructure/**', to: "
        "'@artifact/'}]\n  - name: apps\n    copy: [{from: '@repo/apps/base/**', to: "
        "'@artifact/base/'}, {from: '@repo/apps/prod/**', to: '@artifact/prod/'}]\n";
    CHECK(
        flux::appliedFolders(
            {{"clusters/artifacts.yaml", artifacts},
             {"clusters/apps.yaml", kustomization("./prod", "apps", "ExternalArtifact") + "---\n" +
                                        kustomization("./configs", "infra", "ExternalArtifact")},
             {"other/artifacts.yaml",
              "apiVersion: source.extensions.fluxcd.io/v1beta1\nkind: ArtifactGenerator\nmetadata: "
              "{name: b}\nspec: {artifacts: [{name: apps, copy: [{from: '@repo/apps/test/**', to: "
              "'@artifact/test/'}]}]}\n"},
             {"other/apps.yaml", kustomization("./test", "apps", "ExternalArtifact")},
             {"apps/test/a.yaml", map},
             {"apps/prod/kustomization.yaml", "resources: [../base]\n"},
             {"apps/base/kustomization.yaml", "resources: [a.yaml]\n"},
             {"apps/base/a.yaml", map},
             {"infrastructure/configs/a.yaml", map},
             {"infrastructure/other/a.yaml", map}}) ==
        Folders{"apps/base", "apps/prod", "apps/test", "infrastructure/configs"});
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

TEST_CASE("a Flux object with a mistake is still one") {
    const auto stacks =
        flux::discoverFlux({{"a/flux.yaml", kustomization("./x") + "\tno: yaml\n"}});
    REQUIRE(stacks.size() == 1);
    CHECK(stacks[0].path == "a");
}

}  // namespace applied_folders_test
