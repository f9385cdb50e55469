#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "parsers/json/json.hpp"

namespace driftkeeper::kubernetes {

// The members by which a list is merged; none: the list is one value, and its order counts.
using Keys = std::vector<std::string>;

// One step into an object: a member, an item of a keyed list or of a set (`item` points at it, in
// one of the objects compared), or an index.
struct Step {
    enum class Kind { Member, Item, Element, Index };
    Kind kind = Kind::Member;
    // Member: its name; Item: name=web or containerPort=80,protocol=TCP; Element: its JSON; Index:
    // digits
    std::string text;
    const Json* item = nullptr;
    Keys keys{};  // Item
};

using Path = std::vector<Step>;

// spec.template.spec.containers[name=web].image, metadata.annotations["a/b"], spec.rules[0].host
std::string toText(const Path& path);

// The value at a path; Json::absent() when it is not there.
const Json& valueAt(const Json& root, const Path& path) noexcept;

// The item of a list that has the same keys as `item`; nullptr: none. A protocol that is not said
// is TCP.
const Json* itemLike(const Json& list, const Json& item, const Keys& keys) noexcept;

// The element of a set; nullptr: it has none like that.
const Json* elementLike(const Json& set, const Json& element) noexcept;

Step itemStep(const Json& item, const Keys& keys);
Step elementStep(const Json& element);

}  // namespace driftkeeper::kubernetes
