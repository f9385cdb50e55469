#include "parsers/gitops/declared_object.hpp"

#include <doctest/doctest.h>

#include <string>

#include "parsers/gitops/declared_fields.hpp"
#include "parsers/graph/cause.hpp"
#include "tests/parsers/gitops/objects.hpp"

using namespace driftkeeper;
using namespace driftkeeper::gitops;

namespace declared_object_test {
namespace {

const ValueTags tags("test");
const std::string head =
    "{apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, metadata: {name: a, namespace: "
    "b}, ";

Json declaredSpec(const std::string& spec) {
    return tests::object(head + "spec: " + spec + "}");
}

std::vector<AttributeDrift> attributes(const std::string& git, const std::string& live) {
    std::vector<AttributeDrift> all;
    for (const auto& difference : differencesOf(declaredSpec(git), declaredSpec(live), tags))
        all.push_back(difference.attribute);
    return all;
}

Json inGit() {
    return declaredSpec("{interval: 5m}");
}

Json liveObject(const std::string& interval, const std::string& manager) {
    return tests::object(
        "{apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, metadata: {name: a, namespace: "
        "b, "
        "managedFields: [{manager: " +
        manager +
        ", operation: Update, time: '2026-11-22T10:00:00Z', fieldsV1: {'f:spec': "
        "{'f:interval': {}}}}]}, spec: {interval: " +
        interval + "}}");
}

std::vector<Drift> compared(const Json* live, const Rendered* lastClean) {
    Divergences divergences;
    compareDeclared(inGit(), live, nameOf(inGit()), lastClean, tags, divergences);
    return divergences.drifts({});
}

}  // namespace

TEST_CASE("declared fields are compared, what is beyond them is not") {
    CHECK(attributes("{interval: 5m}", "{interval: 5m0s, timeout: 1m}").empty());
    CHECK(attributes("{retries: 1}", "{retries: 1.0}").empty());
    CHECK(attributes("{path: '${root}/x'}", "{path: ./a/x}").empty());
    const auto found = attributes("{path: ./a, dependsOn: [{name: x}], list: [1]}",
                                  "{path: ./b, dependsOn: [{name: y, more: 1}], list: [1, 2]}");
    REQUIRE(found.size() == 3);
    CHECK(found[0].path == "spec.dependsOn[0].name");
    CHECK(found[1].path == "spec.list");
    CHECK(found[2] == AttributeDrift{"spec.path", R"("./a")", R"("./b")"});
    CHECK(attributes("{path: ./a}", "{}").front().live == "null");
}

TEST_CASE("labels and annotations that Git declares count") {
    const auto wanted =
        tests::object("{metadata: {labels: {team: a}, annotations: {x.io/y: '1'}}}");
    const auto found =
        differencesOf(wanted, tests::object("{metadata: {labels: {team: b, more: c}}}"), tags);
    REQUIRE(found.size() == 2);
    CHECK(found[0].attribute.path == R"(metadata.annotations["x.io/y"])");
    CHECK(found[1].attribute == AttributeDrift{"metadata.labels.team", R"("a")", R"("b")"});
}

TEST_CASE("values of Helm, patches, substitutions and secret-looking fields never leave") {
    for (const std::string place :
         {"values: {db: {pass: V}}", "values: V", "postBuild: {substitute: {x: V}}",
          "patches: [{patch: V}]", "source: {helm: {valuesObject: {a: V}}}",
          "source: {helm: {parameters: [{name: a, value: V}]}}", "accessToken: V",
          "nested: {list: [{password: V}]}"}) {
        std::string a = place;
        std::string b = place;
        a.replace(a.find('V'), 1, "canary-one");
        b.replace(b.find('V'), 1, "canary-two");
        CAPTURE(place);
        const auto found = attributes("{" + a + "}", "{" + b + "}");
        REQUIRE(found.size() == 1);
        CHECK(found[0].sensitive);
        CHECK(found[0].git.starts_with(R"({"redacted":"hmac:)"));
        CHECK((found[0].git + found[0].live).find("canary") == std::string::npos);
        CHECK(found[0].git != found[0].live);
    }
    const auto url = attributes("{url: 'https://u:canary@h/x'}", "{url: 'https://u:canary@h/y'}");
    CHECK(url.front().git.starts_with("\"https://u:hmac:"));
    CHECK(url.front().git.ends_with("@h/x\""));
    const auto token = attributes("{a: {token: canary}}", "{a: 1}");
    CHECK(token.front().git.starts_with(R"({"token":{"redacted":"hmac:)"));
}

TEST_CASE("what is missing was deleted when it was there, and waits otherwise") {
    const Rendered knew = {{"HelmRelease.helm.toolkit.fluxcd.io/b/a", "any"}};
    const auto gone = compared(nullptr, &knew);
    REQUIRE(gone.size() == 1);
    CHECK(gone[0].side == Side::Live);
    CHECK(gone[0].change == Change::Deleted);
    CHECK(gone[0].cause == cause::outOfBand);
    const auto coming = compared(nullptr, nullptr);
    CHECK(coming[0].side == Side::Git);
    CHECK(coming[0].change == Change::Created);
    CHECK(coming[0].cause == cause::unappliedCommit);
}

TEST_CASE("who wrote a field, and whether Git moved, says which side moved") {
    const Rendered same = {{"HelmRelease.helm.toolkit.fluxcd.io/b/a", digestOf(inGit(), tags)}};
    const Rendered other = {{"HelmRelease.helm.toolkit.fluxcd.io/b/a", "hmac:other"}};
    struct Row {
        const char* manager;
        const Rendered* lastClean;
        Side side;
    };
    for (const auto& [manager, lastClean, side] :
         {Row{"kubectl-edit", &same, Side::Live}, Row{"kubectl-edit", nullptr, Side::Live},
          Row{"kustomize-controller", &same, Side::Live},
          Row{"kustomize-controller", &other, Side::Git},
          Row{"kustomize-controller", nullptr, Side::Git}}) {
        const auto live = liveObject("9m", manager);
        const auto drifts = compared(&live, lastClean);
        CAPTURE(manager);
        REQUIRE(drifts.size() == 1);
        CHECK(drifts[0].side == side);
        CHECK(drifts[0].changedBy ==
              (std::string(manager) == "kubectl-edit" ? "kubectl-edit, 2026-11-22T10:00:00Z" : ""));
    }
    const auto live = liveObject("5m0s", "anybody");
    CHECK(compared(&live, nullptr).empty());
}

TEST_CASE("what was applied and is not there any more was taken away, whoever left no trace") {
    const auto sideWith = [](const std::string& noted) {
        const Json live = tests::object(
            "{apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, metadata: {name: a, "
            "namespace: b, annotations: {kubectl.kubernetes.io/last-applied-configuration: '" +
            noted + "'}}, spec: {}}");
        const auto drifts = compared(&live, nullptr);
        REQUIRE(drifts.size() == 1);
        return drifts[0].side;
    };
    CHECK(sideWith(R"({"spec":{"interval":"5m"}})") == Side::Live);
    CHECK(sideWith(R"({"spec":{"interval":"1m"}})") == Side::Git);
    CHECK(sideWith(R"({"spec":{}})") == Side::Git);
    CHECK(sideWith("no JSON") == Side::Git);
}

TEST_CASE("a field that Git leaves open is live's when a person set it") {
    const auto opened = [](const std::string& spec, const std::string& managed) {
        const Json live = tests::object(
            "{apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, metadata: {name: a, "
            "namespace: b, creationTimestamp: '1', annotations: {argocd.argoproj.io/refresh: x, "
            "argocd.argoproj.io/skip-reconcile: 'true'}, managedFields: [" +
            managed + "]}, spec: " + spec + "}");
        std::vector<std::string> paths;
        for (const Drift& drift : compared(&live, nullptr))
            for (const AttributeDrift& attribute : drift.attributes)
                paths.push_back(attribute.path);
        return paths;
    };
    const std::string byHand =
        "{manager: kubectl-patch, operation: Update, time: '2', fieldsV1: {'f:spec': {'f:prune': "
        "{}, 'f:policy': {'f:force': {}}}, 'f:metadata': {'f:annotations': "
        "{'f:argocd.argoproj.io/skip-reconcile': {}, 'f:argocd.argoproj.io/refresh': {}}}}}";
    CHECK(opened("{interval: 5m, prune: true, policy: {force: true}, timeout: 1m}", byHand) ==
          std::vector<std::string>{R"(metadata.annotations["argocd.argoproj.io/skip-reconcile"])",
                                   "spec.policy", "spec.prune"});
    CHECK(opened("{interval: 5m, prune: false}", byHand).size() == 1);
    for (const char* writer : {"manager: kustomize-controller, operation: Apply, time: '2'",
                               "manager: image-updater, operation: Update, time: '2'",
                               "manager: terraform-provider-x, operation: Update, time: '2'",
                               "manager: some-client, operation: Update, time: '1'"}) {
        CAPTURE(writer);
        CHECK(opened("{interval: 5m, prune: true}",
                     "{" + std::string(writer) + ", fieldsV1: {'f:spec': {'f:prune': {}}}}")
                  .empty());
    }
    CHECK(opened("{interval: 5m, suspend: true}", "") == std::vector<std::string>{"spec.suspend"});
}

TEST_CASE("what Git leaves open is seen inside of lists, and an empty object is not nothing") {
    const auto open = [](const std::string& git, const std::string& live) {
        std::vector<std::string> paths;
        for (const auto& found : openFieldsOf(declaredSpec(git), declaredSpec(live), tags))
            paths.push_back(found.attribute.path);
        return paths;
    };
    using Paths = std::vector<std::string>;
    CHECK(open("{sources: [{path: a}]}", "{sources: [{path: a, helm: {parameters: [1]}}]}") ==
          Paths{"spec.sources[0].helm"});
    CHECK(open("{generators: [{merge: {generators: [{git: {}}]}}]}",
               "{generators: [{merge: {generators: [{git: {}, clusters: {}}]}}]}") ==
          Paths{"spec.generators[0].merge.generators[0].clusters"});
    CHECK(open("{syncPolicy: {retry: 1}}", "{syncPolicy: {retry: 1, automated: {}}}") ==
          Paths{"spec.syncPolicy.automated"});
    CHECK(open("{a: [1]}", "{a: [1, 2], b: [], c: false}").empty());
}

TEST_CASE("an object that moved on both sides is one conflict") {
    Divergences divergences;
    const ObjectName name{"Application", "argoproj.io", "a", "b"};
    divergences.add(name, {Side::Live, Change::Deleted, {}, "one"});
    divergences.add(name, {Side::Git, Change::Modified, {}, "two"});
    const auto drifts = divergences.drifts({});
    REQUIRE(drifts.size() == 1);
    CHECK(drifts[0].side == Side::Both);
    CHECK(drifts[0].cause == cause::conflict);
    CHECK(drifts[0].liveChange == Change::Deleted);
    CHECK(drifts[0].gitChange == Change::Modified);
    CHECK(drifts[0].note == "one; two");
}

}  // namespace declared_object_test
