#pragma once

#include <string>
#include <string_view>

namespace driftkeeper {

// `text` as a JSON string literal, quotes included. Invalid UTF-8 becomes U+FFFD. Both read back
// the same: the canonical one has \u00XX for every control character, the usual one the short \b \f
// \n \r \t.
std::string jsonString(std::string_view text);  // canonical
std::string usualJsonString(std::string_view text);

// What a string says, `raw` being what stands between its quotes. Broken escapes become U+FFFD.
std::string unescaped(std::string_view raw);

// The same; false when an escape is broken, a control character is bare, or something is no UTF-8.
bool unescape(std::string_view raw, std::string& out);

}  // namespace driftkeeper
