// The part of the API that shows the graph over all stacks.
#include "daemon/api/answers.hpp"
#include "daemon/api/api.hpp"
#include "daemon/contract/estate_graph.hpp"

namespace driftkeeper {

// One stack after the other, so that nobody waits for a large estate.
WebResponse Api::graph(const WebRequest& request) {
    const auto asked = request.query.find("stack");
    const std::string only = asked == request.query.end() ? "" : asked->second;
    std::vector<std::string> ids;
    if (only.empty()) {
        for (const auto& line : world_.overview.stacks()) ids.push_back(line.id);
    } else {
        const auto status = find(only);
        if (!status) return problem(status.error());
        if (!*status)
            return problem(404, "no_such_stack",
                           "there is no stack of this name: see /api/v1/stacks");
        auto neighbours = world_.store.estate.neighbours((*status)->stack.id);
        if (!neighbours) return problem(neighbours.error());
        ids = *std::move(neighbours);
    }
    std::vector<GraphedStack> stacks;
    for (const auto& id : ids) {
        auto status = world_.store.stacks.status(id);
        if (!status) return problem(status.error());
        auto graph = world_.store.estate.graph(id);
        if (!graph) return problem(graph.error());
        if (*status && *graph)
            stacks.push_back(
                {(*status)->stack.fullName(), **std::move(graph), std::move((*status)->open)});
    }
    const auto drawn = estateGraph(stacks, only);
    const auto format = request.query.find("format");
    const std::string form = format == request.query.end() ? "json" : format->second;
    if (form == "json") return {200, "application/json", estateJson(drawn) + "\n", {}};
    if (form == "dot") return {200, "text/vnd.graphviz; charset=utf-8", estateDot(drawn), {}};
    if (form == "mermaid") return {200, "text/plain; charset=utf-8", estateMermaid(drawn), {}};
    return problem(400, "no_such_format", "a graph comes as json, dot or mermaid");
}

}  // namespace driftkeeper
