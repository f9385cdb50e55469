#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace driftkeeper::log {

enum class Level { Error = 3, Warning = 4, Info = 6, Debug = 7 };  // syslog priorities

struct Field {
    std::string_view key;
    std::string value;
};

// One line to stderr: `level=info msg="check finished" stack=infra/prod …`, with a <N> priority prefix when stderr is
// the journal. Keys are plain words; values are quoted when needed and stripped of control characters. Thread-safe,
// never throws, one write a line. Callers give no secrets.
void write(Level level, std::string_view message, std::initializer_list<Field> fields = {}) noexcept;

inline void error(std::string_view message, std::initializer_list<Field> fields = {}) noexcept {
    write(Level::Error, message, fields);
}
inline void warning(std::string_view message, std::initializer_list<Field> fields = {}) noexcept {
    write(Level::Warning, message, fields);
}
inline void info(std::string_view message, std::initializer_list<Field> fields = {}) noexcept {
    write(Level::Info, message, fields);
}

// The line itself, without prefix and newline.
std::string line(Level level, std::string_view message, std::initializer_list<Field> fields);

}  // namespace driftkeeper::log
