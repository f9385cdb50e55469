#include "parsers/terraform/sensitivity.hpp"

namespace driftkeeper::terraform {

void Sensitivity::add(const Json& mask) {
    if (mask.isTrue()) all_ = true;
    if (mask.isObject())
        for (std::size_t i = 0; i < mask.items.size(); ++i) {
            const auto& item = mask.items[i];
            if (item.isTrue() || item.isObject() || item.isArray()) keys_[mask.keys[i]].add(item);
        }
    if (!mask.isArray()) return;
    for (const auto& item : mask.items) {
        if (!item.isTrue() && item.items.empty()) continue;
        if (!element_) element_ = std::make_unique<Sensitivity>();
        element_->add(item);
    }
}

const Sensitivity* Sensitivity::key(std::string_view name) const noexcept {
    const auto it = keys_.find(name);
    return it == keys_.end() ? nullptr : &it->second;
}

bool holdsHidden(const Json& value, const Sensitivity* mask) {
    if (mask == nullptr) return false;
    if (mask->hidesAll()) return true;
    for (std::size_t i = 0; i < value.items.size(); ++i) {
        const auto* below = value.isObject() ? mask->key(value.keys[i]) : mask->element();
        if (holdsHidden(value.items[i], below)) return true;
    }
    return false;
}

}  // namespace driftkeeper::terraform
