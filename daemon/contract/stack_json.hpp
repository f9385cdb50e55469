#pragma once

#include "daemon/contract/stack_object.hpp"
#include "parsers/json/json_slice.hpp"
#include "parsers/json/json_writer.hpp"

namespace driftkeeper {

// The contract's objects, one by one: written with their keys in the contract's order, read back from what `write`
// wrote. Attribute values are spliced in and cut out as they are. `read` is false for anything else, unknown members
// are ignored.
void write(JsonWriter& json, const ShownDrift& shown);
void write(JsonWriter& json, const NotTold& notTold);
void write(JsonWriter& json, const Diagnostic& diagnostic);
void write(JsonWriter& json, const Coverage& coverage);
void write(JsonWriter& json, const StackObject& stack);

bool read(JsonSlice json, ShownDrift& shown);
bool read(JsonSlice json, NotTold& notTold);
bool read(JsonSlice json, Diagnostic& diagnostic);
bool read(JsonSlice json, Coverage& coverage);
bool read(JsonSlice json, StackObject& stack);

// A list of such objects.
template <class T>
void write(JsonWriter& json, const std::vector<T>& list) {
    json.beginArray();
    for (const auto& element : list) write(json, element);
    json.endArray();
}

template <class T>
bool read(JsonSlice json, std::vector<T>& list) {
    const auto elements = json.elements();
    if (!elements) return false;
    list.clear();
    list.reserve(elements->size());
    for (const auto element : *elements)
        if (!read(element, list.emplace_back())) return false;
    return true;
}

// One member: text that must be there, and text that may be null (then it is empty).
bool readText(JsonSlice json, std::string& text);
bool readTextOrNull(JsonSlice json, std::string& text);

}  // namespace driftkeeper
