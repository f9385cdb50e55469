#include "daemon/settings/sections.hpp"

namespace driftkeeper {

void readSeverities(Reading& reading, const Place& place, std::vector<SeverityRule>& rules) {
    for (const auto& item : reading.items(place)) {
        Section section(reading, item);
        if (!section.place()) continue;
        SeverityRule rule;
        rule.name = "settings/severity[" + std::to_string(rules.size()) + "]";
        readRuleMatch(reading,
                      section.require("match",
                                      "The same keys as in `ignores`. A rule by attribute matches "
                                      "when any that differs does."),
                      rule.match);
        const auto word = reading.word(
            section.require("severity", "What such a drift is.", "critical"), severityWords);
        if (word) rule.severity = severityWord(*word).value();
        reading.text(section.take("reason", "Why, for the others.", "where our customers go"),
                     rule.reason, judgeText, Show::Yes);
        section.close();
        rules.push_back(std::move(rule));
    }
}

}  // namespace driftkeeper
