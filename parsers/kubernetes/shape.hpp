#pragma once

#include <string_view>
#include <vector>

#include "parsers/kubernetes/field_path.hpp"
#include "parsers/kubernetes/object.hpp"

namespace driftkeeper::kubernetes {

// What the managed fields of an object say of its type: the server writes them by the schema, also
// that of a custom resource. Points into the owners; a copy is one place in the object.
class Shape {
public:
    Shape() = default;  // nothing is known
    explicit Shape(const std::vector<Owner>& owners);
    // By two versions of one object.
    Shape(const std::vector<Owner>& owners, const std::vector<Owner>& others);

    [[nodiscard]] Shape member(std::string_view name) const;
    [[nodiscard]] Shape item(const Json& item) const;  // of a keyed list

    [[nodiscard]] Keys keys() const;     // of a list; none: it has none, or nobody says so
    [[nodiscard]] bool isSet() const;    // a list whose order does not count
    [[nodiscard]] bool isWhole() const;  // whoever has it has it as one value

private:
    explicit Shape(std::vector<const Json*> nodes) : nodes_(std::move(nodes)) {}

    std::vector<const Json*> nodes_;  // of every owner that has something here
};

// The keys of a list: by its shape, else by its name as the v1.36 API reference has it (patch merge
// keys, x-kubernetes-list-map-keys). None where two items have the same keys: such a list can only
// be compared item by item.
Keys listKeys(std::string_view member, const Json& list, const Shape& shape = {});

// The fields that an element of FieldsV1 names an item by, k:{"name":"web"}; an empty object for
// another one.
Json itemKeysOf(std::string_view element);

// True for the item that these fields name. A protocol that is not said is TCP.
bool isNamedBy(const Json& item, const Json& keys);

}  // namespace driftkeeper::kubernetes
