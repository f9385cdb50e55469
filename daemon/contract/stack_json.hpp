#pragma once

#include "daemon/contract/stack_object.hpp"
#include "parsers/json/json.hpp"
#include "parsers/json/json_writer.hpp"

namespace driftkeeper {

// The contract's objects, one by one: written with their keys in the contract's order, read back
// from what `write` wrote. Attribute values are spliced in as they are, and come back byte for
// byte: they are canonical texts, or what ValueTags put in their place. `read` is false for
// anything else, unknown members are ignored.
void write(JsonWriter& json, const ShownDrift& shown);
void write(JsonWriter& json, const NotTold& notTold);
void write(JsonWriter& json, const Diagnostic& diagnostic);
void write(JsonWriter& json, const Coverage& coverage);
void write(JsonWriter& json, const StackObject& stack);

bool read(const Json& json, ShownDrift& shown);
bool read(const Json& json, NotTold& notTold);
bool read(const Json& json, Diagnostic& diagnostic);
bool read(const Json& json, Coverage& coverage);
bool read(const Json& json, StackObject& stack);

// A list of such objects.
template <class T>
void write(JsonWriter& json, const std::vector<T>& list) {
    json.beginArray();
    for (const auto& element : list) write(json, element);
    json.endArray();
}

template <class T>
bool read(const Json& json, std::vector<T>& list) {
    if (!json.isArray()) return false;
    list.clear();
    list.reserve(json.elements().size());
    for (const Json& element : json.elements())
        if (!read(element, list.emplace_back())) return false;
    return true;
}

// The text of an object that holds others; null when it is none.
Json readContract(std::string_view text);

// One member: text that must be there, and text that may be null (then it is empty).
bool readText(const Json& json, std::string& text);
bool readTextOrNull(const Json& json, std::string& text);

}  // namespace driftkeeper
