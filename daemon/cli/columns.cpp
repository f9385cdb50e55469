#include "daemon/cli/columns.hpp"

#include <locale.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include <cstdlib>

namespace driftkeeper {
namespace {

// The tables of the C library, whatever locale the caller has: wcwidth asks the thread's.
class UnicodeLocale {
public:
    UnicodeLocale() noexcept : before_(uselocale(table())) {}
    ~UnicodeLocale() { uselocale(before_); }
    UnicodeLocale(const UnicodeLocale&) = delete;
    UnicodeLocale& operator=(const UnicodeLocale&) = delete;

private:
    static locale_t table() noexcept {
        static const locale_t made = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
        return made;
    }
    locale_t before_;
};

// How many bytes a code point has that begins with this one.
std::size_t bytesAfter(unsigned char lead) noexcept {
    if (lead < 0x80) return 1;
    if (lead < 0xe0) return 2;
    return lead < 0xf0 ? 3 : 4;
}

// The code point at the front and its bytes; a broken byte is one column.
wchar_t firstOf(std::string_view text, std::size_t& bytes) noexcept {
    const auto lead = static_cast<unsigned char>(text.front());
    bytes = bytesAfter(lead);
    if (bytes > text.size()) bytes = 1;
    if (bytes == 1) return static_cast<wchar_t>(lead < 0x80 ? lead : '?');
    unsigned value = lead & (0xffU >> (bytes + 1));
    for (std::size_t i = 1; i < bytes; ++i)
        value = (value << 6U) | (static_cast<unsigned char>(text[i]) & 0x3fU);
    return static_cast<wchar_t>(value);
}

std::size_t widthOf(wchar_t c) noexcept {
    const int width = wcwidth(c);
    return width < 0 ? 1 : static_cast<std::size_t>(width);
}

winsize sizeOf(int descriptor) noexcept {
    winsize size{};
    if (isatty(descriptor) == 0 || ioctl(descriptor, TIOCGWINSZ, &size) != 0) return {};
    return size;
}

// A terminal that does not know its size has the usual one.
std::size_t widthOn(int descriptor) noexcept {
    if (isatty(descriptor) == 0) return 0;
    const auto columns = sizeOf(descriptor).ws_col;
    return columns != 0 ? columns : 80;
}

}  // namespace

std::size_t columnsOf(std::string_view text) noexcept {
    const UnicodeLocale locale;
    std::size_t columns = 0;
    for (std::size_t bytes = 0; !text.empty(); text.remove_prefix(bytes))
        columns += widthOf(firstOf(text, bytes));
    return columns;
}

std::string inColumns(std::string_view text, std::size_t most) {
    if (most == 0) return {};
    if (columnsOf(text) <= most) return std::string(text);
    const UnicodeLocale locale;
    std::size_t end = 0;
    std::size_t bytes = 0;
    for (std::size_t columns = 0; end < text.size(); end += bytes) {
        columns += widthOf(firstOf(text.substr(end), bytes));
        if (columns >= most) break;
    }
    return std::string(text.substr(0, end)) + "…";
}

std::size_t terminalWidth() noexcept {
    return widthOn(STDOUT_FILENO);
}

std::size_t progressWidth() noexcept {
    return widthOn(STDERR_FILENO);
}

std::size_t terminalHeight() noexcept {
    const auto rows = sizeOf(STDOUT_FILENO).ws_row;
    return rows == 0 ? 24 : rows;
}

bool wantsColour() noexcept {
    const char* none = std::getenv("NO_COLOR");
    const char* term = std::getenv("TERM");
    return isatty(STDOUT_FILENO) != 0 && (none == nullptr || *none == '\0') &&
           (term == nullptr || std::string_view(term) != "dumb");
}

}  // namespace driftkeeper
