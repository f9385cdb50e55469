#include "parsers/kubernetes/discovery.hpp"

#include <doctest/doctest.h>

#include <ctime>

using namespace driftkeeper;
using namespace driftkeeper::kubernetes;

namespace discovery_test {
namespace {

const std::string map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";

std::vector<std::string> paths(const std::vector<SourceFile>& files) {
    std::vector<std::string> result;
    for (const DiscoveredStack& stack : discoverStacks(files))
        if (stack.leftOut.empty()) result.push_back(stack.path);
    return result;
}

using Paths = std::vector<std::string>;

}  // namespace

TEST_CASE("a folder with manifests is a stack, one without is none") {
    CHECK(paths({{"a/x.yaml", map},
                 {"a/b/y.yml", "---\n" + map},
                 {"c/values.yaml", "replicas: 1\n"},
                 {".github/workflows/ci.yaml", "on: push\n"},
                 {"d/.tool.yaml", map},
                 {"top.json", R"({"apiVersion": "v1", "kind": "Secret"})"}}) ==
          Paths{".", "a", "a/b"});
}

TEST_CASE("only kustomizations that no other one uses are stacks, with all that they reach") {
    const std::vector<SourceFile> files = {
        {"base/kustomization.yaml", "resources: [map.yaml]\n"},
        {"base/map.yaml", map},
        {"parts/kustomization.yaml", "kind: Component\n"},
        {"overlays/prod/kustomization.yaml",
         "resources: [../../base, ./extra]\npatches: [{path: patch.yaml}]\ncomponents: "
         "[../../parts]\n"},
        {"overlays/prod/extra/kustomization.yml", "resources: []\n"},
        {"overlays/prod/patch.yaml", map},
        {"overlays/test/Kustomization", "bases: [../../base]\n"},
        {"remote/kustomization.yaml", "resources: ['https://example.com/x?ref=1']\n"},
    };
    CHECK(paths(files) == Paths{"overlays/prod", "overlays/test", "remote"});
    CHECK(closureOf("overlays/prod", files) == Paths{"base", "base/map.yaml", "overlays/prod",
                                                     "overlays/prod/extra",
                                                     "overlays/prod/patch.yaml", "parts"});
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
                 {"lib/Chart.yaml", "apiVersion: v2\nname: l\ntype: library\n"}}) ==
          Paths{"chart"});
}

TEST_CASE("what only Flux or Argo CD read is theirs") {
    const std::string flux = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n";
    const std::string argo = "apiVersion: argoproj.io/v1alpha1\nkind: Application\n";
    CHECK(paths({{"flux/a.yaml", flux},
                 {"argo/a.yaml", argo},
                 {"mixed/a.yaml", flux + "---\n" + map}}) == Paths{"mixed"});
    CHECK(paths({{"k/kustomization.yaml", "resources: [a.yaml]\n"}, {"k/a.yaml", flux}}).empty());
}

TEST_CASE("only members that name files make a folder part of a kustomization") {
    const std::vector<SourceFile> files = {
        {"apps/kustomization.yaml",
         "namespace: shop\nnamePrefix: web\ncommonLabels: {team: pay}\nimages: [{name: db, "
         "newName: x/db}]\n"
         "resources: [ns.yaml]\npatches: [{path: patches/p.yaml, target: {name: target}}]\n"
         "configMapGenerator: [{name: generated, literals: [a=literal], files: "
         "[key=files/x.yaml]}]\n"},
        {"apps/ns.yaml", map},
        {"apps/shop/a.yaml", map},
        {"apps/web/a.yaml", map},
        {"apps/pay/a.yaml", map},
        {"apps/db/a.yaml", map},
        {"apps/target/a.yaml", map},
        {"apps/generated/a.yaml", map},
        {"apps/literal/a.yaml", map},
        {"apps/files/x.yaml", map},
        {"apps/patches/p.yaml", map},
    };
    CHECK(paths(files) == Paths{"apps", "apps/db", "apps/generated", "apps/literal", "apps/pay",
                                "apps/shop", "apps/target", "apps/web"});
    CHECK(closureOf("apps", files) ==
          Paths{"apps", "apps/files/x.yaml", "apps/ns.yaml", "apps/patches/p.yaml"});
}

TEST_CASE("a reference of Git is no folder of that name") {
    const std::vector<SourceFile> files = {
        {"app/kustomization.yaml", "resources: ['https://example.com/app//deploy?ref=main']\n"},
        {"app/main/ns.yaml", map},
        {"ssh/kustomization.yaml", "resources: ['git@example.com:app.git?ref=v1=2']\n"},
    };
    CHECK(paths(files) == Paths{"app", "app/main", "ssh"});
}

TEST_CASE("of a chart are its own folders, and nothing else below it") {
    CHECK(paths({{"Chart.yaml", "apiVersion: v2\nname: x\n"},
                 {"values.yaml", "a: 1\n"},
                 {"templates/web.yaml", map},
                 {"crds/crd.yaml", map},
                 {"ci/values.yaml", map},
                 {"charts/sub/Chart.yaml", "apiVersion: v2\nname: y\n"},
                 {"charts/sub/examples/a.yaml", map},
                 {"deploy/prod/kustomization.yaml", "resources: [ns.yaml]\n"},
                 {"deploy/prod/ns.yaml", map},
                 {"deploy/plain/ns.yaml", map}}) == Paths{".", "deploy/plain", "deploy/prod"});
}

TEST_CASE(
    "objects of the reconcilers' groups that their providers do not look at are Kubernetes'") {
    const auto object = [](const std::string& version, const std::string& kind) {
        return "apiVersion: " + version + "\nkind: " + kind + "\nmetadata: {name: a}\n";
    };
    CHECK(paths({{"a/a.yaml", object("argoproj.io/v1alpha1", "Rollout")},
                 {"b/a.yaml", object("argoproj.io/v1alpha1", "CronWorkflow")},
                 {"c/a.yaml", object("argoproj.io/v1alpha1", "ApplicationSet")},
                 {"d/a.yaml", object("notification.toolkit.fluxcd.io/v1beta3", "Alert")},
                 {"e/a.yaml", object("image.toolkit.fluxcd.io/v1beta2", "ImagePolicy")},
                 {"f/a.yaml", object("source.toolkit.fluxcd.io/v1", "OCIRepository")},
                 {"g/kustomization.yaml", "resources: [a.yaml]\n"},
                 {"g/a.yaml", object("argoproj.io/v1alpha1", "Sensor")}}) ==
          Paths{"a", "b", "d", "e", "g"});
}

TEST_CASE("what lies beside a kustomization and is not used by it does not say whose it is") {
    const std::string flux = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n";
    CHECK(paths({{"crds/kustomization.yaml", "resources: [https://example.com/crds.yaml]\n"},
                 {"crds/flux.yaml", flux},
                 {"only/kustomization.yaml", "resources: [flux.yaml]\n"},
                 {"only/flux.yaml", flux},
                 {"only/map.yaml", map},
                 {"half/kustomization.yaml", "resources: [flux.yaml, gone.yaml]\n"},
                 {"half/flux.yaml", flux}}) == Paths{"crds", "half"});
}

TEST_CASE("files of other tools and templates of other programs are no manifests") {
    const auto file = [](const std::string& version, const std::string& kind) {
        return "apiVersion: " + version + "\nkind: " + kind + "\n";
    };
    CHECK(paths({{"catalog-info.yaml", file("backstage.io/v1alpha1", "Component")},
                 {"a/kind.yaml", file("kind.x-k8s.io/v1alpha4", "Cluster")},
                 {"b/skaffold.yaml", file("skaffold/v4beta11", "Config")},
                 {"c/cluster.yaml", file("eksctl.io/v1alpha5", "ClusterConfig")},
                 {"d/kubeconfig.yaml", file("v1", "Config")},
                 {"e/kubelet.yaml", file("kubelet.config.k8s.io/v1beta1", "KubeletConfiguration")},
                 {"f/provisioning.yaml", file("1", "Datasource")},
                 {"g/builtin.yaml", file("builtin", "PatchTransformer")},
                 {"h/patch.yaml", file("kustomize.config.k8s.io/v1beta1", "Component")},
                 {"i/svc.yaml", map + "data:\n  name: {{ .Name }}\n"},
                 {"j/svc.yaml", "{% if web %}\n" + map + "{% endif %}\n"},
                 {"k/svc.yaml", map + "---\n" + map + "{{- range .Values }}\n"},
                 {"l/rule.yaml", map + "data: {text: \"{{ $labels.pod }} is down\"}\n"},
                 {"m/job.yaml", file("batch/v1", "Job")},
                 {"n/custom.yaml", file("example.org/v1", "Config")},
                 {"o/template.yaml", file("scaffolder.backstage.io/v1beta3", "Template")},
                 {"p/install-config.yaml", file("v1", "InstallConfig")},
                 {"q/policy.yaml", file("policy.open-cluster-management.io/v1", "PolicyGenerator")},
                 {"r/list.yaml", file("v1", "ConfigMapList")}}) == Paths{"l", "m", "n", "r"});
}

TEST_CASE("templates that are YAML are known by names that no object has, and are said") {
    const auto named = [](const std::string& name) {
        return "apiVersion: v1\nkind: Service\nmetadata:\n  name: " + name + "\n";
    };
    std::vector<SourceFile> files;
    int at = 0;
    for (const char* name : {"'{{ .Name }}'", "${NAME}", "[[ .Name ]]", "#@ data.values.name",
                             "<%= name %>", "{{ .Name }}", "plain # [[ no template ]]"})
        files.push_back({"a" + std::to_string(at++) + "/x.yaml", named(name)});
    files.push_back({"b/x.yaml", map + "data: {x: '${NAME}', y: '[[ -f x ]]'}\n"});
    CHECK(paths(files) == Paths{"a6", "b"});
    const auto all = discoverStacks(files);
    CHECK(all.size() == files.size());
    CHECK(all.front().leftOut == "template");
}

TEST_CASE("a chart whose Chart.yaml has a mistake is one") {
    CHECK(paths({{"c/Chart.yaml", "apiVersion: v2\nname: [\n"}, {"c/templates/a.yaml", map}}) ==
          Paths{"c"});
}

TEST_CASE("keys may stand in quotes, and the whole document further in") {
    CHECK(paths({{"a/x.yaml", "\"apiVersion\": \"v1\"\n\"kind\": \"Service\"\n"},
                 {"b/x.yaml", "'kind' : 'Service'\n'apiVersion' : v1 # the first\n"},
                 {"c/x.yaml", "  # further in\n  apiVersion: v1\n  kind: Service\n"},
                 {"d/x.yaml", "values:\n  apiVersion: v1\n  kind: Service\n"},
                 {"e/x.yaml", "\xEF\xBB\xBF" + map},
                 {"f/x.yaml", "!!map\napiVersion: !!str v1\nkind: &k Service\n"}}) ==
          Paths{"a", "b", "c", "e", "f"});
}

TEST_CASE("discovery costs as much as there is to read") {
    std::vector<SourceFile> files;
    for (int n = 0; n < 800; ++n) {
        const std::string app = "apps/a" + std::to_string(n);
        files.push_back({app + "/base/kustomization.yaml", "resources: [a.yaml, b.yaml]\n"});
        files.push_back({app + "/base/a.yaml", map});
        files.push_back({app + "/base/b.yaml", map});
        for (const auto* stage : {"/dev", "/prod", "/test"})
            files.push_back({app + stage + "/kustomization.yaml", "resources: [../base]\n"});
    }
    const auto began = std::clock();
    CHECK(discoverStacks(files).size() == 2400);
    CHECK(static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC <
          20);  // a quadratic one: minutes here
}

}  // namespace discovery_test
