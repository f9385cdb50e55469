#include "parsers/terraform/attribute_difference.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>

namespace driftkeeper::terraform {
namespace {

const Json null;

// The same place in three values, and in the mask of what Git does not know yet.
struct Place {
    const Json* state;
    const Json* live;
    const Json* git;
    const Json* unknown;

    [[nodiscard]] bool gitUnknown() const noexcept { return unknown->isTrue(); }
    [[nodiscard]] bool gitPartlyUnknown() const noexcept { return holdsTrue(*unknown); }
    [[nodiscard]] bool equal() const noexcept {
        return !gitPartlyUnknown() && sameValue(*state, *live) && sameValue(*live, *git);
    }
    [[nodiscard]] std::array<const Json*, 3> values() const noexcept {
        return {state, live, gitUnknown() ? &null : git};
    }
    // Every value is null or of this kind, and one is not empty.
    [[nodiscard]] bool isAll(Json::Kind kind) const noexcept {
        const auto all = values();
        return std::ranges::all_of(all, [&](const Json* v) { return v->isNull() || v->kind == kind; }) &&
               std::ranges::any_of(all, [&](const Json* v) { return !v->items.empty(); });
    }

private:
    static bool holdsTrue(const Json& mask) noexcept {
        return mask.isTrue() || std::ranges::any_of(mask.items, holdsTrue);
    }
};

class Comparison {
public:
    void compare(const Place& place, const Sensitivity* mask, bool secretName) {
        if (place.equal()) return;
        const bool secret = secretName || (mask != nullptr && mask->hidesAll());
        const auto before = found.size();
        if (!secret && place.isAll(Json::Kind::Object)) compareMembers(place, mask);
        if (!secret && place.isAll(Json::Kind::Array)) compareElements(place, mask);
        if (found.size() == before) addLeaf(place, mask, secret);
    }

    // A mask that hides all of it hides each member on its own.
    void compareMembers(const Place& place, const Sensitivity* mask) {
        const bool secret = mask != nullptr && mask->hidesAll();
        std::set<std::string_view> keys;
        for (const auto* value : place.values()) keys.insert(value->keys.begin(), value->keys.end());
        if (place.unknown->isObject()) keys.insert(place.unknown->keys.begin(), place.unknown->keys.end());
        for (const auto key : keys) {
            const Place member{&(*place.state)[key], &(*place.live)[key], &(*place.git)[key],
                               place.gitUnknown() ? place.unknown : &(*place.unknown)[key]};
            path_.push_back({std::string(key), false});
            compare(member, mask == nullptr ? nullptr : mask->key(key), secret || looksSecret(key));
            path_.pop_back();
        }
    }

    std::vector<AttributeDifference> found;

private:
    void addLeaf(const Place& place, const Sensitivity* mask, bool secret) {
        // Unknown members that are not there yet, beside known ones that are equal.
        const bool unknown = place.gitPartlyUnknown();
        for (const auto* value : place.values()) secret = secret || holdsSecret(*value, mask);
        found.push_back({path_, place.state, place.live, unknown ? &null : place.git, unknown, secret});
    }

    void compareElement(std::size_t index, const Place& element, const Sensitivity* mask) {
        path_.push_back({std::to_string(index), true});
        compare(element, mask == nullptr ? nullptr : mask->element(), false);
        path_.pop_back();
    }

    void compareElements(const Place& place, const Sensitivity* mask) {
        const auto& [state, live, git, unknown] = place;
        const auto length = live->items.size();
        const bool sameLength = state->items.size() == length && (place.gitUnknown() || git->items.size() == length);
        const bool partly = place.gitPartlyUnknown();
        if (sameLength || (partly && !place.gitUnknown() && sameValue(*state, *live))) {
            const auto count = std::max(length, place.gitUnknown() ? length : git->items.size());
            for (std::size_t i = 0; i < count; ++i)
                compareElement(i, {&state->at(i), &live->at(i), &git->at(i), place.gitUnknown() ? unknown : &unknown->at(i)},
                               mask);
        } else if (partly) {
            static const Json wholly{Json::Kind::Bool, "true", {}, {}};
            align(*state, *live, [](const Json& s, const Json& l) { return Place{&s, &l, &null, &wholly}; }, mask);
        } else if (sameValue(*git, *state)) {
            align(*state, *live, [](const Json& s, const Json& l) { return Place{&s, &l, &s, &null}; }, mask);
        } else if (sameValue(*state, *live)) {
            align(*git, *live, [](const Json& g, const Json& l) { return Place{&l, &l, &g, &null}; }, mask);
        } else if (sameValue(*git, *live)) {
            align(*state, *live, [](const Json& s, const Json& l) { return Place{&s, &l, &l, &null}; }, mask);
        }
        // Three different lists of different lengths: told as a whole.
    }

    // Pairs what is left of two lists without their equal heads and tails.
    template <class MakePlace>
    void align(const Json& a, const Json& b, MakePlace place, const Sensitivity* mask) {
        const auto shorter = std::min(a.items.size(), b.items.size());
        std::size_t head = 0;
        while (head < shorter && sameValue(a.items[head], b.items[head])) ++head;
        std::size_t tail = 0;
        const auto fromEnd = [&](const Json& list) -> const Json& { return list.items[list.items.size() - 1 - tail]; };
        while (head + tail < shorter && sameValue(fromEnd(a), fromEnd(b))) ++tail;
        const auto element = [&](const Json& list, std::size_t i) -> const Json& {
            return i + tail < list.items.size() ? list.items[i] : null;
        };
        for (auto i = head; i + tail < std::max(a.items.size(), b.items.size()); ++i)
            compareElement(i, place(element(a, i), element(b, i)), mask);
    }

    AttributePath path_;
};

}  // namespace

std::vector<AttributeDifference> attributeDifferences(const Json& state, const Json& live, const Json& git,
                                                      const Json& unknown, const Sensitivity& sensitivity) {
    Comparison comparison;
    comparison.compareMembers({&state, &live, &git, &unknown}, &sensitivity);
    return std::move(comparison.found);
}

}  // namespace driftkeeper::terraform
