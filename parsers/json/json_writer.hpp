#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace driftkeeper {

// Writes one compact JSON value in the order in which its parts are given; commas and colons
// come by themselves. The caller keeps brackets in pairs and gives a key before each member
// of an object.
class JsonWriter {
public:
    JsonWriter& beginObject();
    JsonWriter& endObject();
    JsonWriter& beginArray();
    JsonWriter& endArray();
    JsonWriter& key(std::string_view name);          // plain ASCII
    JsonWriter& text(std::string_view value);        // any bytes; invalid UTF-8 becomes U+FFFD
    JsonWriter& textOrNull(std::string_view value);  // empty: null
    JsonWriter& number(std::uint64_t value);
    JsonWriter& number(
        double value);  // shortest text that reads back the same; 0 for what JSON cannot say
    JsonWriter& flag(bool value);
    JsonWriter& null();
    JsonWriter& raw(std::string_view json);  // a value that is JSON already, put in as it is

    [[nodiscard]] std::string take() && { return std::move(text_); }

private:
    JsonWriter& put(std::string_view token);

    std::string text_;
    bool separate_ = false;  // the next value or key stands behind another one
};

// The same for what is made inside out: values that are JSON already (jsonString makes one of a
// text), under names of plain ASCII.
using JsonMember = std::pair<std::string_view, std::string>;
std::string jsonObject(std::initializer_list<JsonMember> members);
std::string jsonObject(const std::vector<JsonMember>& members);
std::string jsonArray(const std::vector<std::string>& elements);

}  // namespace driftkeeper
