#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/settings/section.hpp"

namespace driftkeeper {

// The words that a match may hold, in settings and on the command line.
inline const std::vector<std::string_view> sideWords{"live", "git", "both", "unknown"};
inline const std::vector<std::string_view> changeWords{"modified", "deleted", "created"};
inline const std::vector<std::string_view> severityWords{"info", "warning", "critical"};
inline const std::vector<std::string_view> kindWords{"drift",    "stale",     "repository",
                                                     "channel",  "ownership", "reconciler",
                                                     "orphaned", "overload",  "daemon"};
const std::vector<std::string_view>& providerWords();  // the names of all kinds of providers

inline const std::vector<std::string_view> weekdayWords{"mon", "tue", "wed", "thu",
                                                        "fri", "sat", "sun"};

// A list of such words, each as the value that it names.
template <class Value>
void readWords(Reading& reading, const Place& place, std::vector<Value>& values,
               const std::vector<std::string_view>& words,
               std::optional<Value> (*from)(std::string_view)) {
    for (const auto& item : reading.items(place)) {
        const auto word = reading.word(item, words);
        if (word) values.push_back(from(*word).value());
    }
}

// 0 = Sunday.
inline std::optional<unsigned> weekdayWord(std::string_view word) {
    for (unsigned day = 0; day < weekdayWords.size(); ++day)
        if (weekdayWords[day] == word) return (day + 1) % 7;
    return std::nullopt;
}
inline std::optional<std::string> sameWord(std::string_view word) {
    return std::string(word);
}
inline std::optional<Side> sideWord(std::string_view word) {
    return sideFrom(word);
}
inline std::optional<Change> changeWord(std::string_view word) {
    return changeFrom(word);
}
inline std::optional<Severity> severityWord(std::string_view word) {
    return severityFrom(word);
}

}  // namespace driftkeeper
