#include "providers/catalog.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "parsers/graph/cause.hpp"
#include "providers/process/real_tool_runner.hpp"

using namespace driftkeeper;

TEST_CASE("the catalogue has the provider, its settings and its stacks") {
    const ProviderKind* kind = providerKind("kubernetes");
    REQUIRE(kind != nullptr);
    CHECK(std::ranges::find(kind->options, "field_manager", &OptionSpec::key) != kind->options.end());
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
            CHECK_MESSAGE(sentences.insert(howWeKnow(cause::outOfBand, kind->family)).second, kind->family);
    CHECK(families.size() == 5);
}
