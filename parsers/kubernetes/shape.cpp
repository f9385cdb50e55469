#include "parsers/kubernetes/shape.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "parsers/json/json.hpp"
#include "parsers/kubernetes/json_edit.hpp"

namespace driftkeeper::kubernetes {
namespace {

using Row = std::pair<std::string_view, std::string_view>;

constexpr std::array byOneKey = {
    Row{"containers", "name"},
    Row{"initContainers", "name"},
    Row{"ephemeralContainers", "name"},
    Row{"env", "name"},
    Row{"volumes", "name"},
    Row{"imagePullSecrets", "name"},
    Row{"secrets", "name"},
    Row{"webhooks", "name"},
    Row{"matchConditions", "name"},
    Row{"resourceClaims", "name"},
    Row{"schedulingGates", "name"},
    Row{"volumeMounts", "mountPath"},
    Row{"volumeDevices", "devicePath"},
    Row{"hostAliases", "ip"},
    Row{"conditions", "type"},
    Row{"ownerReferences", "uid"},
};

bool allHave(const Json& list, std::string_view key) noexcept {
    return std::ranges::all_of(
        list.items, [&](const Json& item) { return item.isObject() && !item[key].text.empty(); });
}

Keys keysByName(std::string_view member, const Json& list) {
    for (const auto& [name, key] : byOneKey)
        if (name == member && allHave(list, key)) return {std::string(key)};
    if (member == "ports" && allHave(list, "containerPort")) return {"containerPort", "protocol"};
    if (member == "ports" && allHave(list, "port")) return {"port", "protocol"};
    if (member == "topologySpreadConstraints" && allHave(list, "topologyKey"))
        return {"topologyKey", "whenUnsatisfiable"};
    return {};
}

bool areDifferent(const Json& list, const Keys& keys) {
    std::set<std::string> seen;
    return std::ranges::all_of(list.items, [&](const Json& item) {
        return item.isObject() && seen.insert(itemStep(item, keys).text).second;
    });
}

// The names of the fields that the items of a keyed list are named by.
Keys keysIn(const Json& node) {
    for (const std::string& key : node.keys)
        if (key.starts_with("k:")) return itemKeysOf(key).keys;
    return {};
}

const Json* childNamed(const Json& node, const Json& item) {
    const Keys keys = keysIn(node);
    if (keys.empty()) return nullptr;
    Json named = emptyObject();
    for (const std::string& key : keys) {
        const bool isUnsaid = key == "protocol" && item[key].isNull();
        put(named, key, isUnsaid ? stringOf("TCP") : item[key]);
    }
    const std::string text = "k:" + canonicalText(named);
    if (node.has(text)) return &node[text];
    // Go writes these letters another way.
    if (text.find_first_of("<>&") == std::string::npos) return nullptr;
    for (std::size_t i = 0; i < node.keys.size(); ++i)
        if (isNamedBy(item, itemKeysOf(node.keys[i]))) return &node.items[i];
    return nullptr;
}

}  // namespace

Shape::Shape(const std::vector<Owner>& owners) {
    for (const Owner& owner : owners) nodes_.push_back(&owner.fields);
}

Shape::Shape(const std::vector<Owner>& owners, const std::vector<Owner>& others) : Shape(owners) {
    for (const Owner& owner : others) nodes_.push_back(&owner.fields);
}

Shape Shape::member(std::string_view name) const {
    std::vector<const Json*> below;
    const std::string key = "f:" + std::string(name);
    for (const Json* node : nodes_)
        if (node->has(key)) below.push_back(&(*node)[key]);
    return Shape(std::move(below));
}

Shape Shape::item(const Json& item) const {
    std::vector<const Json*> below;
    for (const Json* node : nodes_)
        if (const Json* child = childNamed(*node, item)) below.push_back(child);
    return Shape(std::move(below));
}

Keys Shape::keys() const {
    for (const Json* node : nodes_)
        if (Keys keys = keysIn(*node); !keys.empty()) return keys;
    return {};
}

bool Shape::isSet() const {
    return std::ranges::any_of(nodes_, [](const Json* node) {
        return std::ranges::any_of(node->keys,
                                   [](const std::string& key) { return key.starts_with("v:"); });
    });
}

bool Shape::isWhole() const {
    return !nodes_.empty() &&
           std::ranges::all_of(nodes_, [](const Json* node) { return node->items.empty(); });
}

Keys listKeys(std::string_view member, const Json& list, const Shape& shape) {
    if (shape.isWhole() && !list.items.empty()) return {};
    Keys keys = shape.keys();
    if (keys.empty()) keys = keysByName(member, list);
    return keys.empty() || areDifferent(list, keys) ? keys : Keys();
}

Json itemKeysOf(std::string_view element) {
    auto keys =
        element.starts_with("k:") ? readJson(element.substr(2)) : Result<Json>(emptyObject());
    return keys ? std::move(*keys) : emptyObject();
}

bool isNamedBy(const Json& item, const Json& keys) {
    for (std::size_t i = 0; i < keys.items.size(); ++i) {
        const Json& value = item[keys.keys[i]];
        const bool isUnsaid = value.isNull() && keys.keys[i] == "protocol";
        if (!sameValue(value, keys.items[i]) && !(isUnsaid && keys.items[i].string() == "TCP"))
            return false;
    }
    return !keys.items.empty();
}

}  // namespace driftkeeper::kubernetes
