#include "providers/catalog.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "parsers/graph/cause.hpp"
#include "providers/process/real_tool_runner.hpp"
#include "providers/sources.hpp"

using namespace driftkeeper;

TEST_CASE("the catalogue has the provider, its settings and its stacks") {
    const ProviderKind* kind = providerKind("kubernetes");
    REQUIRE(kind != nullptr);
    CHECK(std::ranges::find(kind->options, "field_manager", &OptionSpec::key) !=
          kind->options.end());
    RealToolRunner runner;
    const ValueTags tags("test");
    CHECK(kind->make(runner, tags)->name() == "kubernetes");

    const std::vector<SourceFile> files = {{"app/kustomization.yaml", "resources: [../base]\n"},
                                           {"base/kustomization.yaml", "resources: []\n"}};
    for (const SourceFile& file : files) CHECK(isSourceFile(file.path));
    const auto stacks = discoverAll(files);
    REQUIRE(stacks.size() == 1);
    CHECK(stacks.front().path == "app");
    CHECK(stacks.front().provider == "kubernetes");
    CHECK(closureOf("kubernetes", "app", files) == std::vector<std::string>{"app", "base"});
}

TEST_CASE("every family of providers knows a live change by evidence of its own") {
    std::set<std::string_view> families;
    std::set<std::string_view> sentences{causeOf(cause::outOfBand)->meaning};
    for (const ProviderKind* const kind : providerKinds())
        if (families.insert(kind->family).second)
            CHECK_MESSAGE(sentences.insert(howWeKnow(cause::outOfBand, kind->family)).second,
                          kind->family);
    CHECK(families.size() == 5);
}

namespace {

const std::string queue = "Resources: {Q: {Type: 'AWS::SQS::Queue'}}";
const std::string service = "apiVersion: v1\nkind: Service\n";

std::vector<std::string> found(const std::vector<SourceFile>& files,
                               const WantedKinds& wanted = nullptr) {
    std::vector<std::string> all;
    for (const auto& one : discoverAll(files, wanted))
        all.push_back((one.name.empty() ? one.path : one.name) + " " + one.provider +
                      (one.leftOut.empty() ? "" : " " + one.leftOut));
    return all;
}

}  // namespace

TEST_CASE("every stack has a name of its own") {
    CHECK(found({{"net/vpc.yaml", queue},
                 {"net/vpc.json", queue},
                 {"net/vpc.template", queue},
                 {"net/main.tf", ""}}) ==
          std::vector<std::string>{"net terraform", "net/vpc cloudformation",
                                   "net/vpc@cloudformation cloudformation",
                                   "net/vpc@cloudformation-2 cloudformation"});
}

TEST_CASE("what lies below a hidden folder is left out") {
    CHECK(found({{".archive/app/svc.yaml", service}, {"a/.b/main.tf", ""}, {"c/main.tf", ""}}) ==
          std::vector<std::string>{".archive/app kubernetes hidden", "a/.b terraform hidden",
                                   "c terraform"});
}

TEST_CASE("what Flux or Argo CD applies is not looked at twice") {
    const std::vector<SourceFile> files = {
        {"clusters/apps.yaml",
         "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: a}\n"
         "spec: {path: ./apps, sourceRef: {kind: GitRepository, name: flux-system}}\n"},
        {"argo/a.yaml",
         "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\nspec: {source: "
         "{path: web}}\n"},
        {"apps/a.yaml", service},
        {"web/a.yaml", service},
        {"plain/a.yaml", service}};
    CHECK(found(files) == std::vector<std::string>{"apps kubernetes applied_by_flux", "argo argocd",
                                                   "clusters flux", "plain kubernetes",
                                                   "web kubernetes applied_by_argocd"});
    CHECK(found(files, [](const ProviderKind& kind) { return kind.name == "kubernetes"; }) ==
          std::vector<std::string>{"apps kubernetes", "plain kubernetes", "web kubernetes"});
}

TEST_CASE("only texts that may say something are kept, up to their sum") {
    for (const auto* path : {"a/kustomization.yaml", "a/Chart.yaml", "a/main.tf.json", "a/main.tf"})
        CHECK(maySaySomething(path, "x"));
    for (const auto* path : {"a/values.yaml", "a/package.json"})
        CHECK_FALSE(maySaySomething(path, "x"));
    CHECK(maySaySomething("a/x.yaml", service));
    CHECK(maySaySomething("a/x.json", queue));

    SourceCollector collector;
    CHECK_FALSE(
        collector.take("fixtures.json", std::string(SourceCollector::largestFile + 1, 'x')));
    for (int n = 0; n < 17; ++n)
        CHECK(collector.take("f" + std::to_string(n) + ".tf",
                             std::string(SourceCollector::largestFile, ' ')));
    CHECK(collector.sources().files.size() == 18);
    CHECK(collector.sources().leftOut == std::vector<LeftOut>{{"f16.tf", "over_budget"}});
}
