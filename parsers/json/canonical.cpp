#include "parsers/json/json.hpp"
#include "parsers/json/json_string.hpp"

namespace driftkeeper {
namespace {

void append(std::string& out, const Json& value) {
    switch (value.kind) {
        case Json::Kind::Null:
            out += "null";
            return;
        case Json::Kind::Bool:
        case Json::Kind::Number:
            out += value.text;
            return;
        case Json::Kind::String:
            out += jsonString(value.text);
            return;
        case Json::Kind::Array:
        case Json::Kind::Object:
            break;
    }
    out += value.isArray() ? '[' : '{';
    for (std::size_t i = 0; i < value.items.size(); ++i) {
        if (i > 0) out += ',';
        if (value.isObject()) {
            out += jsonString(value.keys[i]);
            out += ':';
        }
        append(out, value.items[i]);
    }
    out += value.isArray() ? ']' : '}';
}

}  // namespace

std::string canonicalText(const Json& value) {
    std::string out;
    append(out, value);
    return out;
}

Result<std::string> canonicalJson(std::string_view text) {
    const auto value = readJson(text);
    if (!value) return std::unexpected(value.error());
    return canonicalText(*value);
}

}  // namespace driftkeeper
