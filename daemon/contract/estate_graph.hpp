#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/model/finding.hpp"
#include "parsers/graph/resource_graph.hpp"

namespace driftkeeper {

// One stack as far as a graph shows it.
struct GraphedStack {
    std::string name;  // full
    ResourceGraph graph;
    std::vector<Finding> open;  // confirmed ones
};

// Every resource of some stacks, and what depends on what, within them and across.
struct EstateGraph {
    struct Node {
        std::string stack;
        std::string address;  // empty: the stack as a whole
        std::string type;
        std::string id;
        std::string identity;
        std::string provider;
        std::optional<Drift> drift{};  // side, change, cause and severity of it
    };
    enum class Kind {
        Uses,   // within a stack
        Needs,  // of another stack, by a key that one needs and the other offers
        Same    // one real thing that two stacks know of
    };
    struct Edge {
        std::size_t from;  // positions in nodes: who depends
        std::size_t to;    // on what
        Kind kind;
        auto operator<=>(const Edge&) const = default;
    };
    std::vector<Node> nodes;  // by stack, in the order of their graphs
    std::vector<Edge> edges;  // sorted
};

// `only`: a stack's full name: its nodes, and those of others that an edge leads to from there;
// empty: everything.
EstateGraph estateGraph(const std::vector<GraphedStack>& stacks, const std::string& only = {});

// {"version":1,
//  "nodes":[{"stack":"infra/net","address":"aws_vpc.main","type":"aws_vpc","id":"vpc-1","identity":"aws
//  vpc-1",
//            "provider":"registry.terraform.io/hashicorp/aws",
//            "drift":null |
//            {"side":"live","change":"modified","cause":"out_of_band","severity":"warning"}}],
//  "edges":[{"from":{"stack":"infra/app","address":"aws_instance.web"},"to":{"stack":…,"address":…},
//            "kind":"uses"|"needs"|"same"}]}
// `from` depends on `to`; id, identity and provider are null where nothing is known.
std::string estateJson(const EstateGraph& graph);

// Graphviz (graphviz.org/doc/info/lang.html): a cluster a stack, drifted nodes red, edges across
// stacks dashed. Names cannot break out of their quotes.
std::string estateDot(const EstateGraph& graph);

// Mermaid's flowchart (mermaid.js.org/syntax/flowchart.html): a subgraph a stack. What its text
// could take for markup is an entity code.
std::string estateMermaid(const EstateGraph& graph);

std::string_view name(EstateGraph::Kind kind) noexcept;  // uses needs same

}  // namespace driftkeeper
