#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "parsers/json/canonical.hpp"

namespace driftkeeper {

// A member of a JSON object: a name, and a value that is JSON text already.
using JsonMember = std::pair<std::string_view, std::string>;

template <class Members>
std::string jsonObjectOf(const Members& members) {
    std::string text = "{";
    for (const auto& [key, value] : members) {
        if (text.size() > 1) text += ',';
        text += jsonString(key);
        text += ':';
        text += value;
    }
    return text + '}';
}

inline std::string jsonObject(std::initializer_list<JsonMember> members) {
    return jsonObjectOf(members);
}
inline std::string jsonObject(const std::vector<JsonMember>& members) {
    return jsonObjectOf(members);
}

// `elements` are JSON texts.
inline std::string jsonArray(const std::vector<std::string>& elements) {
    std::string text = "[";
    for (const std::string& element : elements) {
        if (text.size() > 1) text += ',';
        text += element;
    }
    return text + ']';
}

}  // namespace driftkeeper
