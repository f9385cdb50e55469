#include "daemon/contract/estate_graph.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

#include "parsers/graph/identity.hpp"

namespace driftkeeper {
namespace {

using Node = EstateGraph::Node;
using Kind = EstateGraph::Kind;

class Drawing {
public:
    explicit Drawing(const std::vector<GraphedStack>& stacks) {
        positions_.resize(stacks.size());
        for (std::size_t i = 0; i < stacks.size(); ++i) addNodes(stacks[i], i);
        for (std::size_t i = 0; i < stacks.size(); ++i) addOffers(stacks[i], i);
        for (std::size_t i = 0; i < stacks.size(); ++i) addEdges(stacks[i], i);
        addSame();
    }

    EstateGraph take() {
        graph_.edges.assign(edges_.begin(), edges_.end());
        return std::move(graph_);
    }

private:
    void addNodes(const GraphedStack& stack, std::size_t number) {
        std::map<std::string_view, const Drift*> drifts;
        for (const auto& finding : stack.open)
            drifts.emplace(finding.drift.address, &finding.drift);
        for (const auto& resource : stack.graph.resources()) {
            Node node{stack.name,  resource.address,  resource.type,
                      resource.id, resource.identity, resource.provider};
            if (const auto it = drifts.find(resource.address); it != drifts.end())
                mark(node, *it->second);
            drifts.erase(resource.address);
            add(std::move(node), number);
        }
        // What Git or live alone knows of is in no graph.
        for (const auto& [address, drift] : drifts) {
            Node node{stack.name, drift->address, drift->type, drift->id, "", ""};
            mark(node, *drift);
            add(std::move(node), number);
        }
    }

    static void mark(Node& node, const Drift& drift) {
        auto& shown = node.drift.emplace();
        shown.side = drift.side;
        shown.change = drift.change;
        shown.cause = drift.cause;
        shown.severity = drift.severity;
    }

    std::size_t add(Node node, std::size_t number) {
        const auto position = graph_.nodes.size();
        positions_[number].emplace(node.address, position);
        graph_.nodes.push_back(std::move(node));
        return position;
    }

    // The node of an address that a tie names; a stack as a whole becomes one when it is needed.
    std::optional<std::size_t> at(const GraphedStack& stack, std::size_t number,
                                  const std::string& address) {
        if (const auto it = positions_[number].find(address); it != positions_[number].end())
            return it->second;
        if (!address.empty()) return std::nullopt;
        return add({stack.name, "", "", "", "", ""}, number);
    }

    void addOffers(const GraphedStack& stack, std::size_t number) {
        for (const auto& offer : stack.graph.offers())
            offers_[offer.key].push_back({&stack, number, offer.address});
        for (const auto& resource : stack.graph.resources())
            if (!resource.identity.empty())
                offers_[resource.identity].push_back({&stack, number, resource.address});
    }

    void addEdges(const GraphedStack& stack, std::size_t number) {
        for (const auto& resource : stack.graph.resources())
            for (const auto& user : stack.graph.dependentsOf(resource.address))
                edges_.insert({positions_[number].at(user), positions_[number].at(resource.address),
                               Kind::Uses});
        for (const auto& need : stack.graph.needs()) {
            const auto offered = offers_.find(need.key);
            if (offered == offers_.end()) continue;
            for (const auto& offer : offered->second) {
                if (offer.number == number) continue;
                const auto from = at(stack, number, need.address);
                const auto to = at(*offer.stack, offer.number, offer.address);
                if (from && to) edges_.insert({*from, *to, Kind::Needs});
            }
        }
    }

    // The later one points at the first.
    void addSame() {
        std::map<std::string_view, std::vector<std::size_t>> byIdentity;
        for (std::size_t i = 0; i < graph_.nodes.size(); ++i)
            if (isWorldwide(graph_.nodes[i].identity))
                byIdentity[graph_.nodes[i].identity].push_back(i);
        for (const auto& [identity, nodes] : byIdentity)
            for (std::size_t i = 1; i < nodes.size(); ++i) {
                const auto& first = graph_.nodes[nodes.front()];
                const auto& other = graph_.nodes[nodes[i]];
                if (first.stack != other.stack && canBeSameThing(first.type, other.type))
                    edges_.insert({nodes[i], nodes.front(), Kind::Same});
            }
    }

    struct Offer {
        const GraphedStack* stack;
        std::size_t number;
        std::string address;
    };

    EstateGraph graph_;
    std::set<EstateGraph::Edge> edges_;
    std::vector<std::unordered_map<std::string, std::size_t>> positions_;  // a stack, by address
    std::unordered_map<std::string, std::vector<Offer>> offers_;           // by key
};

// What an edge joins with the stack, and the stack.
EstateGraph restricted(const EstateGraph& all, const std::string& only) {
    std::vector<bool> kept(all.nodes.size());
    for (std::size_t i = 0; i < kept.size(); ++i) kept[i] = all.nodes[i].stack == only;
    const auto isOwn = kept;
    EstateGraph graph;
    for (const auto& edge : all.edges)
        if (isOwn[edge.from] || isOwn[edge.to]) {
            kept[edge.from] = kept[edge.to] = true;
            graph.edges.push_back(edge);
        }
    std::vector<std::size_t> moved(kept.size());
    for (std::size_t i = 0; i < kept.size(); ++i) {
        moved[i] = graph.nodes.size();
        if (kept[i]) graph.nodes.push_back(all.nodes[i]);
    }
    for (auto& edge : graph.edges) edge = {moved[edge.from], moved[edge.to], edge.kind};
    return graph;
}

}  // namespace

EstateGraph estateGraph(const std::vector<GraphedStack>& stacks, const std::string& only) {
    auto graph = Drawing(stacks).take();
    return only.empty() ? graph : restricted(graph, only);
}

std::string_view name(EstateGraph::Kind kind) noexcept {
    constexpr std::array<std::string_view, 3> words = {"uses", "needs", "same"};
    return words[static_cast<std::size_t>(kind)];
}

}  // namespace driftkeeper
