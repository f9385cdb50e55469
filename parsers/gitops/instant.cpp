#include "parsers/gitops/instant.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <string>
#include <utility>

namespace driftkeeper::gitops {
namespace {

using namespace std::chrono;

// Exactly `digits` digits at the front of `text`, which are taken.
std::optional<int> take(std::string_view& text, std::size_t digits) {
    if (text.size() < digits) return std::nullopt;
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
        if (text[i] < '0' || text[i] > '9') return std::nullopt;
        value = value * 10 + (text[i] - '0');
    }
    text.remove_prefix(digits);
    return value;
}

bool takeLetter(std::string_view& text, std::string_view letters) {
    if (text.empty() || letters.find(text.front()) == std::string_view::npos) return false;
    text.remove_prefix(1);
    return true;
}

// "Z" or "+02:00"; what is left of the text.
std::optional<minutes> offsetFrom(std::string_view text) {
    if (text == "Z" || text == "z") return minutes(0);
    const bool behind = text.starts_with('-');
    if (!takeLetter(text, "+-")) return std::nullopt;
    const auto hour = take(text, 2);
    if (!hour || !takeLetter(text, ":")) return std::nullopt;
    const auto minute = take(text, 2);
    if (!minute || !text.empty() || *hour > 23 || *minute > 59) return std::nullopt;
    const minutes offset = hours(*hour) + minutes(*minute);
    return behind ? -offset : offset;
}

void dropFraction(std::string_view& text) {
    if (!takeLetter(text, ".")) return;
    while (takeLetter(text, "0123456789")) {
    }
}

std::optional<double> unitFrom(std::string_view& text) {
    constexpr std::array<std::pair<std::string_view, double>, 7> units = {{{"ms", 1},
                                                                           {"us", 1e-3},
                                                                           {"µs", 1e-3},
                                                                           {"ns", 1e-6},
                                                                           {"h", 3'600'000},
                                                                           {"m", 60'000},
                                                                           {"s", 1'000}}};
    for (const auto& [unit, length] : units) {
        if (!text.starts_with(unit)) continue;
        text.remove_prefix(unit.size());
        return length;
    }
    return std::nullopt;
}

}  // namespace

std::optional<sys_seconds> instantFrom(std::string_view text) {
    std::array<int, 6> parts{};
    constexpr std::array<std::string_view, 6> before = {"", "-", "-", "Tt ", ":", ":"};
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0 && !takeLetter(text, before[i])) return std::nullopt;
        const auto part = take(text, i == 0 ? 4 : 2);
        if (!part) return std::nullopt;
        parts[i] = *part;
    }
    dropFraction(text);
    const auto offset = offsetFrom(text);
    const year_month_day date{year(parts[0]), month(static_cast<unsigned>(parts[1])),
                              day(static_cast<unsigned>(parts[2]))};
    if (!offset || !date.ok() || parts[3] > 23 || parts[4] > 59 || parts[5] > 60)
        return std::nullopt;
    return sys_days(date) + hours(parts[3]) + minutes(parts[4]) + seconds(parts[5]) - *offset;
}

std::optional<milliseconds> durationFrom(std::string_view text) {
    if (text == "0") return milliseconds(0);
    double total = 0;
    if (text.empty() || text.size() > 64) return std::nullopt;
    while (!text.empty()) {
        const auto size = text.find_first_not_of("0123456789.");
        double amount = 0;
        const std::string number(text.substr(0, size));
        const auto read = std::from_chars(number.data(), number.data() + number.size(), amount,
                                          std::chars_format::fixed);
        if (number.empty() || read.ec != std::errc() || read.ptr != number.data() + number.size())
            return std::nullopt;
        text.remove_prefix(number.size());
        const auto unit = unitFrom(text);
        if (!unit) return std::nullopt;
        total += amount * *unit;
    }
    if (total > 1e15) return std::nullopt;
    return milliseconds(static_cast<std::int64_t>(total));
}

}  // namespace driftkeeper::gitops
