#include "parsers/json/json_writer.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace driftkeeper {

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
    return put(nlohmann::json(value).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
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

}  // namespace driftkeeper
