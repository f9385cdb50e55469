// The forms in which an estate's graph leaves the program.
#include <fmt/format.h>

#include <iterator>
#include <map>
#include <vector>

#include "daemon/contract/estate_graph.hpp"
#include "parsers/json/json_writer.hpp"
#include "parsers/text/ascii.hpp"
#include "parsers/text/printable.hpp"

namespace driftkeeper {
namespace {

using Node = EstateGraph::Node;
using Kind = EstateGraph::Kind;

// How an edge is drawn.
struct EdgeStyle {
    std::string_view dot;
    std::string_view mermaid;
};

EdgeStyle styleOf(Kind kind) noexcept {
    switch (kind) {
        case Kind::Uses:
            return {"", "-->"};
        case Kind::Needs:
            return {" [style=dashed]", "-.->"};
        case Kind::Same:
            break;
    }
    return {" [style=dashed, color=red, label=\"same thing\", dir=both]", "<-. same thing .->"};
}

void writeEnd(JsonWriter& json, std::string_view key, const Node& node) {
    json.key(key)
        .beginObject()
        .key("stack")
        .text(node.stack)
        .key("address")
        .text(node.address)
        .endObject();
}

void writeNode(JsonWriter& json, const Node& node) {
    json.beginObject()
        .key("stack")
        .text(node.stack)
        .key("address")
        .text(node.address)
        .key("type")
        .text(node.type);
    json.key("id").textOrNull(node.id).key("identity").textOrNull(node.identity);
    json.key("provider").textOrNull(node.provider).key("drift");
    if (node.drift)
        json.beginObject()
            .key("side")
            .text(name(node.drift->side))
            .key("change")
            .text(name(node.drift->change))
            .key("cause")
            .text(node.drift->cause)
            .key("severity")
            .text(name(node.drift->severity))
            .endObject();
    else
        json.null();
    json.endObject();
}

// Nodes by the stack that they belong to.
std::map<std::string_view, std::vector<std::size_t>> byStack(const EstateGraph& graph) {
    std::map<std::string_view, std::vector<std::size_t>> stacks;
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) stacks[graph.nodes[i].stack].push_back(i);
    return stacks;
}

std::string titleOf(const Node& node) {
    return printable(node.address.empty() ? node.stack : node.address);
}

std::string markOf(const Node& node) {
    return fmt::format("{} {}", name(node.drift->side), name(node.drift->change));
}

std::string dotText(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out;
}

std::string mermaidText(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool isPlain =
            byte >= 0x80 || isLetterOrDigit(c) || std::string_view(" ._-/:,=").contains(c);
        if (isPlain)
            out += c;
        else
            fmt::format_to(std::back_inserter(out), "#{};", byte);
    }
    return out;
}

}  // namespace

std::string estateJson(const EstateGraph& graph) {
    JsonWriter json;
    json.beginObject().key("version").number(std::uint64_t{1}).key("nodes").beginArray();
    for (const auto& node : graph.nodes) writeNode(json, node);
    json.endArray().key("edges").beginArray();
    for (const auto& edge : graph.edges) {
        json.beginObject();
        writeEnd(json, "from", graph.nodes[edge.from]);
        writeEnd(json, "to", graph.nodes[edge.to]);
        json.key("kind").text(name(edge.kind)).endObject();
    }
    json.endArray().endObject();
    return std::move(json).take();
}

std::string estateDot(const EstateGraph& graph) {
    std::string out = "digraph estate {\n  rankdir=LR;\n  node [shape=box];\n";
    std::size_t cluster = 0;
    for (const auto& [stack, nodes] : byStack(graph)) {
        out += fmt::format("  subgraph cluster_{} {{\n    label=\"{}\";\n", cluster++,
                           dotText(printable(stack)));
        for (const auto i : nodes) {
            const auto& node = graph.nodes[i];
            out += fmt::format("    n{} [label=\"{}{}\"{}];\n", i, dotText(titleOf(node)),
                               node.drift ? "\\n" + markOf(node) : "",
                               node.drift ? ", color=red, penwidth=2" : "");
        }
        out += "  }\n";
    }
    for (const auto& edge : graph.edges)
        out += fmt::format("  n{} -> n{}{};\n", edge.from, edge.to, styleOf(edge.kind).dot);
    return out + "}\n";
}

std::string estateMermaid(const EstateGraph& graph) {
    std::string out = "flowchart LR\n";
    std::size_t cluster = 0;
    for (const auto& [stack, nodes] : byStack(graph)) {
        out += fmt::format("  subgraph s{}[\"{}\"]\n", cluster++, mermaidText(printable(stack)));
        for (const auto i : nodes) {
            const auto& node = graph.nodes[i];
            out +=
                fmt::format("    n{}[\"{}{}\"]{}\n", i, mermaidText(titleOf(node)),
                            node.drift ? "<br/>" + markOf(node) : "", node.drift ? ":::drift" : "");
        }
        out += "  end\n";
    }
    for (const auto& edge : graph.edges)
        out += fmt::format("  n{} {} n{}\n", edge.from, styleOf(edge.kind).mermaid, edge.to);
    return out + "  classDef drift stroke:#d00,stroke-width:2px\n";
}

}  // namespace driftkeeper
