#include "parsers/kubernetes/ownership.hpp"
#include "parsers/json/json.hpp"

#include <doctest/doctest.h>

#include <map>

#include "parsers/kubernetes/difference.hpp"

using namespace driftkeeper;
using namespace driftkeeper::kubernetes;

namespace ownership_test {
namespace {

Json json(std::string_view text) {
    return *readJson(text);
}

// As a real server writes it (Server-Side Apply of the documentation).
const Owner kubectlEdit{
    "kubectl-edit", false, "", "2026-11-22T10:00:00Z",
    json(
        R"({"f:metadata":{"f:labels":{"f:team":{}}},"f:spec":{"f:replicas":{},"f:template":{"f:spec":{"f:containers":)"
        R"({"k:{\"name\":\"web\"}":{"f:image":{},"f:ports":{"k:{\"containerPort\":80,\"protocol\":\"TCP\"}":{".":{},)"
        R"("f:containerPort":{}}}},"k:{\"name\":\"extra\"}":{".":{},"f:name":{},"f:image":{}}}}},"f:selector":{}}})")};
const Json live = json(
    R"({"metadata":{"labels":{"team":"blue"}},"spec":{"replicas":3,"selector":{"matchLabels":{"a":"b"}},"template":{"spec":)"
    R"({"containers":[{"name":"web","image":"x","ports":[{"containerPort":80}]},{"name":"extra","image":"y"}]}}}})");

std::vector<std::string> texts(const std::vector<Path>& paths) {
    std::vector<std::string> result;
    for (const Path& path : paths) result.push_back(toText(path));
    return result;
}

}  // namespace

TEST_CASE("an owner has its fields, what is inside of a whole, and wholes that hold them") {
    const Json other = json(
        R"({"metadata":{"labels":{"team":"red","x":"y"}},"spec":{"replicas":1,"selector":{"matchLabels":{"a":"c"}},"template":)"
        R"({"spec":{"containers":[{"name":"web","image":"z","args":["q"]}]}}}})");
    std::map<std::string, bool> owned;
    for (const Difference& one : differences(live, other))
        owned[toText(one.path)] = owns(kubectlEdit, one.path);
    CHECK(owned == std::map<std::string, bool>{
                       {"metadata.labels.team", true},
                       {"metadata.labels.x", false},
                       {"spec.replicas", true},
                       {"spec.selector.matchLabels.a", true},  // an atomic whole
                       {"spec.template.spec.containers[name=extra]", true},
                       {"spec.template.spec.containers[name=web].args", false},
                       {"spec.template.spec.containers[name=web].image", true},
                       {"spec.template.spec.containers[name=web].ports", true},
                   });
}

TEST_CASE("what an owner put beside what Git asks for is found, a whole item once") {
    const Json git = json(
        R"({"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"spec":{"containers":[{"name":"web","image":"x",)"
        R"("ports":[{"containerPort":80}]}]}}}})");
    CHECK(texts(ownedBeyond(kubectlEdit, live, git)) ==
          std::vector<std::string>{"metadata.labels.team", "spec.replicas",
                                   "spec.template.spec.containers[name=extra]"});
    CHECK(ownedBeyond(kubectlEdit, live, live).empty());
}

TEST_CASE("who applies is said by the settings, else by who owns most of what Git asks for") {
    Object object;
    object.owners = {
        {"helm", true, "", "", json(R"({"f:spec":{"f:replicas":{},"f:template":{}}})")},
        {"tuner", true, "", "", json(R"({"f:spec":{"f:replicas":{}}})")},
        {"kubectl-edit", false, "", "",
         json(R"({"f:spec":{"f:replicas":{},"f:template":{},"f:x":{}}})")}};
    const Json git = json(R"({"spec":{"replicas":1,"template":{},"x":1}})");
    CHECK(applierOf(object, git, "") == "helm");
    CHECK(applierOf(object, git, "mine") == "mine");
    CHECK(applierOf({}, git, "") == "driftkeeper");
}

TEST_CASE("kubectl under its own name is a person where a pipeline has a name") {
    const Json git = json(R"({"data":{"a":"1","b":"2","c":"3"}})");
    Object live;
    live.owners = {{"ci", true, "", "1", json(R"({"f:data":{"f:a":{},"f:b":{}}})")},
                   {"kubectl", true, "", "2", json(R"({"f:data":{"f:a":{},"f:b":{},"f:c":{}}})")}};
    CHECK(applierOf(live, git, "") == "ci");
    CHECK_FALSE(Appliers(live, git, "ci").contains(live.owners[1]));
    live.owners.erase(live.owners.begin());
    CHECK(applierOf(live, git, "") == "kubectl");
}

TEST_CASE("who applied a field or two over what a client wrote does not apply the object") {
    const Json git = json(R"({"data":{"a":"1","b":"2","c":"3"}})");
    const Owner ann{"ann", true, "", "2", json(R"({"f:data":{"f:c":{}}})")};
    for (const char* manager : {"kubectl-client-side-apply", "OpenAPI-Generator"}) {
        CAPTURE(manager);
        Object live;
        live.body = json(R"({"metadata":{"creationTimestamp":"1"}})");
        live.owners = {ann, {manager, false, "", "1", json(R"({"f:data":{"f:a":{},"f:b":{}}})")}};
        CHECK(applierOf(live, git, "") == "driftkeeper");
        CHECK_FALSE(Appliers(live, git, "driftkeeper").contains(ann));
        CHECK(Appliers(live, git, "driftkeeper").contains(live.owners[1]));
        live.owners[0].fields = json(R"({"f:data":{"f:a":{},"f:b":{},"f:c":{}}})");
        CHECK(applierOf(live, git, "") == "ann");
    }
    // Who took most of it from the pipeline later does not apply it either.
    Object taken;
    taken.owners = {{"ci", true, "", "2", json(R"({"f:data":{"f:c":{}}})")},
                    {"mallory", false, "", "3", json(R"({"f:data":{"f:a":{},"f:b":{}}})")}};
    CHECK(applierOf(taken, git, "") == "ci");
}

TEST_CASE("who has all of an object that is one field may have taken it over") {
    const Json git = json(R"({"rules":[{"verbs":["get"]}]})");
    Object live;
    live.body = json(R"({"metadata":{"creationTimestamp":"1"}})");
    live.owners = {{"mallory", false, "", "2", json(R"({"f:rules":{}})")}};
    CHECK_FALSE(Appliers(live, git, "driftkeeper").contains(live.owners[0]));
    live.owners[0].time = "1";
    CHECK(Appliers(live, git, "driftkeeper").contains(live.owners[0]));
}

TEST_CASE("who created an object applies it, unless somebody else is known to") {
    const auto owner = [](std::string manager, std::string time, std::string_view fields) {
        return Owner{std::move(manager), false, "", std::move(time), json(fields)};
    };
    const Json git = json(R"({"data":{"a":"1","b":"2","c":"3"}})");
    Object live;
    live.body = json(R"({"metadata":{"creationTimestamp":"1"},"data":{"a":"1","b":"2","c":"3"}})");
    const Owner edit = owner("kubectl-edit", "1", R"({"f:data":{"f:c":{}}})");
    live.owners = {edit, owner("OpenAPI-Generator", "1", R"({"f:data":{"f:a":{},"f:b":{}}})")};
    CHECK(Appliers(live, git, "driftkeeper").contains(live.owners[1]));
    CHECK_FALSE(Appliers(live, git, "driftkeeper").contains(edit));
    live.owners[1].time = "5";  // it wrote again: it has most of it
    CHECK(Appliers(live, git, "driftkeeper").contains(live.owners[1]));
    live.owners[1].fields = json(R"({"f:data":{"f:b":{}}})");
    CHECK_FALSE(Appliers(live, git, "driftkeeper").contains(live.owners[1]));
    live.owners[1].fields = json(R"({"f:data":{"f:a":{},"f:b":{}}})");
    live.owners.push_back(owner("helm", "9", R"({"f:data":{"f:a":{}}})"));
    CHECK_FALSE(Appliers(live, git, "driftkeeper").contains(live.owners[1]));
    CHECK(Appliers(live, git, "driftkeeper").contains(live.owners[2]));
    live.owners = {owner("kubectl-replace", "1", R"({"f:data":{"f:a":{},"f:b":{}}})")};
    CHECK_FALSE(Appliers(live, git, "driftkeeper").contains(live.owners[0]));
}

TEST_CASE("elements of a set that nobody asked for are found") {
    const Owner hand{"kubectl-patch", false, "", "",
                     json(R"({"f:hosts":{"v:\"x\"":{},"v:\"y\"":{}}})")};
    const Json there = json(R"({"hosts":["x","y","z"]})");
    CHECK(texts(ownedBeyond(hand, there, json(R"({"hosts":["x"]})"))) ==
          std::vector<std::string>{"hosts[\"y\"]"});
}

TEST_CASE("controllers are told from people") {
    for (const char* name :
         {"kube-controller-manager", "cert-manager-cainjector", "vpa-updater-autoscaler",
          "my-operator", "istio-pilot", "pilot-discovery", "flagger", "Reloader", "k3s",
          "clusterrole-aggregation-controller"})
        CHECK_MESSAGE(isController(name), name);
    for (const char* name : {"kubectl-edit", "kubectl", "Mozilla", "k9s", "curl", "terraform",
                             "argocd-server", "k3sup"})
        CHECK_MESSAGE(!isController(name), name);
}

}  // namespace ownership_test
