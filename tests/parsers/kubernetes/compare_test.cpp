#include "parsers/kubernetes/compare.hpp"
#include "parsers/json/json.hpp"

#include <doctest/doctest.h>

#include "parsers/graph/cause.hpp"

using namespace driftkeeper;
using namespace driftkeeper::kubernetes;

namespace compare_test {
namespace {

const ValueTags tags("test");

Object object(std::string_view spec, std::string_view more = "") {
    return objectFrom(
        *readJson(
            R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d","namespace":"n")" +
            std::string(more) + R"(},"spec":)" + std::string(spec) + "}"),
        tags);
}

std::string managed(std::string_view manager, std::string_view operation, std::string_view fields,
                    std::string_view time = "1") {
    return R"({"manager":")" + std::string(manager) + R"(","operation":")" +
           std::string(operation) + R"(","time":")" + std::string(time) + R"(","fieldsV1":)" +
           std::string(fields) + "}";
}

std::string noted(std::string_view spec) {
    std::string text =
        R"(,"annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{\"spec\":)";
    for (const char letter : spec)
        text += letter == '"' ? std::string("\\\"") : std::string(1, letter);
    return text + "}\"}";
}

}  // namespace

TEST_CASE(
    "the side of a field: by the last clean look, else by what was applied, else by who owns it") {
    const std::string byHand = managed("kubectl-edit", "Update", R"({"f:spec":{"f:a":{}}})", "2");
    const std::string applied = managed("kubectl", "Apply", R"({"f:spec":{"f:a":{}}})");
    struct Row {
        const char* what;
        std::string live, git, more;
        GitSince since;
        Side side;
    };
    for (const Row& row : {
             Row{"Git did not move", R"({"a":1})", R"({"a":2})", "", GitSince::Unchanged,
                 Side::Live},
             Row{"noted: Git moved", R"({"a":1})", R"({"a":2})", noted(R"({"a":1})"),
                 GitSince::Unknown, Side::Git},
             Row{"noted: live moved", R"({"a":3})", R"({"a":1})", noted(R"({"a":1})"),
                 GitSince::Changed, Side::Live},
             Row{"noted: both moved", R"({"a":3})", R"({"a":2})", noted(R"({"a":1})"),
                 GitSince::Unknown, Side::Both},
             Row{"noted: new in Git", R"({})", R"({"a":2})", noted(R"({"b":1})"), GitSince::Unknown,
                 Side::Git},
             Row{"the applier still has it", R"({"a":1})", R"({"a":2})",
                 ",\"managedFields\":[" + applied + "]", GitSince::Unknown, Side::Git},
             Row{"another one has it", R"({"a":3})", R"({"a":1})",
                 ",\"managedFields\":[" + byHand + "]", GitSince::Unknown, Side::Live},
             Row{"another one has it, Git moved", R"({"a":3})", R"({"a":2})",
                 ",\"managedFields\":[" + byHand + "]", GitSince::Changed, Side::Both},
             Row{"nobody has it, nobody else wrote", R"({})", R"({"a":2})",
                 ",\"managedFields\":[" + applied + "]", GitSince::Unknown, Side::Git},
             Row{"nobody has it, somebody wrote later", R"({})", R"({"a":2})",
                 ",\"managedFields\":[" + applied + "," +
                     managed("k9s", "Update", R"({"f:spec":{"f:b":{}}})", "2") + "]",
                 GitSince::Unknown, Side::Unknown},
         }) {
        CAPTURE(row.what);
        const Object git = object(row.git), live = object(row.live, row.more);
        const auto drifts = compare({git, live, nullptr, "kubectl", row.since}, tags);
        REQUIRE(drifts.size() >= 1);
        CHECK(drifts.front().side == row.side);
        CHECK_FALSE(isNoise(drifts.front().cause));
    }
}

TEST_CASE("what the server adds where Git is silent is noise") {
    const Object git = object(R"({"a":1})"), live = object(R"({"a":1})");
    const Object applied = object(R"({"a":1,"b":2,"containers":[{"name":"proxy"}]})");
    const auto drifts = compare({git, live, &applied, "kubectl"}, tags);
    REQUIRE(drifts.size() == 1);
    CHECK(drifts.front().cause == cause::defaulted);
}

TEST_CASE("real differences come before noise, each kind of noise once") {
    const Object git = object(R"({"a":1,"replicas":2,"resources":{"cpu":"1000m"}})");
    const Object live = object(R"({"a":2,"replicas":5,"resources":{"cpu":"1"}})");
    const auto drifts = compare({git, live, nullptr, "kubectl", GitSince::Unchanged, true}, tags);
    REQUIRE(drifts.size() == 3);
    CHECK(drifts[0].cause == cause::outOfBand);
    CHECK(drifts[1].cause == cause::autoscaled);
    CHECK(drifts[2].cause == cause::cosmetic);
}

namespace {

// A Service: its selector is applied as one value.
Object service(std::string_view spec, std::string_view more = "") {
    return objectFrom(
        *readJson(R"({"apiVersion":"v1","kind":"Service","metadata":{"name":"s","namespace":"n")" +
                  std::string(more) + R"(},"spec":)" + std::string(spec) + "}"),
        tags);
}

std::string causesOf(const std::vector<Drift>& drifts) {
    std::string text;
    for (const Drift& drift : drifts) {
        text += drift.cause + ":";
        for (const AttributeDrift& attribute : drift.attributes) text += " " + attribute.path;
        text += "\n";
    }
    return text;
}

}  // namespace

TEST_CASE("what a controller puts into a selector is noise, what a person puts there is not") {
    const Object git = service(R"({"selector":{"app":"web"}})");
    const Object applied = git;
    for (const auto& [manager, cause] : {std::pair("rollouts-controller", cause::injected),
                                         std::pair("kubectl-patch", cause::outOfBand)}) {
        const Object live =
            service(R"({"selector":{"app":"web","rollouts-pod-template-hash":"7f9c"}})",
                    ",\"managedFields\":[" +
                        managed("kubectl-client-side-apply", "Update", R"({"f:spec":{}})") + "," +
                        managed(manager, "Update", R"({"f:spec":{"f:selector":{}}})", "2") + "]");
        for (const Object* answer : {&applied, static_cast<const Object*>(nullptr)}) {
            CAPTURE(manager);
            CHECK(causesOf(compare({git, live, answer, "driftkeeper"}, tags)) ==
                  std::string(cause) + ": spec.selector.rollouts-pod-template-hash\n");
        }
    }
}

TEST_CASE("what a rollout moves step by step is noise, where a controller moved it") {
    const auto route = [](int weight, std::string_view manager) {
        return object(R"({"http":[{"route":[{"weight":)" + std::to_string(weight) + "}]}]}",
                      ",\"managedFields\":[" +
                          managed(manager, "Update", R"({"f:spec":{"f:http":{}}})", "2") + "]");
    };
    const Object git = object(R"({"http":[{"route":[{"weight":100}]}]})");
    const auto causeBy = [&](std::string_view manager) {
        return compare({git, route(80, manager), nullptr, "ci"}, tags).at(0).cause;
    };
    CHECK(causeBy("rollouts-controller") == cause::autoscaled);
    CHECK(causeBy("kubectl-edit") == cause::outOfBand);
}

TEST_CASE("the marks of deployers are noise, what people write beside them is not") {
    const auto live = [](std::string_view manager, std::string_view labels) {
        std::string fields;
        const Json given = *readJson(labels);
        for (const std::string& key : given.keys)
            fields += (fields.empty() ? "\"f:" : ",\"f:") + key + "\":{}";
        return service(
            "{}", ",\"labels\":" + std::string(labels) + ",\"managedFields\":[" +
                      managed(manager, "Apply", R"({"f:metadata":{"f:labels":{)" + fields + "}}}") +
                      "]");
    };
    const Object git = service("{}");
    struct Row {
        const char* manager;
        const char* labels;
        bool isMark;
    };
    for (const auto& [manager, labels, isMark] :
         {Row{"helm", R"({"app.kubernetes.io/managed-by":"Helm"})", true},
          Row{"kubectl", R"({"app.kubernetes.io/managed-by":"Helm"})", false},
          Row{"kustomize-controller", R"({"kustomize.toolkit.fluxcd.io/name":"apps"})", true},
          Row{"kustomize-controller", R"({"kustomize.toolkit.fluxcd.io/reconcile":"disabled"})",
              false},
          Row{"argocd-controller", R"({"app.kubernetes.io/instance":"shop"})", true},
          Row{"ci", R"({"app.kubernetes.io/instance":"shop"})", false},
          Row{"ci", R"({"team":"blue"})", false}}) {
        CAPTURE(labels);
        CAPTURE(manager);
        const Object there = live(manager, labels);
        const auto drifts = compare({git, there, &git, manager}, tags);
        REQUIRE(drifts.size() == 1);
        CHECK((drifts[0].cause == cause::injected) == isMark);
    }
}

TEST_CASE("a mark that a deployer applied as a client is one, too") {
    const std::string mark = R"("argocd.argoproj.io/tracking-id":"shop:/Service:n/s")";
    std::string noted = R"({"metadata":{"annotations":{)" + mark + "}}}";
    for (std::size_t at = 0; (at = noted.find('"', at)) != std::string::npos; at += 2)
        noted.insert(at, 1, '\\');
    const Object live = service(
        "{}", ",\"annotations\":{" + mark +
                  R"(,"kubectl.kubernetes.io/last-applied-configuration":")" + noted + "\"}");
    REQUIRE(live.lastApplied);
    CHECK(causesOf(compare({service("{}"), live, nullptr, "driftkeeper"}, tags)) ==
          "injected: metadata.annotations[\"argocd.argoproj.io/tracking-id\"]\n");
}

TEST_CASE("what everybody gets who creates the object is a default, whoever owns it") {
    const Object git = object(R"({"a":1})");
    const Object live =
        object(R"({"a":1,"b":2,"c":3})",
               ",\"managedFields\":[" + managed("kubectl", "Apply", R"({"f:spec":{"f:a":{}}})") +
                   "," + managed("Go-client", "Update", R"({"f:spec":{"f:b":{},"f:c":{}}})") + "]");
    const Object created = object(R"({"a":1,"b":2})");
    CHECK(causesOf(compare({git, live, &live, "kubectl"}, tags)) == "out_of_band: spec.b spec.c\n");
    CHECK(causesOf(compare({git, live, &live, "kubectl", GitSince::Unknown, false, &created},
                           tags)) == "out_of_band: spec.c\ndefaulted: spec.b\n");
}

TEST_CASE("what a client wrote and Git does not ask for any more waits to be taken away") {
    const auto map = [](std::string_view body) {
        return objectFrom(
            *readJson(R"({"apiVersion":"v1","kind":"ConfigMap",)" + std::string(body) + "}"), tags);
    };
    const std::string fields =
        R"({"f:data":{".":{},"f:a":{},"f:b":{},"f:old":{}},"f:spec":{"f:x":{}},)"
        R"("f:metadata":{"f:labels":{"f:kubernetes.io/metadata.name":{}}}})";
    const std::string rest = R"(,"data":{"a":"1","b":"2","old":"3"},"spec":{"x":1})";
    const std::string labels = R"(,"labels":{"kubernetes.io/metadata.name":"c"})";
    const Object git = map(R"("metadata":{"name":"c"},"data":{"a":"1","b":"2"})");
    const Object created = map(R"("metadata":{"name":"n"},"data":{"a":"1","b":"2","old":"3"})");
    for (const char* manager : {"helm", "OpenAPI-Generator"}) {
        const Object live =
            map(R"("metadata":{"name":"c","creationTimestamp":"1")" + labels +
                R"(,"managedFields":[)" + managed(manager, "Update", fields) + "]}" + rest);
        const auto drifts = compare({git, live, nullptr, "driftkeeper"}, tags);
        CHECK(causesOf(drifts) == "unapplied_commit: data.old\n");
        CHECK(mayBeDefaults(drifts, live));
        // A webhook, or the server, gives it to everybody.
        const Comparison known{git,   live,    nullptr, "driftkeeper", GitSince::Unknown,
                               false, &created};
        CHECK(causesOf(compare(known, tags)).empty());
    }
    // Who applies on the server's side has a list of what was asked for.
    const Object live =
        map(R"("metadata":{"name":"c","managedFields":[)" +
            managed("before-first-apply", "Update", fields) + "," +
            managed("ci", "Apply", R"({"f:data":{"f:a":{},"f:b":{}}})") + "]}" + rest);
    CHECK(causesOf(compare({git, live, nullptr, "ci"}, tags)).empty());
}

TEST_CASE("whoever wrote another value than what was noted is named, also where they apply") {
    const Object git = object(R"({"a":1})");
    const Object live =
        object(R"({"a":2})", noted(R"({"a":1})") + R"(,"managedFields":[)" +
                                 managed("kubectl", "Apply", R"({"f:spec":{"f:a":{}}})") + "]");
    const auto drifts = compare({git, live, &git, "kubectl"}, tags);
    REQUIRE(drifts.size() == 1);
    CHECK(drifts[0].side == Side::Live);
    CHECK(drifts[0].changedBy == "kubectl, 1");
}

TEST_CASE("a value that Git does not tell is noise as long as there is one") {
    const auto secret = [](std::string_view data) {
        return objectFrom(
            *readJson(
                R"({"apiVersion":"v1","kind":"Secret","metadata":{"name":"s"},"stringData":)" +
                std::string(data) + "}"),
            tags);
    };
    const Object git = secret(R"({"a":"ENC[AES256_GCM,data:x,type:str]","b":"2"})");
    CHECK(git.unknown == Unknown{{"data.a", std::string(cause::encrypted)}});
    CHECK(causesOf(compare({git, secret(R"({"a":"1","b":"2"})"), nullptr, "ci"}, tags)) ==
          "encrypted: data.a\n");
    const Object other = secret(R"({"b":"3"})");
    const auto drifts = compare({git, other, nullptr, "ci"}, tags);
    CHECK(causesOf(drifts) == "unapplied_commit: data.a data.b\nencrypted: data.a\n");
}

TEST_CASE("an object that is being deleted is as good as gone, and says what holds it") {
    const Object live =
        object("{}", R"(,"deletionTimestamp":"2026-11-22T10:00:00Z","finalizers":["a/b"])");
    CHECK(isLeaving(live));
    CHECK(leaving(live).change == Change::Deleted);
    CHECK(leaving(live).side == Side::Live);
    CHECK(leaving(live).note == "it is being deleted since 2026-11-22T10:00:00Z and waits for a/b");
    CHECK_FALSE(isLeaving(object("{}")));
}

TEST_CASE("a missing object was deleted when it was there before") {
    const Object git = object("{}");
    CHECK(missing(git, false, GitSince::Unknown).side == Side::Git);
    CHECK(missing(git, true, GitSince::Unchanged).side == Side::Live);
    CHECK(missing(git, true, GitSince::Unchanged).change == Change::Deleted);
    const Drift both = missing(git, true, GitSince::Changed);
    CHECK(both.side == Side::Both);
    CHECK(both.liveChange == Change::Deleted);
    CHECK(both.gitChange == Change::Modified);
}

}  // namespace compare_test
