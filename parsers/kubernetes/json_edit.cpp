#include "parsers/kubernetes/json_edit.hpp"

#include <algorithm>

namespace driftkeeper::kubernetes {

Json* find(Json& object, std::string_view key) noexcept {
    if (!object.isObject()) return nullptr;
    const auto at = std::ranges::lower_bound(object.keys, key);
    return at == object.keys.end() || *at != key
               ? nullptr
               : &object.items[static_cast<std::size_t>(at - object.keys.begin())];
}

void put(Json& object, std::string_view key, Json value) {
    if (Json* there = find(object, key)) {
        *there = std::move(value);
        return;
    }
    const auto at = std::ranges::lower_bound(object.keys, key) - object.keys.begin();
    object.keys.insert(object.keys.begin() + at, std::string(key));
    object.items.insert(object.items.begin() + at, std::move(value));
}

void erase(Json& object, std::string_view key) {
    if (find(object, key) == nullptr) return;
    const auto at = std::ranges::lower_bound(object.keys, key) - object.keys.begin();
    object.keys.erase(object.keys.begin() + at);
    object.items.erase(object.items.begin() + at);
}

Json emptyObject() {
    Json result;
    result.kind = Json::Kind::Object;
    return result;
}

Json stringOf(std::string text) {
    Json result;
    result.kind = Json::Kind::String;
    result.text = std::move(text);
    return result;
}

bool isEmpty(const Json& value) noexcept {
    return value.isNull() || ((value.isObject() || value.isArray()) && value.items.empty());
}

}  // namespace driftkeeper::kubernetes
