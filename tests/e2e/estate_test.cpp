#include <doctest/doctest.h>

#include <algorithm>

#include "tests/e2e/daemon_world.hpp"

using namespace driftkeeper::tests;

namespace estate_test {
namespace {

const std::string queue = "arn:aws:sqs:eu-central-1:123456789012:jobs";

// Two stacks of one repository.
struct Pair {
    GitWorld git;
    TerraformWorld a{git.path() / "a"};
    TerraformWorld b{git.path() / "b"};
};

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    text.replace(text.find(from), from.size(), to);
    return text;
}

std::vector<std::string> linesOf(const DaemonWorld& daemon) {
    std::vector<std::string> lines;
    for (const auto& notice : daemon.notices()) lines.push_back(line(notice));
    return lines;
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("an object that a second stack imported is told once, and once that it was let go of") {
    Pair pair;
    pair.a.write("resource \"box_item\" \"jobs\" {\n  name = \"" + queue +
                 "\"\n  content = \"one\"\n}\n");
    pair.a.apply();
    pair.b.write(replaced(pair.b.header(), pair.b.live().string(), pair.a.live().string()),
                 "stack.tf");
    pair.b.write("import {\n  to = box_item.twin\n  id = \"" + queue +
                 "\"\n}\nresource \"box_item\" \"twin\" {\n  name = \"" + queue +
                 "\"\n  content = \"one\"\n}\n");
    pair.b.apply();
    pair.git.commit("both");

    DaemonWorld daemon(pair.a);
    daemon.watch("infra", pair.git.path().string());
    daemon.start();
    REQUIRE_MESSAGE(daemon.awaitNotices(1), daemon.log());
    const Json opened = daemon.notices().at(0);
    CHECK(line(opened) == "opened ownership");
    CHECK(opened.at("stacks").size() == 2);
    const auto incident = daemon.api("incidents").at("incidents").at(0);
    CHECK(incident.at("subject") == queue);
    const std::string text = incident.at("text");
    CHECK_MESSAGE(has(text, "infra/a (box_item.jobs) and infra/b (box_item.twin)"), text);
    CHECK(has(daemon.get("/metrics"), "driftkeeper_incidents_open{kind=\"ownership\"} 1"));

    const auto graph = daemon.ask({"graph", "--format", "json"});
    REQUIRE_MESSAGE(graph.ok(), graph.err);
    const auto edges = Json::parse(graph.out).at("edges");
    REQUIRE(edges.size() == 1);
    CHECK(edges.at(0).at("kind") == "same");
    CHECK(edges.at(0).at("from") == Json{{"stack", "infra/b"}, {"address", "box_item.twin"}});
    const auto dot = daemon.ask({"graph", "infra/a"});
    CHECK_MESSAGE(has(dot.out, "label=\"same thing\""), dot.out);
    const auto mermaid = daemon.ask({"graph", "infra/a", "--format", "mermaid"});
    CHECK_MESSAGE(has(mermaid.out, "subgraph s1[\"infra/b\"]"), mermaid.out);
    CHECK(daemon.ask({"graph", "infra/none"}).status == 2);

    CHECK(daemon.stop() == 0);
    daemon.start();
    for (const auto* stack : {"infra/a", "infra/b"}) daemon.awaitChecks(stack, 2);
    CHECK(linesOf(daemon) == std::vector<std::string>{"opened ownership"});

    pair.b.write("removed {\n  from = box_item.twin\n  lifecycle {\n    destroy = false\n  }\n}\n");
    pair.git.commit("let go");
    pair.b.apply();
    REQUIRE_MESSAGE(daemon.awaitNotices(2), daemon.log());
    for (const auto* stack : {"infra/a", "infra/b"}) daemon.awaitChecks(stack, 2);
    CHECK(linesOf(daemon) == std::vector<std::string>{"opened ownership", "resolved ownership"});
}

TEST_CASE("a drift names what reads it through the state of its stack") {
    Pair pair;
    pair.a.write(
        "resource \"box_item\" \"base\" {\n  name = \"base\"\n  content = \"one\"\n}\n"
        "output \"base\" {\n  value = box_item.base.id\n}\n");
    pair.a.apply();
    pair.b.write(
        "data \"terraform_remote_state\" \"a\" {\n  backend = \"local\"\n  config = {\n    path = "
        "\"" +
        pair.a.stateFile().string() +
        "\"\n  }\n}\nresource \"box_item\" \"web\" {\n  name = \"web\"\n"
        "  content = data.terraform_remote_state.a.outputs.base\n}\n");
    pair.b.apply();
    pair.git.commit("both");

    DaemonWorld daemon(pair.a);
    daemon.watch("infra", pair.git.path().string());
    daemon.start();
    for (const auto* stack : {"infra/a", "infra/b"})
        REQUIRE_MESSAGE(daemon.awaitVerdict(stack, "in_sync"), daemon.log());
    pair.a.set("base", "content", "\"two\"");
    REQUIRE_MESSAGE(daemon.awaitNotices(1), daemon.log());
    const Json drift = daemon.notices().at(0).at("stacks").at(0).at("drifts").at(0);
    CHECK(drift.at("dependents") == 1);
    CHECK(drift.at("dependents_elsewhere") ==
          Json::array({{{"stack", "infra/b"}, {"address", "box_item.web"}}}));
    const auto why = daemon.ask({"explain", "infra/a"});
    CHECK_MESSAGE(has(why.out, "also used by infra/b: box_item.web"), why.out);
    const auto graph = daemon.ask({"graph", "infra/a", "--format", "json"});
    const auto edges = Json::parse(graph.out).at("edges");
    CHECK_MESSAGE(std::ranges::count_if(
                      edges, [](const Json& edge) { return edge.at("kind") == "needs"; }) == 1,
                  graph.out);
}

}  // namespace estate_test
