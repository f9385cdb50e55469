#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/base/events.hpp"

namespace driftkeeper::log {

enum class Level { Error = 3, Warning = 4, Info = 6, Debug = 7 };  // syslog priorities

struct Field {
    std::string_view key;
    std::string value;
};

// One entry. When stderr is the journal, by its own protocol (entry(), below); else one line to
// stderr: `level=info msg="check finished" stack=infra/prod …`. Keys are plain words; values are
// quoted when needed and printable (parsers/text): valid UTF-8 without control characters.
// Thread-safe, never throws, one write an entry. Callers give no secrets.
void write(Level level, Event event, std::string_view message,
           std::initializer_list<Field> fields = {}) noexcept;

inline void error(Event event, std::string_view message,
                  std::initializer_list<Field> fields = {}) noexcept {
    write(Level::Error, event, message, fields);
}
inline void warning(Event event, std::string_view message,
                    std::initializer_list<Field> fields = {}) noexcept {
    write(Level::Warning, event, message, fields);
}
inline void info(Event event, std::string_view message,
                 std::initializer_list<Field> fields = {}) noexcept {
    write(Level::Info, event, message, fields);
}

// The same without an event: what nobody searches for.
void write(Level level, std::string_view message,
           std::initializer_list<Field> fields = {}) noexcept;

inline void error(std::string_view message, std::initializer_list<Field> fields = {}) noexcept {
    write(Level::Error, message, fields);
}
inline void warning(std::string_view message, std::initializer_list<Field> fields = {}) noexcept {
    write(Level::Warning, message, fields);
}
inline void info(std::string_view message, std::initializer_list<Field> fields = {}) noexcept {
    write(Level::Info, message, fields);
}

// The line itself, without newline.
std::string line(Level level, std::string_view message, std::initializer_list<Field> fields);

// What the journal gets (systemd, JOURNAL_NATIVE_PROTOCOL): MESSAGE is the line without its level,
// PRIORITY and SYSLOG_IDENTIFIER as everywhere, MESSAGE_ID unless the event is empty, and
// DRIFTKEEPER_KEY for each field that is not empty.
std::vector<std::string> entry(Level level, Event event, std::string_view message,
                               std::initializer_list<Field> fields);

// Whether $JOURNAL_STREAM names the stream that stderr is.
bool stderrIsJournal() noexcept;

}  // namespace driftkeeper::log
