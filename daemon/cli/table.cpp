#include "daemon/cli/table.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace driftkeeper {
namespace {

bool startsCodePoint(char c) noexcept {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
}

std::size_t columns(std::string_view text) noexcept {
    return static_cast<std::size_t>(std::ranges::count_if(text, startsCodePoint));
}

std::string shortened(const std::string& text, std::size_t most) {
    if (columns(text) <= most) return text;
    std::size_t end = 0;
    for (std::size_t seen = 0; end < text.size(); ++end)
        if (startsCodePoint(text[end]) && ++seen == most) break;
    return text.substr(0, end) + "…";
}

// How wide each column may be so that a line fits: the widest ones give way.
std::vector<std::size_t> fit(std::vector<std::size_t> widths, std::size_t width) {
    const auto total = [&] {
        std::size_t sum = widths.empty() ? 0 : (widths.size() - 1) * 2;
        for (const auto one : widths) sum += one;
        return sum;
    };
    while (width != 0 && total() > width) {
        const auto widest = std::ranges::max_element(widths);
        if (*widest <= 8) break;
        --*widest;
    }
    return widths;
}

}  // namespace

std::string table(const std::vector<std::string>& headings, const std::vector<std::vector<std::string>>& rows,
                  std::size_t width) {
    std::vector<std::size_t> widths;
    for (const auto& heading : headings) widths.push_back(columns(heading));
    for (const auto& row : rows)
        for (std::size_t i = 0; i < row.size() && i < widths.size(); ++i)
            widths[i] = std::max(widths[i], columns(row[i]));
    widths = fit(std::move(widths), width);

    std::string out;
    const auto add = [&](const std::vector<std::string>& row) {
        std::string line;
        for (std::size_t i = 0; i < row.size() && i < widths.size(); ++i) {
            const std::string cell = shortened(row[i], widths[i]);
            line += cell;
            line.append(widths[i] - std::min(widths[i], columns(cell)) + 2, ' ');
        }
        line.erase(line.find_last_not_of(' ') + 1);
        out += line + '\n';
    };
    add(headings);
    for (const auto& row : rows) add(row);
    return out;
}

std::size_t terminalWidth() noexcept {
    winsize size{};
    if (isatty(STDOUT_FILENO) == 0 || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return 0;
    return size.ws_col;
}

bool wantsColour() noexcept {
    const char* none = std::getenv("NO_COLOR");
    const char* term = std::getenv("TERM");
    return isatty(STDOUT_FILENO) != 0 && (none == nullptr || *none == '\0') &&
           (term == nullptr || std::string_view(term) != "dumb");
}

}  // namespace driftkeeper
