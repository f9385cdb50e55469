#include "parsers/cloudformation/graph.hpp"

#include "parsers/cloudformation/values.hpp"
#include "parsers/graph/identity.hpp"

namespace driftkeeper::cloudformation {
namespace {

constexpr std::string_view providerAddress = "hashicorp/aws";

class Drawing {
public:
    Drawing(ResourceGraph& graph, const StackSides& sides)
        : graph_(graph),
          sides_(sides),
          around_(deployedSurroundings(sides)),
          functions_(sides.deployed, around_),
          region_(arnPart(sides.stack.id, 3)) {}

    void draw() {
        for (const auto& resource : sides_.resources) add(resource);
        for (const auto& [id, resource] : sides_.deployed.resources) connect(id, resource);
        for (const auto& output : sides_.stack.outputs)
            if (!output.exportName.empty()) offer(output);
    }

private:
    void add(const StackResource& resource) {
        const std::string address = sides_.prefix + resource.logicalId;
        const std::string_view id = resource.physicalId;
        const PhysicalNames names{.arn = id.starts_with("arn:") ? id : std::string_view(),
                                  .region = region_,
                                  .account = arnPart(sides_.stack.id, 4),
                                  .partition = arnPart(sides_.stack.id, 1)};
        graph_.add({address, resource.type, resource.physicalId, std::string(providerAddress),
                    identityOf(providerAddress, resource.type, id, names)});
        if (!sides_.prefix.empty())
            graph_.link(sides_.prefix.substr(0, sides_.prefix.size() - 1), address);
    }

    void connect(const std::string& id, const TemplateResource& resource) {
        const std::string address = sides_.prefix + id;
        for (const auto& name : namesIn(resource.properties, sides_.deployed.conditions))
            if (name != id) graph_.link(address, sides_.prefix + name);
        for (const auto& name : resource.attributes["DependsOn"].items)
            graph_.link(address, sides_.prefix + std::string(name.string()));
        if (!graph_.contains(address)) return;
        for (const auto& import : importsIn(resource.properties)) {
            const Json name = functions_.resolved(import);
            if (!name.string().empty()) graph_.need(address, keyOf(name.string()));
        }
    }

    void offer(const StackOutput& output) {
        const Json& value = sides_.deployed.outputs[output.key]["Value"];
        bool isOffered = false;
        for (const auto& name : namesIn(value, sides_.deployed.conditions)) {
            if (!graph_.contains(sides_.prefix + name)) continue;
            graph_.offer(sides_.prefix + name, keyOf(output.exportName));
            isOffered = true;
        }
        if (!isOffered) graph_.offer("", keyOf(output.exportName));
    }

    [[nodiscard]] std::string keyOf(std::string_view name) const {
        return "cfn-export:" + region_ + ":" + std::string(name);
    }

    ResourceGraph& graph_;
    const StackSides& sides_;
    Surroundings around_;
    Functions functions_;
    std::string region_;
};

}  // namespace

void addToGraph(ResourceGraph& graph, const StackSides& sides) {
    Drawing(graph, sides).draw();
}

}  // namespace driftkeeper::cloudformation
