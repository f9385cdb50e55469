#include "daemon/base/log.hpp"
#include "parsers/text/ascii.hpp"

#define SD_JOURNAL_SUPPRESS_LOCATION  // it would always be this file
#include <sys/stat.h>
#include <sys/uio.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "parsers/text/printable.hpp"

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
        return c <= ' ' || c == '"' || c == '=' || c == '\\' || c >= 0x7f;
    });
    if (plain) {
        out += value;
        return;
    }
    std::string quoted;
    for (const char c : value) {
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += c;
    }
    out += '"' + printable(quoted) + '"';
}

void appendFields(std::string& out, std::initializer_list<Field> fields) {
    for (const auto& field : fields) {
        out += ' ';
        out += field.key;
        out += '=';
        appendValue(out, field.value);
    }
}

// A journal field's name: upper case letters, digits and '_', at most 64 of them.
std::string fieldName(std::string_view key) {
    std::string out = "DRIFTKEEPER_";
    for (const char c : key.substr(0, 50)) {
        const auto upper = isLetter(c) ? static_cast<char>(c & ~0x20) : c;
        out += isLetterOrDigit(c) ? upper : '_';
    }
    return out;
}

bool sendToJournal(const std::vector<std::string>& entry) {
    std::vector<iovec> pieces;
    pieces.reserve(entry.size());
    for (const auto& field : entry)
        pieces.push_back({const_cast<char*>(field.data()), field.size()});
    return sd_journal_sendv(pieces.data(), static_cast<int>(pieces.size())) == 0;
}

}  // namespace

std::string line(Level level, std::string_view message, std::initializer_list<Field> fields) {
    std::string out = "level=";
    out += name(level);
    out += " msg=";
    appendValue(out, message);
    appendFields(out, fields);
    return out;
}

std::vector<std::string> entry(Level level, Event event, std::string_view message,
                               std::initializer_list<Field> fields) {
    std::string text = "MESSAGE=" + printable(message);
    appendFields(text, fields);
    std::vector<std::string> out = {std::move(text),
                                    "PRIORITY=" + std::to_string(static_cast<int>(level)),
                                    "SYSLOG_IDENTIFIER=driftkeeper"};
    if (!event.id.empty()) out.push_back("MESSAGE_ID=" + std::string(event.id));
    for (const auto& field : fields)
        if (!field.value.empty())
            out.push_back(fieldName(field.key) + "=" + printable(field.value));
    return out;
}

// The variable is inherited by whoever this process starts, so device and inode of the stream are
// compared.
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

void write(Level level, Event event, std::string_view message,
           std::initializer_list<Field> fields) noexcept {
    static const bool journal = stderrIsJournal();
    try {
        if (journal && sendToJournal(entry(level, event, message, fields))) return;
        // The journal may be restarting: systemd still reads the stream, and takes the priority
        // from <N>.
        std::string out =
            journal ? "<" + std::to_string(static_cast<int>(level)) + ">" : std::string();
        out += line(level, message, fields);
        out += '\n';
        [[maybe_unused]] const auto written = ::write(STDERR_FILENO, out.data(), out.size());
    } catch (...) {  // out of memory: a log line is not worth the daemon
    }
}

void write(Level level, std::string_view message, std::initializer_list<Field> fields) noexcept {
    write(level, Event{}, message, fields);
}

}  // namespace driftkeeper::log
