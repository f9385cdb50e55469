#include "daemon/wording/shown_value.hpp"

#include <fmt/format.h>

#include "parsers/json/json.hpp"
#include "parsers/text/printable.hpp"

namespace driftkeeper {
namespace {

// A string that would be read as something else without its quotes.
bool isAmbiguous(std::string_view text) {
    if (text.empty() || text == "not set" || text.front() == ' ' || text.back() == ' ') return true;
    if (std::string_view("\"([{").find(text.front()) != std::string_view::npos) return true;
    if (text.find(" → ") != std::string_view::npos) return true;
    return printable(text) != text || readJson(text).has_value();
}

// What the daemon put in the place of a value; empty for a value.
std::string placeholder(const Json& value) {
    if (value["redacted"].string().starts_with("hmac:")) return "(sensitive)";
    if (value["digest"].string().starts_with("hmac:"))
        return fmt::format("({} bytes)", value["bytes"].text);
    if (value["unknown"].isTrue()) return "(known after apply)";
    if (value["hidden"].isTrue()) return "(hidden)";
    return {};
}

}  // namespace

std::string shownValue(std::string_view canonicalJson, std::size_t width) {
    const auto json = readJson(canonicalJson);
    if (!json) return shortened(printable(canonicalJson), width);
    if (json->isNull()) return "not set";
    if (json->isString() && !isAmbiguous(json->string())) return shortened(json->string(), width);
    if (auto words = placeholder(*json); !words.empty()) return words;
    return shortened(printable(canonicalJson), width);
}

}  // namespace driftkeeper
