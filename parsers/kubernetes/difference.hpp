#pragma once

#include <string_view>
#include <vector>

#include "parsers/kubernetes/field_path.hpp"

namespace driftkeeper::kubernetes {

// One field on which two versions of an object differ; absent() where one has none. Points into
// them.
struct Difference {
    Path path;
    const Json* live = nullptr;
    const Json* git = nullptr;
};

// The fields that differ: objects member by member, keyed lists item by item, other lists by index.
// What no version asks for is not compared: metadata.resourceVersion, uid, creationTimestamp,
// selfLink. Both must outlive the result.
std::vector<Difference> differences(const Json& live, const Json& git);

// The same value in other words: 100m and 0.1, 1Gi and 1024Mi where quantities belong; nothing and
// {} or [].
bool isCosmetic(const Difference& difference);

// What the server would make of `git` applied over `live`, as far as that is known without it:
// objects and keyed lists are merged, lists of one length item by item, all else is replaced.
Json overlaid(const Json& live, const Json& git, std::string_view member = {});

}  // namespace driftkeeper::kubernetes
