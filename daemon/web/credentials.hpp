#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace driftkeeper {

// How credentials are written in a request. Pure; every text may come in.

struct BasicCredentials {
    std::string user;
    std::string password;
    bool operator==(const BasicCredentials&) const = default;
};

// `Basic` of RFC 7617, from the value of Authorization. nullopt: another scheme, no base64, no
// colon, or a byte that no user name or password has (control characters).
std::optional<BasicCredentials> basicFrom(std::string_view authorization);

// `Bearer` of RFC 6750. nullopt: another scheme, or nothing behind it.
std::optional<std::string> bearerFrom(std::string_view authorization);

// The value of a cookie; nullopt when there is none of this name, or more than one.
std::optional<std::string> cookieFrom(std::string_view header, std::string_view name);

// The fields of application/x-www-form-urlencoded; the last of two equal names. nullopt for a bad
// escape, or for more than 200 fields. Line ends and tabs may be in values, other control
// characters may not.
std::optional<std::map<std::string, std::string>> formFrom(std::string_view body);

}  // namespace driftkeeper
