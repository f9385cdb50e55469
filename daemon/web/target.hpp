#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace driftkeeper {

// What a request asks for, percent-decoded. "/" is no segment at all.
struct Target {
    std::vector<std::string> path;
    std::map<std::string, std::string> query;  // the last of two equal names; "+" is a space
    bool operator==(const Target&) const = default;
};

// RFC 9112 §3.2.1 origin-form only. nullopt: another form, a bad escape, or a control character
// (escaped or not).
std::optional<Target> parseTarget(std::string_view text);

// The fields of a form, as in a query, but values may have line ends and tabs in them.
std::optional<std::map<std::string, std::string>> parseFields(std::string_view text);

}  // namespace driftkeeper
