#pragma once

#include <optional>
#include <string_view>

namespace driftkeeper {

// SCHEME://[USER@]HOST[:PORT][/PATH][?QUERY], pointing into its text. Nothing is decoded or
// refused: whoever has to name the mistake of a URL needs the parts of malformed ones, too.
struct UrlParts {
    std::string_view scheme;
    std::string_view user;       // with its password, which holds no "/?#"
    std::string_view host;       // without brackets
    std::string_view port;       // all behind the host, with its colon; empty: none
    std::string_view path;       // with query and fragment
    std::string_view authority;  // HOST[:PORT]
    bool hasUser = false;
};

// nullopt: there is no "://".
std::optional<UrlParts> urlParts(std::string_view text);

// [USER@]HOST[:PORT] into user, host, port and authority.
UrlParts authorityParts(std::string_view text);

}  // namespace driftkeeper
