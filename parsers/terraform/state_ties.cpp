#include "parsers/terraform/state_ties.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "parsers/terraform/address.hpp"
#include "parsers/terraform/backend.hpp"

namespace driftkeeper::terraform {
namespace {

constexpr int farthest = 16;  // steps through locals, arguments and outputs

std::string inModule(const std::string& module, std::string_view address) {
    return module.empty() ? std::string(address) : module + "." + std::string(address);
}

// "module.a.module.b" -> "module.a" and "b".
std::pair<std::string, std::string> callOf(const std::string& module) {
    const auto name = module.rfind("module.");
    return {module.substr(0, name == 0 ? 0 : name - 1), module.substr(name + 7)};
}

std::string replaced(std::string text, std::string_view what, const std::string& by) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
    return text;
}

// The parts of a traversal between its dots.
std::vector<std::string_view> partsOf(std::string_view traversal) {
    std::vector<std::string_view> parts;
    for (;;) {
        const auto dot = traversal.find('.');
        parts.push_back(traversal.substr(0, dot));
        if (dot == std::string_view::npos) return parts;
        traversal.remove_prefix(dot + 1);
    }
}

// What an expression comes from in the end.
struct Origins {
    std::set<std::string> blocks;  // addresses of resources and data sources, without instance keys
    std::set<std::string> states;  // keys of other stacks' outputs
};

class Follower {
public:
    Follower(const Modules& modules, const StatePlace& place) : modules_(modules), place_(place) {}

    Origins origins(const std::vector<std::string>& traversals, const std::string& module) {
        origins_ = {};
        seen_.clear();
        followAll(traversals, module, 0);
        return std::move(origins_);
    }

private:
    using Words = std::map<std::string, std::vector<std::string>>;

    void followAll(const std::vector<std::string>& traversals, const std::string& module,
                   int depth) {
        for (const auto& traversal : traversals) follow(traversal, module, depth);
    }

    void followNamed(const Words& words, std::string_view name, const std::string& module,
                     int depth) {
        if (const auto found = words.find(std::string(name)); found != words.end())
            followAll(found->second, module, depth + 1);
    }

    void follow(const std::string& traversal, const std::string& module, int depth) {
        const auto parts = partsOf(traversal);
        const auto here = modules_.find(module);
        if (depth > farthest || parts.size() < 2 || here == modules_.end()) return;
        if (!seen_.insert(module + " " + traversal).second) return;
        const auto& configuration = here->second;
        if (parts[0] == "local") {
            followNamed(configuration.locals, parts[1], module, depth);
        } else if (parts[0] == "var") {
            followArgument(module, parts[1], depth);
        } else if (parts[0] == "module") {
            const auto inner = inModule(module, "module." + std::string(parts[1]));
            const auto found = modules_.find(inner);
            if (found != modules_.end() && parts.size() > 2)
                followNamed(found->second.outputs, parts[2], inner, depth);
        } else if (parts[0] == "dependency") {
            const auto state = place_.dependencies.find(std::string(parts[1]));
            if (parts.size() > 3 && parts[2] == "outputs" && state != place_.dependencies.end())
                origins_.states.insert("tfstate:" + state->second + "#" + std::string(parts[3]));
        } else if (parts[0] != "data") {
            origins_.blocks.insert(
                inModule(module, std::string(parts[0]) + "." + std::string(parts[1])));
        } else if (parts.size() > 4 && parts[1] == "terraform_remote_state" &&
                   parts[3] == "outputs") {
            addState(module, std::string(parts[2]), parts[4]);
        }
    }

    void followArgument(const std::string& module, std::string_view name, int depth) {
        if (module.empty()) return followNamed(place_.arguments, name, module, depth);
        const auto [outer, call] = callOf(module);
        const auto found = modules_.find(outer);
        if (found == modules_.end()) return;
        const auto& calls = found->second.modules;
        if (const auto one = std::ranges::find(calls, call, &ModuleCall::name); one != calls.end())
            followNamed(one->arguments, name, outer, depth);
    }

    void addState(const std::string& module, const std::string& name, std::string_view output) {
        const auto& remotes = modules_.at(module).remoteStates;
        const auto found = remotes.find(name);
        if (found == remotes.end()) return;
        const auto& remote = found->second;
        BackendSettings settings;
        for (const auto& [key, value] : remote.config) settings[key] = known(value, module);
        if (const auto key = backendKey(remote.backend, settings, known(remote.workspace, module),
                                        place_.directory))
            origins_.states.insert("tfstate:" + *key + "#" + std::string(output));
    }

    // With the names that stand for what we know: not the folder of another module than the root.
    [[nodiscard]] std::string known(std::string text, const std::string& module) const {
        text = replaced(std::move(text), "${terraform.workspace}",
                        place_.workspace.empty() ? "default" : place_.workspace);
        text = replaced(std::move(text), "${path.root}", place_.directory);
        return module.empty() ? replaced(std::move(text), "${path.module}", place_.directory)
                              : text;
    }

    const Modules& modules_;
    const StatePlace& place_;
    Origins origins_;
    std::set<std::string> seen_;
};

}  // namespace

void addStateTies(ResourceGraph& graph, const Modules& modules, const StatePlace& place) {
    const auto saysSomething = [](const auto& one) {
        return !one.second.outputs.empty() || !one.second.references.empty();
    };
    if (std::ranges::none_of(modules, saysSomething)) {
        if (place.key) graph.offer("", "tfstate:" + *place.key);
        return;
    }
    std::unordered_map<std::string, std::vector<std::string>>
        instances;  // by address of the configuration
    for (const auto& resource : graph.resources())
        instances[withoutKeys(resource.address)].push_back(resource.address);
    Follower follower(modules, place);
    if (const auto root = modules.find(""); place.key && root != modules.end()) {
        graph.offer("", "tfstate:" + *place.key);
        for (const auto& [name, traversals] : root->second.outputs)
            for (const auto& block : follower.origins(traversals, "").blocks)
                for (const auto& address : instances[block])
                    graph.offer(address, "tfstate:" + *place.key + "#" + name);
    }
    for (const auto& [module, configuration] : modules)
        for (const auto& [block, traversals] : configuration.references) {
            const auto found = instances.find(inModule(module, block));
            if (found == instances.end()) continue;
            for (const auto& key : follower.origins(traversals, module).states)
                for (const auto& address : found->second) graph.need(address, key);
        }
}

}  // namespace driftkeeper::terraform
