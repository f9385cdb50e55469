#pragma once

#include <map>
#include <string>

namespace driftkeeper::cloudformation {

// The member of that name; null when there is none.
template <class T>
const T* findIn(const std::map<std::string, T>& all, const std::string& name) {
    const auto found = all.find(name);
    return found == all.end() ? nullptr : &found->second;
}

}  // namespace driftkeeper::cloudformation
