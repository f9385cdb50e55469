#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "parsers/json/json.hpp"

namespace driftkeeper::kubernetes {

// One step into an object: a member, an item of a keyed list (`item` points at it, in one of the
// objects compared), or an index.
struct Step {
    enum class Kind { Member, Item, Index };
    Kind kind = Kind::Member;
    std::string
        text;  // Member: its name; Item: name=web or containerPort=80,protocol=TCP; Index: digits
    const Json* item = nullptr;
};

using Path = std::vector<Step>;

// spec.template.spec.containers[name=web].image, metadata.annotations["a/b"], spec.rules[0].host
std::string toText(const Path& path);

// The value at a path; Json::absent() when it is not there.
const Json& valueAt(const Json& root, const Path& path) noexcept;

// The keys of a list that the API merges by them (patch merge keys and x-kubernetes-list-map-keys
// of the v1.35 API reference): {"name"} for containers; empty: the list is one value, and its order
// counts. `member`: its name.
std::vector<std::string_view> listKeys(std::string_view member, const Json& list);

// The item of a list that has the same keys as `item`; nullptr: none. A protocol that is not said
// is TCP.
const Json* itemLike(const Json& list, const Json& item,
                     const std::vector<std::string_view>& keys) noexcept;

Step itemStep(const Json& item, const std::vector<std::string_view>& keys);

}  // namespace driftkeeper::kubernetes
