#include "daemon/contract/estate_graph.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "parsers/json/json.hpp"

using namespace driftkeeper;

namespace estate_graph_test {
namespace {

using Words = std::vector<std::string>;

// net: vpc <- subnet; app: web needs the vpc by an output, db by its identity; cfn: the same vpc.
std::vector<GraphedStack> estate() {
    std::vector<GraphedStack> stacks(3);
    stacks[0].name = "infra/net";
    stacks[0].graph.add({"aws_vpc.main", "aws_vpc", "vpc-0ab1", "p/aws", "aws vpc-0ab1"});
    stacks[0].graph.add({"aws_subnet.a", "aws_subnet", "subnet-0ab1", "p/aws", "aws subnet-0ab1"});
    stacks[0].graph.link("aws_subnet.a", "aws_vpc.main");
    stacks[0].graph.offer("aws_vpc.main", "tfstate:s3://b/net#vpc_id");
    stacks[0].graph.offer("", "tfstate:s3://b/net");
    auto& finding = stacks[0].open.emplace_back();
    finding.drift.address = "aws_vpc.main";
    finding.drift.side = Side::Live;
    finding.drift.cause = "out_of_band";
    stacks[1].name = "infra/app";
    stacks[1].graph.add({"aws_instance.web", "aws_instance", "", ""});
    stacks[1].graph.add({"aws_instance.db", "aws_instance", "", ""});
    stacks[1].graph.need("aws_instance.web", "tfstate:s3://b/net#vpc_id");
    stacks[1].graph.need("aws_instance.db", "aws subnet-0ab1");
    stacks[1].graph.need("", "tfstate:s3://b/net");
    stacks[1].graph.need("aws_instance.db", "nobody offers this");
    stacks[2].name = "infra/cfn";
    stacks[2].graph.add({"Network", "AWS::EC2::VPC", "vpc-0ab1", "", "aws vpc-0ab1"});
    return stacks;
}

Words edgesOf(const EstateGraph& graph) {
    const auto end = [&](std::size_t i) {
        return graph.nodes[i].stack + ":" + graph.nodes[i].address;
    };
    Words words;
    for (const auto& edge : graph.edges)
        words.push_back(end(edge.from) + " " + std::string(name(edge.kind)) + " " + end(edge.to));
    std::ranges::sort(words);
    return words;
}

Words nodesOf(const EstateGraph& graph) {
    Words words;
    for (const auto& node : graph.nodes)
        words.push_back(node.stack + ":" + node.address + (node.drift ? "!" : ""));
    std::ranges::sort(words);
    return words;
}

std::size_t count(std::string_view text, std::string_view part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1))
        ++found;
    return found;
}

// One stack with one resource, both of that name.
EstateGraph called(const std::string& name) {
    std::vector<GraphedStack> stacks(1);
    stacks[0].name = name;
    stacks[0].graph.add({name, "t", "", ""});
    return estateGraph(stacks);
}

}  // namespace

TEST_CASE("stacks are joined by what one offers and another needs, and by what both know of") {
    const auto graph = estateGraph(estate());
    CHECK(edgesOf(graph) == Words{"infra/app: needs infra/net:",
                                  "infra/app:aws_instance.db needs infra/net:aws_subnet.a",
                                  "infra/app:aws_instance.web needs infra/net:aws_vpc.main",
                                  "infra/cfn:Network same infra/net:aws_vpc.main",
                                  "infra/net:aws_subnet.a uses infra/net:aws_vpc.main"});
    CHECK(nodesOf(graph) == Words{"infra/app:", "infra/app:aws_instance.db",
                                  "infra/app:aws_instance.web", "infra/cfn:Network", "infra/net:",
                                  "infra/net:aws_subnet.a", "infra/net:aws_vpc.main!"});
}

TEST_CASE("the graph around one stack has that and its neighbours, not theirs") {
    const auto graph = estateGraph(estate(), "infra/cfn");
    CHECK(nodesOf(graph) == Words{"infra/cfn:Network", "infra/net:aws_vpc.main!"});
    CHECK(edgesOf(graph) == Words{"infra/cfn:Network same infra/net:aws_vpc.main"});
}

TEST_CASE("what drifts and is in no graph is shown all the same") {
    auto stacks = estate();
    stacks[0].open[0].drift.address = "aws_vpc.new";
    CHECK(std::ranges::count(nodesOf(estateGraph(stacks)), "infra/net:aws_vpc.new!") == 1);
}

TEST_CASE("the JSON of a graph is what the header documents") {
    auto stacks = estate();
    stacks.resize(1);
    CHECK(
        estateJson(estateGraph(stacks)) ==
        R"({"version":1,"nodes":[{"stack":"infra/net","address":"aws_vpc.main","type":"aws_vpc","id":"vpc-0ab1",)"
        R"("identity":"aws vpc-0ab1","provider":"p/aws","drift":{"side":"live","change":"modified",)"
        R"("cause":"out_of_band","severity":"warning"}},)"
        R"({"stack":"infra/net","address":"aws_subnet.a","type":"aws_subnet","id":"subnet-0ab1",)"
        R"("identity":"aws subnet-0ab1","provider":"p/aws","drift":null}],)"
        R"("edges":[{"from":{"stack":"infra/net","address":"aws_subnet.a"},)"
        R"("to":{"stack":"infra/net","address":"aws_vpc.main"},"kind":"uses"}]})");
}

TEST_CASE("dot has a cluster a stack, marks what drifts, and dashes what crosses") {
    const auto dot = estateDot(estateGraph(estate()));
    CHECK(count(dot, "subgraph cluster_") == 3);
    CHECK(dot.find(R"([label="aws_vpc.main\nlive modified", color=red, penwidth=2];)") !=
          std::string::npos);
    CHECK(count(dot, "[style=dashed]") == 3);
    CHECK(count(dot, "same thing") == 1);
    CHECK(count(dot, "{") == count(dot, "}"));
}

TEST_CASE("mermaid has a subgraph a stack, marks what drifts, and dots what crosses") {
    const auto mermaid = estateMermaid(estateGraph(estate()));
    CHECK(mermaid.starts_with("flowchart LR\n"));
    CHECK(count(mermaid, "  subgraph s") == 3);
    CHECK(count(mermaid, "  end\n") == 3);
    CHECK(mermaid.find("[\"aws_vpc.main<br/>live modified\"]:::drift") != std::string::npos);
    CHECK(count(mermaid, "-.->") == 3);
    CHECK(count(mermaid, "<-. same thing .->") == 1);
}

TEST_CASE("hostile names stay inside their quotes") {
    const struct {
        std::string name;
        std::string dot;
        std::string mermaid;
    } rows[] = {
        {R"(a["x y"].b)", R"(a[\"x y\"].b)", "a#91;#34;x y#34;#93;.b"},
        {R"(x"]; evil -> n0 [label="y)", R"(x\"]; evil -> n0 [label=\"y)",
         "x#34;#93;#59; evil -#62; n0 #91;label=#34;y"},
        {R"(back\slash\N\")", R"(back\\slash\\N\\\")", "back#92;slash#92;N#92;#34;"},
        {"line\nend", R"(line\\nend)", "line#92;nend"},
        {"<b>&amp;</b>", "<b>&amp;</b>", "#60;b#62;#38;amp#59;#60;/b#62;"},
        {"`markdown` #35;", "`markdown` #35;", "#96;markdown#96; #35;35#59;"},
        {"ü€", "ü€", "ü€"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto dot = estateDot(called(row.name));
        CHECK(dot.find("n0 [label=\"" + row.dot + "\"];\n") != std::string::npos);
        CHECK(dot.find("    label=\"" + row.dot + "\";\n") != std::string::npos);
        CHECK(count(dot, "\n") == 8);
        const auto mermaid = estateMermaid(called(row.name));
        CHECK(mermaid.find("n0[\"" + row.mermaid + "\"]\n") != std::string::npos);
        CHECK(mermaid.find("  subgraph s0[\"" + row.mermaid + "\"]\n") != std::string::npos);
        CHECK(count(mermaid, "\n") == 5);
        CHECK(readJson(estateJson(called(row.name))).has_value());
    }
}

}  // namespace estate_graph_test
