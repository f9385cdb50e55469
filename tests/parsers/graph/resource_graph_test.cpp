#include "parsers/graph/resource_graph.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace driftkeeper;

TEST_CASE("dependents are counted through others, once each, and cycles end") {
    ResourceGraph graph;
    for (const auto address : {"a", "b", "c", "d"}) graph.add({address, "t", "", ""});
    graph.link("b", "a");
    graph.link("c", "b");
    graph.link("c", "a");
    graph.link("c", "a");
    graph.link("a", "c");
    graph.link("a", "a");
    CHECK(graph.dependentsOf("a") == std::vector<std::string>{"b", "c"});
    CHECK(graph.countDependents("a") == 2);
    CHECK(graph.countDependents("b") == 2);
    CHECK(graph.countDependents("d") == 0);
}

TEST_CASE("an address is added once, and unknown ones are dropped") {
    ResourceGraph graph;
    graph.add({"a", "first", "", ""});
    graph.add({"a", "second", "", ""});
    graph.link("a", "x");
    graph.link("x", "a");
    REQUIRE(graph.resources().size() == 1);
    CHECK(graph.resources()[0].type == "first");
    CHECK(graph.contains("a"));
    CHECK_FALSE(graph.contains("x"));
    CHECK(graph.dependentsOf("a").empty());
    CHECK(graph.countDependents("x") == 0);
}

TEST_CASE("ties to other stacks are kept as they are said, also for the stack as a whole") {
    ResourceGraph graph;
    graph.add({"a", "t", "", ""});
    graph.offer("a", "tfstate:s3://b/k#vpc");
    graph.offer("", "tfstate:s3://b/k");
    graph.need("a", "aws vpc-0ab1");
    CHECK(graph.offers() ==
          std::vector<Tie>{{"a", "tfstate:s3://b/k#vpc"}, {"", "tfstate:s3://b/k"}});
    CHECK(graph.needs() == std::vector<Tie>{{"a", "aws vpc-0ab1"}});
}
