#include "parsers/gitops/ignore_rules.hpp"

#include <doctest/doctest.h>

#include "tests/parsers/gitops/objects.hpp"

using namespace driftkeeper;
using namespace driftkeeper::gitops;

namespace ignore_rules_test {
namespace {

const ObjectName shop{"Application", "argoproj.io", "argocd", "shop"};

bool covers(const std::string& spec, const FieldPath& path, const std::string& live = "{a: 1}") {
    IgnoreRules rules;
    rules.add(tests::object("{spec: " + spec + "}"), shop);
    return rules.covers(path, tests::object(live));
}

}  // namespace

TEST_CASE("a rule names a field by pointer or expression, and all that is inside of it") {
    const FieldPath automated = {"spec", "syncPolicy", "automated", "prune"};
    struct Row {
        const char* rule;
        bool isCovered;
    };
    for (const auto& [rule, isCovered] : {
             Row{"jsonPointers: [/spec/syncPolicy/automated]", true},
             Row{"jsonPointers: [/spec/syncPolicy/automated/prune]", true},
             Row{"jsonPointers: [/spec/syncPolicy/automated/prune/x]", false},
             Row{"jsonPointers: [/spec/source]", false},
             Row{"jqPathExpressions: ['.spec.syncPolicy']", true},
             Row{"jqPathExpressions: ['.spec.\"syncPolicy\".automated']", true},
             Row{"jqPathExpressions: ['.spec[\"syncPolicy\"]']", true},
             Row{"jqPathExpressions: ['.spec | select(.x)']", false},
             Row{"jqPathExpressions: ['.spec.sources[]']", false},
             Row{"kind: Application, jsonPointers: [/spec]", true},
             Row{"group: '*', kind: Deployment, jsonPointers: [/spec]", false},
             Row{"name: other, jsonPointers: [/spec]", false},
         }) {
        CAPTURE(rule);
        CHECK(covers("{ignoreDifferences: [{" + std::string(rule) + "}]}", automated) == isCovered);
        CHECK(covers("{ignoreApplicationDifferences: [{" + std::string(rule) + "}]}", automated) ==
              isCovered);
    }
    CHECK(covers("{ignoreDifferences: [{jqPathExpressions: ['.spec.sources[].path']}]}",
                 {"spec", "sources", "", "path"}));
    CHECK(covers("{ignoreDifferences: [{jsonPointers: [/metadata/annotations/a~1b]}]}",
                 {"metadata", "annotations", "a/b"}));
}

TEST_CASE("Flux names fields and the objects that they are of") {
    CHECK(covers("{ignore: [{paths: [/spec/suspend]}]}", {"spec", "suspend"}));
    CHECK(
        covers("{ignore: [{paths: [/spec/suspend], target: {name: 'sh*'}}]}", {"spec", "suspend"}));
    CHECK_FALSE(covers("{ignore: [{paths: [/spec/suspend], target: {kind: HelmRelease}}]}",
                       {"spec", "suspend"}));
}

TEST_CASE("a manager whose fields do not count") {
    const std::string live =
        "{metadata: {managedFields: [{manager: hpa, operation: Update, fieldsV1: {'f:spec': "
        "{'f:replicas': {}}}}]}}";
    const std::string rule = "{ignoreDifferences: [{managedFieldsManagers: [hpa]}]}";
    CHECK(covers(rule, {"spec", "replicas"}, live));
    CHECK_FALSE(covers(rule, {"spec", "image"}, live));
}

}  // namespace ignore_rules_test
