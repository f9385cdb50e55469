#include "parsers/terraform/attribute_difference.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "parsers/json/secrets.hpp"
#include "parsers/terraform/spelling.hpp"
#include "parsers/text/secret_names.hpp"

namespace driftkeeper::terraform {
namespace {

const Json& null = Json::absent();
// Pairing two lists compares each with each: 100 by 100 blocks take milliseconds.
constexpr std::size_t mostComparisons = 10'000;

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
        return std::ranges::all_of(all,
                                   [&](const Json* v) { return v->isNull() || v->kind == kind; }) &&
               std::ranges::any_of(all, [&](const Json* v) { return !v->items.empty(); });
    }

    // Switched on or off: no secret, whatever it is called.
    [[nodiscard]] bool isFlag() const noexcept {
        return std::ranges::all_of(
            values(), [](const Json* v) { return v->isNull() || v->kind == Json::Kind::Bool; });
    }

private:
    static bool holdsTrue(const Json& mask) noexcept {
        return mask.isTrue() || std::ranges::any_of(mask.items, holdsTrue);
    }
};

class Comparison {
public:
    void compare(const Place& place, const Sensitivity* mask, bool secretPlace) {
        if (place.equal()) return;
        const bool secret =
            (secretPlace && !place.isFlag()) || (mask != nullptr && mask->hidesAll());
        const auto before = found.size();
        if (!secret && place.isAll(Json::Kind::Object)) compareMembers(place, mask);
        if (!secret && place.isAll(Json::Kind::Array)) compareElements(place, mask);
        if (found.size() == before) addLeaf(place, mask, secret);
    }

    // A mask that hides all of it hides each member on its own.
    void compareMembers(const Place& place, const Sensitivity* mask) {
        const bool secret = mask != nullptr && mask->hidesAll();
        std::set<std::string_view> keys;
        for (const auto* value : place.values())
            keys.insert(value->keys.begin(), value->keys.end());
        if (place.unknown->isObject())
            keys.insert(place.unknown->keys.begin(), place.unknown->keys.end());
        for (const auto key : keys) {
            const Place member{&(*place.state)[key], &(*place.live)[key], &(*place.git)[key],
                               place.gitUnknown() ? place.unknown : &(*place.unknown)[key]};
            if (member.equal()) continue;
            path_.push_back({std::string(key), false});
            compare(member, mask == nullptr ? nullptr : mask->key(key),
                    secret || isSecretMember(place, key));
            path_.pop_back();
        }
    }

    std::vector<AttributeDifference> found;

private:
    void addLeaf(const Place& place, const Sensitivity* mask, bool secret, bool reordered = false) {
        // Unknown members that are not there yet, beside known ones that are equal.
        const bool unknown = place.gitPartlyUnknown();
        for (const auto* value : place.values())
            secret = secret || holdsHidden(*value, mask) || isSecret(*value);
        found.push_back({path_, place.state, place.live, unknown ? &null : place.git, unknown,
                         secret, reordered});
    }

    void compareElement(std::size_t index, const Place& element, const Sensitivity* mask,
                        bool secret) {
        path_.push_back({std::to_string(index), true});
        compare(element, mask == nullptr ? nullptr : mask->element(), secret);
        path_.pop_back();
    }

    static bool isSecretMember(const Place& place, std::string_view key) {
        if (looksSecret(key)) return true;
        return std::ranges::any_of(place.values(), [&](const Json* object) {
            const auto at = std::ranges::lower_bound(object->keys, key);
            if (at == object->keys.end() || *at != key) return false;
            return isSecretPlace(*object, static_cast<std::size_t>(at - object->keys.begin()));
        });
    }

    static bool isSecretElement(const Json& list, std::size_t index) {
        return index < list.items.size() && list.isArray() && isSecretPlace(list, index);
    }

    void compareElements(const Place& place, const Sensitivity* mask) {
        if (isReordered(place)) return addLeaf(place, mask, false, true);
        const auto& [state, live, git, unknown] = place;
        static const Json wholly{Json::Kind::Bool, "true", {}, {}};
        if (place.gitUnknown()) {
            align(
                *state, *live,
                [](const Json& s, const Json& l) {
                    return Place{&s, &l, &null, &wholly};
                },
                mask);
        } else if (place.gitPartlyUnknown() || allOfOneLength(place)) {
            const auto count =
                std::max({state->items.size(), live->items.size(), git->items.size()});
            for (std::size_t i = 0; i < count; ++i)
                compareElement(i, {&state->at(i), &live->at(i), &git->at(i), &unknown->at(i)}, mask,
                               isSecretElement(*state, i) || isSecretElement(*live, i) ||
                                   isSecretElement(*git, i));
        } else if (sameValue(*git, *state)) {
            align(
                *state, *live,
                [](const Json& s, const Json& l) {
                    return Place{&s, &l, &s, &null};
                },
                mask);
        } else if (sameValue(*state, *live)) {
            align(
                *git, *live,
                [](const Json& g, const Json& l) {
                    return Place{&l, &l, &g, &null};
                },
                mask);
        } else if (sameValue(*git, *live)) {
            align(
                *state, *live,
                [](const Json& s, const Json& l) {
                    return Place{&s, &l, &l, &null};
                },
                mask);
        }
        // Three different lists of different lengths are told as a whole.
    }

    static bool isReordered(const Place& place) {
        if (place.gitPartlyUnknown() && !place.gitUnknown()) return false;
        return isReordering(*place.state, *place.live) &&
               (place.gitUnknown() || isReordering(*place.live, *place.git));
    }

    // Three lists that all differ, element by element.
    static bool allOfOneLength(const Place& place) {
        const auto length = place.live->items.size();
        const bool twoAreEqual = sameValue(*place.git, *place.state) ||
                                 sameValue(*place.state, *place.live) ||
                                 sameValue(*place.git, *place.live);
        return !twoAreEqual && place.state->items.size() == length &&
               place.git->items.size() == length;
    }

    // Pairs what is left of two lists without their equal heads and tails, under the index in the
    // second one.
    template <class MakePlace>
    void align(const Json& a, const Json& b, MakePlace place, const Sensitivity* mask) {
        for (const auto& [i, j] : pairsOf(a.items, b.items))
            compareElement(j ? *j : *i, place(i ? a.items[*i] : null, j ? b.items[*j] : null), mask,
                           (i && isSecretPlace(a, *i)) || (j && isSecretPlace(b, *j)));
    }

    using Index = std::optional<std::size_t>;
    using Pairs = std::vector<std::pair<Index, Index>>;

    static Pairs zip(const std::vector<std::size_t>& left, const std::vector<std::size_t>& right) {
        Pairs pairs;
        for (std::size_t k = 0; k < std::max(left.size(), right.size()); ++k)
            pairs.emplace_back(k < left.size() ? Index(left[k]) : Index(),
                               k < right.size() ? Index(right[k]) : Index());
        return pairs;
    }

    static Pairs pairsOf(const std::vector<Json>& a, const std::vector<Json>& b) {
        const auto shorter = std::min(a.size(), b.size());
        std::size_t head = 0;
        while (head < shorter && sameValue(a[head], b[head])) ++head;
        std::size_t tail = 0;
        while (head + tail < shorter && sameValue(a[a.size() - 1 - tail], b[b.size() - 1 - tail]))
            ++tail;
        std::vector<std::size_t> left;
        std::vector<std::size_t> right;
        for (auto i = head; i + tail < a.size(); ++i) left.push_back(i);
        for (auto j = head; j + tail < b.size(); ++j) right.push_back(j);
        auto pairs = zip(left, right);
        if (!holdsBlocks(a, left) || !holdsBlocks(b, right) ||
            left.size() * right.size() > mostComparisons)
            return pairs;

        // The plan does not tell a set of blocks from a list: one that changed stands elsewhere,
        // and pairs blocks that have nothing to do with each other. So blocks that are on both
        // sides are put aside, when that leaves less to tell.
        const auto common = [&](std::size_t i) {
            const auto it =
                std::ranges::find_if(right, [&](std::size_t j) { return sameValue(a[i], b[j]); });
            if (it == right.end()) return false;
            right.erase(it);
            return true;
        };
        std::erase_if(left, common);
        auto fewer = zip(left, right);
        return fewer.empty() || fewer.size() >= pairs.size() ? pairs : fewer;
    }

    static bool holdsBlocks(const std::vector<Json>& list, const std::vector<std::size_t>& which) {
        return std::ranges::all_of(which, [&](std::size_t i) { return list[i].isObject(); });
    }

    AttributePath path_;
};

}  // namespace

std::vector<AttributeDifference> attributeDifferences(const Json& state, const Json& live,
                                                      const Json& git, const Json& unknown,
                                                      const Sensitivity& sensitivity) {
    Comparison comparison;
    comparison.compareMembers({&state, &live, &git, &unknown}, &sensitivity);
    return std::move(comparison.found);
}

}  // namespace driftkeeper::terraform
