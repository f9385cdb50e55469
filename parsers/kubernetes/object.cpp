#include "parsers/kubernetes/object.hpp"

#include <algorithm>

#include "parsers/graph/identity.hpp"
#include "parsers/json/json.hpp"
#include "parsers/json/secrets.hpp"
#include "parsers/kubernetes/json_edit.hpp"
#include "parsers/kubernetes/ownership.hpp"
#include "parsers/text/encoding.hpp"

namespace driftkeeper::kubernetes {
namespace {

constexpr std::string_view lastAppliedKey = "kubectl.kubernetes.io/last-applied-configuration";

// The server stores stringData as data.
void moveStringData(Json& body) {
    if (body["kind"].string() != "Secret") return;
    const Json given = body["stringData"];
    erase(body, "stringData");
    if (!given.isObject() || given.items.empty()) return;
    Json data = body["data"];
    if (!data.isObject()) data = emptyObject();
    for (std::size_t i = 0; i < given.items.size(); ++i)
        put(data, given.keys[i], stringOf(base64(given.items[i].string())));
    put(body, "data", std::move(data));
}

Owner ownerFrom(const Json& entry) {
    return {std::string(entry["manager"].string()), entry["operation"].string() == "Apply",
            std::string(entry["subresource"].string()), std::string(entry["time"].string()),
            entry["fieldsV1"]};
}

void eraseAnnotation(Json& body, std::string_view key) {
    Json* meta = find(body, "metadata");
    Json* annotations = meta == nullptr ? nullptr : find(*meta, "annotations");
    if (annotations == nullptr) return;
    erase(*annotations, key);
    if (annotations->items.empty()) erase(*meta, "annotations");
}

// `kubectl replace` and `kubectl edit --save-config` write the annotation as well: then it does not
// say what was applied from Git.
bool isNotedByHand(const std::vector<Owner>& owners) {
    const auto memberOf = [](std::string_view name) {
        return Step{Step::Kind::Member, std::string(name), nullptr, {}};
    };
    const Path path = {memberOf("metadata"), memberOf("annotations"), memberOf(lastAppliedKey)};
    return std::ranges::any_of(
        owners, [&](const Owner& owner) { return isHandTool(owner) && owns(owner, path); });
}

Json normalised(Json body, const ValueTags& tags) {
    eraseAnnotation(body, lastAppliedKey);
    moveStringData(body);
    hideSecrets(body, tags.mask());
    return body;
}

}  // namespace

std::string Object::type() const {
    return group.empty() ? kind : kind + "." + group;
}

std::string Object::address() const {
    return addressOf(type(), space, name);
}

std::string Object::identity(std::string_view cluster) const {
    return kubernetesIdentity(cluster, group, kind, space, name);
}

std::string addressOf(std::string_view type, std::string_view space, std::string_view name) {
    std::string result(type);
    if (!space.empty()) result += "/" + std::string(space);
    return result + "/" + std::string(name);
}

std::optional<ObjectName> objectNameFrom(std::string_view address) {
    const std::size_t first = address.find('/');
    if (first == std::string_view::npos || first == 0) return std::nullopt;
    const std::size_t last = address.find('/', first + 1);
    ObjectName result{std::string(address.substr(0, first)), "",
                      std::string(address.substr(first + 1))};
    if (last != std::string_view::npos) {
        result.space = address.substr(first + 1, last - first - 1);
        result.name = address.substr(last + 1);
    }
    if (result.name.empty()) return std::nullopt;
    return result;
}

std::vector<std::string_view> splitObjects(std::string_view text) {
    std::vector<std::string_view> result;
    std::size_t begin = text.find('{');
    while (begin != std::string_view::npos) {
        const std::size_t next = text.find("\n{", begin);
        result.push_back(text.substr(begin, next == std::string_view::npos ? next : next - begin));
        begin = next == std::string_view::npos ? next : next + 1;
    }
    return result;
}

Result<std::vector<Object>> readObjects(std::string_view text, const ValueTags& tags) {
    std::vector<Object> result;
    for (const std::string_view part : splitObjects(text)) {
        auto document = readJson(part);
        if (!document) return std::unexpected(document.error());
        if (document->operator[]("kind").string() != "List") {
            result.push_back(objectFrom(std::move(*document), tags));
            continue;
        }
        if (Json* items = find(*document, "items"))
            for (Json& item : items->items) result.push_back(objectFrom(std::move(item), tags));
    }
    return result;
}

Object objectFrom(Json body, const ValueTags& tags) {
    Object object;
    object.apiVersion = body["apiVersion"].string();
    object.kind = body["kind"].string();
    if (const std::size_t slash = object.apiVersion.find('/'); slash != std::string::npos)
        object.group = object.apiVersion.substr(0, slash);
    const Json& meta = body["metadata"];
    object.space = meta["namespace"].string();
    object.name = meta["name"].string();
    object.uid = meta["uid"].string();
    for (const Json& entry : meta["managedFields"].items) object.owners.push_back(ownerFrom(entry));
    if (auto noted = readJson(meta["annotations"][lastAppliedKey].string());
        noted && noted->isObject() && !isNotedByHand(object.owners))
        object.lastApplied = normalised(std::move(*noted), tags);
    if (Json* inside = find(body, "metadata")) erase(*inside, "managedFields");
    object.unknown = takeEncrypted(body);
    object.body = normalised(std::move(body), tags);
    return object;
}

std::string renderedTag(const Object& object, const ValueTags& tags) {
    Json body = object.unknown.empty() ? object.body : withoutUnknown(object.body, object.unknown);
    erase(body, "status");
    if (Json* meta = find(body, "metadata")) erase(*meta, "creationTimestamp");
    return tags.tag(canonicalText(body));
}

}  // namespace driftkeeper::kubernetes
