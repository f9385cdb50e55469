#pragma once

#include <string_view>

#include "daemon/settings/scalars.hpp"

namespace driftkeeper {

Judgement judgeRepositoryUrl(
    std::string_view text);  // https, ssh, file, a local path, user@host:path; http on loopback
Judgement judgeHttpUrl(std::string_view text);  // http or https, without user and password
Judgement judgeMailServer(
    std::string_view text);  // smtp://HOST[:PORT] or smtps://HOST[:PORT], nothing else
Judgement judgeMailAddress(std::string_view text);  // name@host alone

// localhost, 127.x.x.x or ::1, without brackets.
bool isLoopback(std::string_view host) noexcept;

}  // namespace driftkeeper
