#pragma once

#include <string_view>
#include <vector>

#include "parsers/kubernetes/field_path.hpp"
#include "parsers/kubernetes/shape.hpp"

namespace driftkeeper::kubernetes {

// One field on which two versions of an object differ; absent() where one has none. Points into
// them.
struct Difference {
    Path path;
    const Json* live = nullptr;
    const Json* git = nullptr;
};

// The fields that differ: objects member by member, keyed lists item by item, sets by their
// elements, other lists by index. What no version asks for is not compared:
// metadata.resourceVersion, uid, creationTimestamp, selfLink, deletionTimestamp. Both must outlive
// the result.
std::vector<Difference> differences(const Json& live, const Json& git, const Shape& shape = {});

// The same value in other words: 100m and 0.1, 1Gi and 1024Mi where quantities belong; an empty
// list and none. {} is not nothing: an empty selector takes everything.
bool isCosmetic(const Difference& difference);

// The same, where one side was written by people: a server drops {}.
bool isSpelling(const Difference& difference);

// What the server would make of `git` applied over `live`, as far as that is known without it:
// objects and keyed lists are merged, lists of one length item by item, all else is replaced.
Json overlaid(const Json& live, const Json& git, const Shape& shape = {},
              std::string_view member = {});

// True when the server is sure to leave `live` as it is if somebody applies `git`: all that Git
// asks for is there, and nothing else inside of what is applied as a whole.
bool isAsAsked(const Json& live, const Json& git, const Shape& shape);

}  // namespace driftkeeper::kubernetes
