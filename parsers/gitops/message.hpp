#pragma once

#include <string>
#include <string_view>

namespace driftkeeper::gitops {

// What may be told of a controller's message: its first line, at most 200 bytes. It ends ("…")
// where values begin: at a dumped object, at what an API server says about an invalid value, behind
// a name that looks secret. User names and queries leave addresses; words that look like keys or
// tokens are replaced.
std::string summaryOf(std::string_view message);

// An address (URL, or user@host:path) without user, password and query.
std::string withoutCredentials(std::string_view url);

}  // namespace driftkeeper::gitops
