#include "daemon/base/log.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

namespace driftkeeper::log {
namespace {

std::string_view name(Level level) noexcept {
    switch (level) {
        case Level::Error:
            return "error";
        case Level::Warning:
            return "warning";
        case Level::Info:
            return "info";
        case Level::Debug:
            return "debug";
    }
    return "info";
}

void appendValue(std::string& out, std::string_view value) {
    const bool plain = !value.empty() && std::ranges::none_of(value, [](unsigned char c) {
        return c <= ' ' || c == '"' || c == '=' || c == '\\' || c == 0x7f;
    });
    if (plain) {
        out += value;
        return;
    }
    out += '"';
    for (const char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (c == '\n') {
            out += "\\n";
        } else if (byte < 0x20 || byte == 0x7f) {
            out += '?';
        } else {
            out += c;
        }
    }
    out += '"';
}

// $JOURNAL_STREAM names the device and inode of the stream that systemd gave us; it is inherited, so both are compared.
bool stderrIsJournal() noexcept {
    const char* stream = std::getenv("JOURNAL_STREAM");
    struct stat status {};
    if (stream == nullptr || fstat(STDERR_FILENO, &status) != 0) return false;
    const std::string_view text = stream;
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) return false;
    unsigned long long device = 0;
    unsigned long long inode = 0;
    std::from_chars(text.data(), text.data() + colon, device);
    std::from_chars(text.data() + colon + 1, text.data() + text.size(), inode);
    return device == status.st_dev && inode == status.st_ino;
}

}  // namespace

std::string line(Level level, std::string_view message, std::initializer_list<Field> fields) {
    std::string out = "level=";
    out += name(level);
    out += " msg=";
    appendValue(out, message);
    for (const auto& field : fields) {
        out += ' ';
        out += field.key;
        out += '=';
        appendValue(out, field.value);
    }
    return out;
}

void write(Level level, std::string_view message, std::initializer_list<Field> fields) noexcept {
    static const bool journal = stderrIsJournal();
    try {
        std::string out = journal ? "<" + std::to_string(static_cast<int>(level)) + ">" : std::string();
        out += line(level, message, fields);
        out += '\n';
        [[maybe_unused]] const auto written = ::write(STDERR_FILENO, out.data(), out.size());
    } catch (...) {  // out of memory: a log line is not worth the daemon
    }
}

}  // namespace driftkeeper::log
