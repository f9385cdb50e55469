#include "parsers/json/json_writer.hpp"

#include <fmt/format.h>

#include <cmath>

#include "parsers/json/json_string.hpp"

namespace driftkeeper {
namespace {

template <class Members>
std::string objectOf(const Members& members) {
    JsonWriter json;
    json.beginObject();
    for (const auto& [name, value] : members) json.key(name).raw(value);
    json.endObject();
    return std::move(json).take();
}

}  // namespace

JsonWriter& JsonWriter::put(std::string_view token) {
    if (separate_) text_ += ',';
    text_ += token;
    separate_ = true;
    return *this;
}

JsonWriter& JsonWriter::beginObject() {
    put("{");
    separate_ = false;
    return *this;
}

JsonWriter& JsonWriter::endObject() {
    separate_ = false;
    return put("}");
}

JsonWriter& JsonWriter::beginArray() {
    put("[");
    separate_ = false;
    return *this;
}

JsonWriter& JsonWriter::endArray() {
    separate_ = false;
    return put("]");
}

JsonWriter& JsonWriter::key(std::string_view name) {
    put(fmt::format("\"{}\":", name));
    separate_ = false;
    return *this;
}

JsonWriter& JsonWriter::text(std::string_view value) {
    return put(usualJsonString(value));
}

JsonWriter& JsonWriter::textOrNull(std::string_view value) {
    return value.empty() ? null() : text(value);
}
JsonWriter& JsonWriter::number(std::uint64_t value) {
    return put(fmt::format("{}", value));
}
JsonWriter& JsonWriter::number(double value) {
    return put(fmt::format("{}", std::isfinite(value) ? value : 0.0));
}
JsonWriter& JsonWriter::flag(bool value) {
    return put(value ? "true" : "false");
}
JsonWriter& JsonWriter::null() {
    return put("null");
}
JsonWriter& JsonWriter::raw(std::string_view json) {
    return put(json);
}

std::string jsonObject(std::initializer_list<JsonMember> members) {
    return objectOf(members);
}
std::string jsonObject(const std::vector<JsonMember>& members) {
    return objectOf(members);
}

std::string jsonArray(const std::vector<std::string>& elements) {
    JsonWriter json;
    json.beginArray();
    for (const std::string& element : elements) json.raw(element);
    json.endArray();
    return std::move(json).take();
}

}  // namespace driftkeeper
