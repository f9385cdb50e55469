#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "parsers/result.hpp"

namespace driftkeeper {

// Where a repository is. Only the forms that are safe to follow: https, http to this host, ssh
// (also as git@host:path), file and absolute paths.
struct RemoteUrl {
    enum class Scheme { Https, Http, Ssh, File };
    Scheme scheme = Scheme::File;
    std::string user;  // decoded; empty when not given
    std::string host;  // without brackets; empty for files
    std::uint16_t port = 0;
    std::string path;   // ssh: as the server gets it; file: absolute
    std::string text;   // what libgit2 gets: no user part
    std::string shown;  // for messages: no user part, no query
};

// Error: git_url (FixSetup). The message never holds the user part.
Result<RemoteUrl> parseRemoteUrl(std::string_view url);

// True for what may be a `ref` of the settings: empty, a full hash, a branch, a tag or a name below
// refs/.
bool isValidRef(std::string_view ref);
bool isFullHash(std::string_view ref) noexcept;

// Foreign text made fit for a message: one line, at most 300 bytes, control and non-ASCII bytes
// escaped, secrets of URLs cut.
std::string scrubbed(std::string_view text);

}  // namespace driftkeeper
