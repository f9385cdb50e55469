#include "daemon/settings/sections.hpp"
#include "daemon/settings/text_patterns.hpp"
#include "parsers/graph/cause.hpp"

namespace driftkeeper {
namespace {

constexpr std::string_view builtinPrefix = "builtin/";

const std::vector<std::string_view>& builtinWords() {
    const auto collectWords = [] {
        std::vector<std::string_view> made;
        for (const Cause& cause : causes())
            if (cause.isNoise) made.push_back(cause.word);
        return made;
    };
    static const std::vector<std::string_view> words = collectWords();
    return words;
}

void readExpiry(Reading& reading, const Place& place, std::optional<TimePoint>& expires) {
    const auto* text = reading.scalar(place, "a date as 2026-12-31", datePattern);
    if (text == nullptr) return;
    expires = dateFrom(*text);
    if (!expires) reading.mistake(place, "bad_date", "this is not a date; write it as 2026-12-31");
    reading.note(place, *text);
}

IgnoreRule readRule(Section& section, const std::string& origin) {
    auto& reading = section.reading();
    IgnoreRule rule;
    std::string name;
    reading.text(
        section.require("name", "Name of the rule, for lists and explanations.", "autoscaling"),
        name, judgeName, Show::Yes);
    rule.name = origin + "/" + name;
    readRuleMatch(reading, section.require("match", matchHelp), rule.match);
    reading.text(section.require("reason", "Why the rule exists.", "the autoscaler sets it"),
                 rule.reason, judgeText, Show::Yes);
    reading.text(section.take("owner", "Who is responsible for the rule.", R"("@org/platform")"),
                 rule.owner, judgeText, Show::Yes);
    readExpiry(reading,
               section.take("expires",
                            "The rule ends at the start of this day (UTC). Drifts that it "
                            "would have suppressed name it.",
                            "2027-12-31"),
               rule.expires);
    section.close();
    return rule;
}

void readBuiltin(Section& section, std::vector<std::string>& off) {
    auto& reading = section.reading();
    const auto word = reading.word(
        section.require("builtin", "Name of a built-in rule.", "cascade"), builtinWords());
    std::optional<bool> enabled;
    reading.boolean(section.require("enabled", "`false` turns the built-in rule off.", "false"),
                    enabled);
    section.close();
    if (word && enabled == false) off.push_back(std::string(builtinPrefix) + *word);
}

}  // namespace

void readIgnores(Reading& reading, const Place& place, const std::string& origin,
                 std::vector<IgnoreRule>& rules, std::vector<std::string>* builtinsOff) {
    std::map<std::string, std::size_t> names;
    const auto refuse = [&](const Place& item, std::string_view key, std::string_view prefix) {
        const auto* named = item.node->find(key);
        if (named == nullptr || named->kind != YamlNode::Kind::Scalar) return;
        refuseRepeated(reading, {named, memberPath(item.path, key)},
                       std::string(prefix) + named->scalar, names, "this rule");
    };
    for (const auto& item : reading.items(place)) {
        const auto [own, builtin] = reading.forms<2>(item, [&](const YamlNode& node) {
            return builtinsOff != nullptr && node.find("builtin") != nullptr ? 1U : 0U;
        });
        if (Section section(reading, own); section.place()) {
            refuse(own, "name", "");
            rules.push_back(readRule(section, origin));
        }
        if (Section section(reading, builtin); section.place() && builtinsOff != nullptr) {
            refuse(builtin, "builtin", builtinPrefix);
            readBuiltin(section, *builtinsOff);
        }
    }
}

}  // namespace driftkeeper
