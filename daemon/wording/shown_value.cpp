#include "daemon/wording/shown_value.hpp"

#include <fmt/format.h>

#include "parsers/json/json_slice.hpp"
#include "parsers/text/printable.hpp"

namespace driftkeeper {
namespace {

// A string that would be read as something else without its quotes.
bool isAmbiguous(std::string_view text) {
    if (text.empty() || text == "not set" || text.front() == ' ' || text.back() == ' ') return true;
    if (std::string_view("\"([{").find(text.front()) != std::string_view::npos) return true;
    if (text.find(" → ") != std::string_view::npos) return true;
    return printable(text) != text || JsonSlice::of(text).has_value();
}

// What the daemon put in the place of a value; empty for a value.
std::string placeholder(const JsonMembers& members) {
    if (members["redacted"].text().value_or("").starts_with("hmac:")) return "(sensitive)";
    if (members["digest"].text().value_or("").starts_with("hmac:"))
        return fmt::format("({} bytes)", members["bytes"].raw());
    if (members["unknown"].flag() == true) return "(known after apply)";
    if (members["hidden"].flag() == true) return "(hidden)";
    return {};
}

}  // namespace

std::string shownValue(std::string_view canonicalJson, std::size_t width) {
    const auto json = JsonSlice::of(canonicalJson);
    if (!json) return shortened(printable(canonicalJson), width);
    if (json->isNull()) return "not set";
    if (const auto text = json->text(); text && !isAmbiguous(*text)) return shortened(*text, width);
    if (auto words = placeholder(JsonMembers(*json)); !words.empty()) return words;
    return shortened(printable(json->raw()), width);
}

}  // namespace driftkeeper
