#pragma once

#include <string>
#include <string_view>

#include "parsers/text/secret_mask.hpp"

namespace driftkeeper {

// The text without the values of what looksSecret() names in it: NAME=VALUE and NAME: VALUE, as in
// dotenv, properties, INI, YAML, HCL, connection strings, JSON (also broken or escaped) and
// messages; --NAME VALUE and lists of such words; {name: NAME, value: VALUE}. Below a name of a
// secret in YAML every value is one, but for references. Quotes stay. Linear in the size of the
// text.
std::string withoutSecretSettings(std::string_view text, const SecretMask& mask);

// True for the names that a pair gives its name under (name, Key, ParameterKey), and its value
// (value, ParameterValue).
bool isPairName(std::string_view key);
bool isPairValue(std::string_view key);

// --password, -token: a word of a command line behind which the value follows.
bool isSecretFlag(std::string_view word);

}  // namespace driftkeeper
