#include "parsers/terraform/siblings.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "parsers/json/document.hpp"
#include "parsers/source/option_spec.hpp"
#include "parsers/terraform/spelling.hpp"
#include "parsers/text/ascii.hpp"

namespace driftkeeper::terraform {
namespace {

// FIELD*=ATTRIBUTE
struct Field {
    std::string name;       // of an element; empty: the element itself
    std::string attribute;  // of the sibling
    bool isSpread = false;
};

std::pair<std::string_view, std::string_view> halvesOf(std::string_view text) {
    const auto at = text.find('=');
    return at == std::string_view::npos ? std::pair(text, text)
                                        : std::pair(text.substr(0, at), text.substr(at + 1));
}

std::vector<Field> fieldsOf(std::string_view element) {
    std::vector<Field> fields;
    for (const std::string& word : splitAtBlanks(element)) {
        auto [name, attribute] = halvesOf(word);
        Field field;
        field.isSpread = name.ends_with('*');
        if (field.isSpread) name.remove_suffix(1);
        if (attribute.ends_with('*')) attribute.remove_suffix(1);
        field.name = name;
        field.attribute = attribute;
        fields.push_back(std::move(field));
    }
    return fields;
}

// Services spell protocols by name and by number.
std::string protocolOf(std::string text) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 5> names = {
        {{"6", "tcp"}, {"17", "udp"}, {"1", "icmp"}, {"58", "icmpv6"}, {"all", "-1"}}};
    for (const auto& [number, name] : names)
        if (text == number) return std::string(name);
    return text;
}

// One text for one value; empty for what is not set, in whatever way.
std::string plain(const Json& value, std::string_view field) {
    if (isZero(value)) return {};
    if (const auto document = documentIn(value)) return canonicalText(*document);
    if (!value.isScalar()) return canonicalText(value);
    std::string text = lowered(value.text);
    return field.ends_with("protocol") ? protocolOf(std::move(text)) : text;
}

void addSpread(const Json& value, const Field& field, std::vector<std::string>& found) {
    if (value.isArray()) {
        for (const auto& item : value.items) addSpread(item, field, found);
    } else if (auto text = plain(value, field.name); !text.empty()) {
        found.push_back(field.name + '=' + std::move(text));
    }
}

// What an element (or a sibling that declares one) says, in the smallest pieces: one for each value
// of its lists.
template <class ValueOf>
std::vector<std::string> atomsOf(const std::vector<Field>& fields, const ValueOf& valueOf) {
    std::string key;
    std::vector<std::string> values;
    for (const auto& field : fields) {
        if (field.isSpread)
            addSpread(valueOf(field), field, values);
        else
            key += field.name + '=' + plain(valueOf(field), field.name) + '\n';
    }
    if (values.empty()) return {key};
    for (auto& value : values) value.insert(0, key);
    return values;
}

std::vector<std::string> atomsOfElement(const std::vector<Field>& fields, const Json& element) {
    return atomsOf(fields, [&](const Field& field) -> const Json& {
        return field.name.empty() ? element : element[field.name];
    });
}

// BLOCK.ATTRIBUTE: of the first block.
const Json& valueIn(const Json& sibling, std::string_view attribute) {
    const auto dot = attribute.find('.');
    return dot == std::string_view::npos
               ? sibling[attribute]
               : sibling[attribute.substr(0, dot)].at(0)[attribute.substr(dot + 1)];
}

std::vector<std::string> atomsOfSibling(const std::vector<Field>& fields, const Json& sibling) {
    return atomsOf(fields, [&](const Field& field) -> const Json& {
        return valueIn(sibling, field.attribute);
    });
}

bool isLinked(std::string_view link, const Json& sibling, const Json& parent) {
    auto [own, names] = halvesOf(link);
    const Json& given = valueIn(sibling, own);
    std::vector<std::string> links;
    addSpread(given, {}, links);
    if (own == names && isZero(given) && isZero(parent[own])) return true;
    while (!names.empty()) {
        const auto end = std::min(names.find('|'), names.size());
        const auto& value = parent[names.substr(0, end)];
        if (!isZero(value) && std::ranges::find(links, '=' + plain(value, {})) != links.end())
            return true;
        names.remove_prefix(std::min(end + 1, names.size()));
    }
    return false;
}

bool isPartOf(const SiblingRow& row, const Json& sibling, const Json& parent) {
    if (const auto [attribute, value] = halvesOf(row.where);
        !row.where.empty() && sibling[attribute].text != value)
        return false;
    return std::ranges::all_of(splitAtBlanks(row.link), [&](const std::string& link) {
        return isLinked(link, sibling, parent);
    });
}

bool isBelow(const Leaf& leaf, std::string_view attribute) {
    const bool isLive = leaf.verdict == LeafVerdict::Open || leaf.verdict == LeafVerdict::Live;
    return isLive && !leaf.difference.path.empty() &&
           leaf.difference.path.front().text == attribute;
}

// Positions in `elements` of those that no row finds in `known`.
std::vector<std::size_t> unknownAmong(const Json& elements,
                                      const std::vector<const SiblingRow*>& rows,
                                      const std::set<std::string>& known) {
    std::vector<std::size_t> found;
    for (std::size_t at = 0; at < elements.elements().size(); ++at) {
        const auto isKnown = [&](const SiblingRow* row) {
            return std::ranges::all_of(
                atomsOfElement(fieldsOf(row->element), elements.items[at]),
                [&](const std::string& atom) { return known.contains(atom); });
        };
        if (std::ranges::none_of(rows, isKnown)) found.push_back(at);
    }
    return found;
}

std::set<std::string> atomsOfAll(const Json& elements, const std::vector<const SiblingRow*>& rows) {
    std::set<std::string> atoms;
    for (const auto* row : rows)
        for (const auto& element : elements.elements())
            for (auto& atom : atomsOfElement(fieldsOf(row->element), element))
                atoms.insert(std::move(atom));
    return atoms;
}

}  // namespace

const std::vector<Json>& Siblings::all(std::string_view type) {
    if (const auto known = byType_.find(type); known != byType_.end()) return known->second;
    auto& found = byType_[std::string(type)];
    const auto add = [&](std::string_view text) {
        if (auto value = readJson(text); value && value->isObject())
            found.push_back(*std::move(value));
    };
    for (const auto& entry : plan_.unchanged)
        if (entry.type == type) add(planEntry(entry.text).before);
    for (const auto& entry : plan_.changes)
        if (entry.managed && entry.type == type && entry.existed()) add(entry.before);
    return found;
}

void Siblings::settle(PlannedObject& object) {
    if (object.drift == nullptr || object.drifted.after.isNull()) return;
    std::map<std::string_view, std::vector<const SiblingRow*>> rows;
    for (const auto& row : siblingRows())
        if (row.parent == object.entry().type &&
            std::ranges::any_of(object.leaves,
                                [&](const Leaf& leaf) { return isBelow(leaf, row.attribute); }))
            rows[row.attribute].push_back(&row);
    for (const auto& [attribute, some] : rows) settleAttribute(object, attribute, some);
}

// What the siblings of the object say, in atoms.
Siblings::Atoms Siblings::declared(const PlannedObject& object,
                                   const std::vector<const SiblingRow*>& rows) {
    Atoms atoms;
    for (const auto* row : rows)
        for (const auto& sibling : all(row->sibling))
            if (isPartOf(*row, sibling, object.drifted.after))
                for (auto& atom : atomsOfSibling(fieldsOf(row->element), sibling))
                    atoms.insert(std::move(atom));
    return atoms;
}

void Siblings::settleAttribute(PlannedObject& object, std::string_view attribute,
                               const std::vector<const SiblingRow*>& rows) {
    const Json& before = object.drifted.before[attribute];
    const Json& live = object.drifted.after[attribute];
    Atoms known = declared(object, rows);
    const bool isWhole = rows.front()->element.empty();
    if (isWhole && known.empty()) return;
    const bool isSet = std::ranges::any_of(object.leaves, [&](const Leaf& leaf) {
        return isBelow(leaf, attribute) && leaf.verdict == LeafVerdict::Live;
    });
    if (isSet && (isWhole || !unknownAmong(before, rows, atomsOfAll(live, rows)).empty())) return;

    known.merge(atomsOfAll(before, rows));
    const auto unexplained = isWhole ? std::vector<std::size_t>() : unknownAmong(live, rows, known);
    bool isSensitive = false;
    for (auto& leaf : object.leaves) {
        if (!isBelow(leaf, attribute)) continue;
        isSensitive = isSensitive || leaf.difference.sensitive;
        leaf.verdict = LeafVerdict::Sibling;
    }
    if (unexplained.empty()) return;
    std::erase_if(object.leaves, [&](const Leaf& leaf) {
        return leaf.verdict == LeafVerdict::Sibling &&
               leaf.difference.path.front().text == attribute;
    });
    for (const auto at : unexplained) {
        AttributeDifference difference;
        difference.path = {{std::string(attribute), false}, {std::to_string(at), true}};
        difference.state = &Json::absent();
        difference.live = difference.git = &live.items[at];
        difference.sensitive = isSensitive;
        object.leaves.push_back({std::move(difference), LeafVerdict::Live});
    }
}

}  // namespace driftkeeper::terraform
