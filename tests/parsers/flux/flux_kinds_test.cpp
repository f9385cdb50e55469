#include "parsers/flux/flux_kinds.hpp"

#include <doctest/doctest.h>

#include "tests/parsers/gitops/objects.hpp"

using namespace driftkeeper;
using namespace driftkeeper::flux;
using gitops::ObjectName;

TEST_CASE("the ids of an inventory name objects") {
    CHECK(inventoryName("default_web_apps_Deployment") ==
          ObjectName{"Deployment", "apps", "default", "web"});
    CHECK(inventoryName("default_cfg__ConfigMap") == ObjectName{"ConfigMap", "", "default", "cfg"});
    CHECK(inventoryName("_a__b_rbac.authorization.k8s.io_ClusterRole") ==
          ObjectName{"ClusterRole", "rbac.authorization.k8s.io", "", "a:b"});
    CHECK(inventoryName("_default__Namespace") == ObjectName{"Namespace", "", "", "default"});
    for (const char* text : {"", "a", "a_b", "a_b_c", "_"}) {
        CAPTURE(text);
        CHECK(inventoryName(text).kind.empty());
    }
}

TEST_CASE("only the objects of Flux are taken out of a text") {
    const auto documents = gitops::documentsOf(R"(
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: a}
---
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
---
apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Alert
metadata: {name: b}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: gitrepositories.source.toolkit.fluxcd.io}
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: "x
)",
                                               fluxObjects);
    REQUIRE(documents.objects.size() == 1);
    CHECK(gitops::nameOf(documents.objects[0]).type() == "GitRepository.source.toolkit.fluxcd.io");
    CHECK(documents.mistakes.size() == 1);
}

TEST_CASE("a look asks for what is declared and for its sources") {
    const auto declared = tests::objects(R"(
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: a, namespace: n}
spec: {sourceRef: {kind: Bucket, name: b, namespace: m}}
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: c, namespace: n}
spec: {chart: {spec: {chart: x, sourceRef: {kind: HelmRepository, name: h}}}}
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: d, namespace: n}
spec: {chartRef: {kind: OCIRepository, name: o}}
)");
    std::vector<std::string> resources;
    for (const auto& kind : kindsFor(declared)) resources.push_back(kind.resource());
    CHECK(resources == std::vector<std::string>{"ocirepositories.source.toolkit.fluxcd.io",
                                                "buckets.source.toolkit.fluxcd.io",
                                                "helmrepositories.source.toolkit.fluxcd.io",
                                                "kustomizations.kustomize.toolkit.fluxcd.io",
                                                "helmreleases.helm.toolkit.fluxcd.io"});
    CHECK(kindsFor({}, {{"Bucket.source.toolkit.fluxcd.io/n/b", "x"}}).size() == 1);
    CHECK(kindsFor({}).empty());
    CHECK(sourceOf(declared[0]).address() == "Bucket.source.toolkit.fluxcd.io/m/b");
    CHECK(sourceOf(declared[1]).address() == "HelmRepository.source.toolkit.fluxcd.io/n/h");
}

TEST_CASE("a folder with Flux objects is a stack of Flux") {
    const auto stacks =
        discoverFlux({{"clusters/a/x.yaml",
                       "apiVersion: source.toolkit.fluxcd.io/v1\nkind: "
                       "GitRepository\nmetadata: {name: a}\n"},
                      {"app/y.yaml",
                       "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: "
                       "toolkit.fluxcd.io}\n"}});
    REQUIRE(stacks.size() == 1);
    CHECK(stacks[0].path == "clusters/a");
    CHECK(stacks[0].provider == "flux");
}
