#include "daemon/model/utc.hpp"
#include "parsers/text/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace driftkeeper {
namespace {

constexpr std::string_view shape = "0000-00-00T00:00:00";  // 0: a digit

bool hasShape(std::string_view text) {
    return text.size() == shape.size() &&
           std::ranges::equal(text, shape, [](char c, char expected) {
               return expected == '0' ? isDigit(c) : c == expected;
           });
}

int digits(std::string_view text, std::size_t from, std::size_t count) {
    int value = 0;
    std::from_chars(text.data() + from, text.data() + from + count, value);
    return value;
}

// ".25" as 250000 µs; nullopt for more than microseconds or no digits.
std::optional<std::chrono::microseconds> fractionFrom(std::string_view text) {
    if (text.empty()) return std::chrono::microseconds(0);
    text.remove_prefix(1);
    if (text.empty() || text.size() > 6 || !std::ranges::all_of(text, isDigit)) return std::nullopt;
    std::string padded(text);
    padded.resize(6, '0');
    return std::chrono::microseconds(digits(padded, 0, 6));
}

}  // namespace

std::string utcText(TimePoint time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(time - day);
    auto text =
        fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                    static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                    clock.hours().count(), clock.minutes().count(), clock.seconds().count());
    if (clock.subseconds().count() != 0) {
        text += fmt::format(".{:06}", clock.subseconds().count());
        text.erase(text.find_last_not_of('0') + 1);
    }
    return text + 'Z';
}

std::optional<TimePoint> utcFrom(std::string_view text) {
    if (!text.ends_with('Z')) return std::nullopt;
    text.remove_suffix(1);
    const auto point = std::min(text.find('.'), text.size());
    const auto fraction = fractionFrom(text.substr(point));
    text = text.substr(0, point);
    if (!fraction || !hasShape(text)) return std::nullopt;
    const std::chrono::year_month_day date(
        std::chrono::year(digits(text, 0, 4)),
        std::chrono::month(static_cast<unsigned>(digits(text, 5, 2))),
        std::chrono::day(static_cast<unsigned>(digits(text, 8, 2))));
    const int hour = digits(text, 11, 2);
    const int minute = digits(text, 14, 2);
    const int second = digits(text, 17, 2);
    if (!date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
    return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
           Seconds(second) + *fraction;
}

}  // namespace driftkeeper
