#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/model/nearest.hpp"
#include "daemon/model/time.hpp"

namespace driftkeeper {

// What single values of the settings must look like. Pure.

// 30s 5m 2h 1d, whole numbers; nullopt for anything else and for more than ten years.
std::optional<Seconds> durationFrom(std::string_view text) noexcept;

// The same back, in the largest unit that fits: 90m, 2h.
std::string durationWords(Seconds duration);

// 512MiB 20GiB 1TiB, whole numbers; nullopt for anything else and for more than 1024 TiB.
std::optional<std::uint64_t> bytesFrom(std::string_view text) noexcept;
std::string bytesWords(std::uint64_t bytes);  // back, in the largest unit that fits

// Why a text is not acceptable: a code without its room, and a sentence that does not repeat the
// text.
struct Objection {
    std::string code;
    std::string message;
};
using Judgement = std::optional<Objection>;  // nullopt: fine

Judgement judgeName(std::string_view text);  // of a repository or channel: letters, digits, . _ -
Judgement judgeStackName(std::string_view text);  // may hold '/', '@' and blanks
Judgement judgeText(std::string_view text);       // no control characters, no option
Judgement judgeWords(
    std::string_view text);  // no control characters; what no tool gets as an argument
Judgement judgeWorkspace(std::string_view text);     // what terraform takes as a workspace name
Judgement judgeRef(std::string_view text);           // git check-ref-format, and never an option
Judgement judgeInnerPath(std::string_view text);     // relative, stays inside, no option
Judgement judgeCheckoutPath(std::string_view text);  // absolute, tidy, no folder of the system
Judgement judgeFileName(std::string_view text);      // on this host; no option
Judgement judgeProgram(std::string_view text);       // a name on PATH or a path
Judgement judgeGlob(std::string_view text);          // * ? ** [..]
Judgement judgeTimeZone(std::string_view text);      // of the tz database on this host
Judgement judgeVariableName(
    std::string_view text);  // of the environment: its form, and the names that tools must not get

Judgement judgeSecret(std::string_view text);  // long enough not to be guessed
Judgement judgeSocket(std::string_view text);  // the absolute path of a Unix socket
Judgement judgeHost(std::string_view text);    // as in a Host header, with or without a port
Judgement judgeUser(std::string_view text);    // of basic authentication

Judgement judgePattern(std::string_view text);    // `*` over addresses, types, ids
Judgement judgeAttribute(std::string_view text);  // a path or a JSON pointer into a resource

// 2026-12-31: its first moment, UTC. nullopt for anything else.
std::optional<TimePoint> dateFrom(std::string_view text) noexcept;
// 00:00 to 24:00, since midnight. nullopt for anything else.
std::optional<Seconds> clockTimeFrom(std::string_view text) noexcept;

std::string clockTimeWords(Seconds sinceMidnight);  // back

// A relative path without "." and doubled or final slashes; ".." as far as it can be resolved. "."
// for nothing.
std::string tidyPath(std::string_view text);

struct ListenAddress {
    std::string host;  // numeric, without brackets
    std::uint16_t port = 0;
};
// HOST:PORT with a numeric address or localhost; :PORT is every address. The objection otherwise.
Judgement judgeListen(std::string_view text, ListenAddress& address);

}  // namespace driftkeeper
