#include "parsers/argocd/applied_folders.hpp"

#include <doctest/doctest.h>

#include "parsers/argocd/argocd_kinds.hpp"

namespace applied_folders_test {
using namespace driftkeeper;
using Folders = std::set<std::string>;

namespace {

const std::string map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";
const std::string head = "apiVersion: argoproj.io/v1alpha1\nmetadata: {name: a}\n";

}  // namespace

TEST_CASE("Argo CD applies the folders that its Applications name") {
    CHECK(
        argocd::appliedFolders(
            {{"argo/a.yaml",
              head + "kind: Application\nspec: {source: {repoURL: x, path: apps/web}}\n"},
             {"argo/b.yaml",
              head +
                  "kind: Application\nspec: {sources: [{path: ./deep, directory: {recurse: true}}, "
                  "{chart: redis, path: gone}]}\n"},
             {"argo/c.yaml", head + "kind: AppProject\nspec: {source: {path: other}}\n---\n" + map},
             {"apps/web/a.yaml", map},
             {"apps/web/below/a.yaml", map},
             {"deep/a.yaml", map},
             {"deep/below/a.yaml", map},
             {"elsewhere/a.yaml", map}}) == Folders{"apps/web", "deep", "deep/below"});
}

TEST_CASE("an ApplicationSet applies the directories of its Git generators") {
    const std::string set = head +
                            "kind: ApplicationSet\nspec:\n  generators:\n    - matrix: "
                            "{generators: [{git: {directories: "
                            "[{path: apps/*}, {path: 'all/**/prod'}, {path: apps/old, exclude: "
                            "true}]}}, {clusters: {}}]}"
                            "\n  template: {spec: {source: {path: '{{path}}'}}}\n";
    CHECK(argocd::appliedFolders({{"argo/set.yaml", set},
                                  {"apps/web/a.yaml", map},
                                  {"apps/old/a.yaml", map},
                                  {"apps/deep/er/a.yaml", map},
                                  {"all/a/b/prod/a.yaml", map},
                                  {"all/prod/a.yaml", map},
                                  {"all/test/a.yaml", map}}) ==
          Folders{"all/a/b/prod", "all/prod", "apps/deep", "apps/web"});
    const auto ofList = [](const std::string& generator) {
        return head + "kind: ApplicationSet\nspec:\n  generators: [" + generator +
               "]\n  template: {spec: {source: {path: 'envs/{{name}}/web'}}}\n";
    };
    const std::vector<SourceFile> envs = {{"envs/prod/web/a.yaml", map},
                                          {"envs/prod/db/a.yaml", map}};
    const auto applied = [&](const std::string& generator) {
        auto files = envs;
        files.push_back({"argo/set.yaml", ofList(generator)});
        return argocd::appliedFolders(files);
    };
    CHECK(applied("{list: {elements: [{name: prod}]}}") == Folders{"envs/prod/web"});
    CHECK(applied("{git: {directories: [{path: none/*}]}}").empty());
}

TEST_CASE("an Application with a mistake is still one") {
    const auto stacks =
        argocd::discoverArgo({{"a/app.yaml", head + "kind: Application\nspec: {\n"}});
    REQUIRE(stacks.size() == 1);
    CHECK(stacks[0].path == "a");
}

}  // namespace applied_folders_test
