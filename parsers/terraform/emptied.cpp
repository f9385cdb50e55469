#include "parsers/terraform/emptied.hpp"

#include <algorithm>
#include <map>
#include <string>

#include "parsers/graph/cause.hpp"
#include "parsers/json/json.hpp"
#include "parsers/json/json_string.hpp"
#include "parsers/terraform/attribute_difference.hpp"
#include "parsers/terraform/leaf.hpp"
#include "parsers/terraform/spelling.hpp"

namespace driftkeeper::terraform {
namespace {

struct HeldObject {
    std::string type;
    const Json* attributes = nullptr;
    bool isDeposed = false;
};
using HeldObjects = std::map<std::string, HeldObject>;  // by address

std::string instanceKey(const Json& instance) {
    const auto& key = instance["index_key"];
    if (key.isNull()) return {};
    const bool isText = key.kind == Json::Kind::String;
    return '[' + (isText ? jsonString(key.string()) : key.text) + ']';
}

// The managed ones: nobody is told what a data source answered when nothing follows from it.
HeldObjects heldObjects(const Json& state) {
    HeldObjects found;
    for (const auto& resource : state["resources"].items) {
        if (resource["mode"].string() == "data") continue;
        const auto module = std::string(resource["module"].string());
        const auto type = std::string(resource["type"].string());
        const auto block = (module.empty() ? "" : module + '.') + type + '.' +
                           std::string(resource["name"].string());
        for (const auto& instance : resource["instances"].items) {
            const auto deposed = std::string(instance["deposed"].string());
            found[block + instanceKey(instance) + (deposed.empty() ? "" : ' ' + deposed)] = {
                type, &instance["attributes"], !deposed.empty()};
        }
    }
    return found;
}

bool isEmptied(const AttributeDifference& difference) {
    const bool hasNull = difference.state->isNull() || difference.live->isNull();
    return hasNull && isSameInAnotherSpelling(*difference.state, *difference.live);
}

// Nothing that is null or empty is secret.
std::optional<Drift> emptiedDrift(const std::string& address, const HeldObject& was,
                                  const HeldObject& is, const ValueTags& tags) {
    static const Json known;
    const auto differences =
        attributeDifferences(*was.attributes, *is.attributes, *was.attributes, known, {});
    if (was.isDeposed || !std::ranges::all_of(differences, isEmptied)) return std::nullopt;
    Drift drift;
    drift.address = address;
    drift.type = was.type;
    drift.id = (*was.attributes)["id"].string();
    drift.side = Side::Live;
    drift.change = Change::Modified;
    drift.cause = cause::cosmetic;
    for (const auto& difference : differences)
        drift.attributes.push_back(present({difference, LeafVerdict::Cosmetic}, tags));
    return drift;
}

}  // namespace

std::optional<std::vector<Drift>> emptiedOnly(std::string_view before, std::string_view after,
                                              const ValueTags& tags) {
    const auto stored = readJson(before);
    const auto refreshed = readJson(after);
    if (!stored || !refreshed) return std::nullopt;
    const auto then = heldObjects(*stored);
    const auto now = heldObjects(*refreshed);
    if (then.size() != now.size()) return std::nullopt;
    std::vector<Drift> drifts;
    for (const auto& [address, was] : then) {
        const auto is = now.find(address);
        if (is == now.end()) return std::nullopt;
        if (sameValue(*was.attributes, *is->second.attributes)) continue;
        auto drift = emptiedDrift(address, was, is->second, tags);
        if (!drift) return std::nullopt;
        drifts.push_back(*std::move(drift));
    }
    return drifts;
}

}  // namespace driftkeeper::terraform
