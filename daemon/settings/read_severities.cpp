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
                                      "The same keys as in `ignores`. A rule with attributes "
                                      "matches when any differing attribute does."),
                      rule.match);
        const auto word =
            reading.word(section.require("severity", "Severity of a matching drift.", "critical"),
                         severityWords);
        if (word) rule.severity = severityWord(*word).value();
        reading.text(section.take("reason", "Why the rule exists.", "where our customers go"),
                     rule.reason, judgeText, Show::Yes);
        section.close();
        rules.push_back(std::move(rule));
    }
}

}  // namespace driftkeeper
