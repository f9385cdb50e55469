#include "daemon/judge/rules.hpp"
#include "daemon/settings/sections.hpp"

namespace driftkeeper {
namespace {

constexpr std::string_view builtinPrefix = "builtin/";

const std::vector<std::string_view>& builtinWords() {
    static const std::vector<std::string_view> words = [] {
        std::vector<std::string_view> made;
        for (const auto& rule : builtinRules())
            made.push_back(std::string_view(rule.name).substr(builtinPrefix.size()));
        return made;
    }();
    return words;
}

void readExpiry(Reading& reading, const Place& place, std::optional<TimePoint>& expires) {
    if (!place || !reading.isScalar(place, "a date as 2026-12-31")) return;
    expires = dateFrom(place.node->scalar);
    if (!expires) reading.mistake(place, "bad_date", "this is no date; write it as 2026-12-31");
}

IgnoreRule readRule(Section& section, const std::string& origin) {
    auto& reading = section.reading();
    IgnoreRule rule;
    std::string name;
    reading.text(section.require("name"), name, judgeName, Show::Yes);
    rule.name = origin + "/" + name;
    readRuleMatch(reading, section.require("match"), rule.match);
    reading.text(section.require("reason"), rule.reason, judgeText, Show::Yes);
    reading.text(section.take("owner"), rule.owner, judgeText, Show::Yes);
    readExpiry(reading, section.take("expires"), rule.expires);
    section.close();
    return rule;
}

void readBuiltin(Section& section, std::vector<std::string>& off) {
    auto& reading = section.reading();
    const auto word = reading.word(section.take("builtin"), builtinWords());
    bool enabled = true;
    reading.boolean(section.require("enabled"), enabled);
    section.close();
    if (word && !enabled) off.push_back(std::string(builtinPrefix) + *word);
}

}  // namespace

void readIgnores(Reading& reading, const Place& place, const std::string& origin, std::vector<IgnoreRule>& rules,
                 std::vector<std::string>* builtinsOff) {
    std::map<std::string, std::size_t> names;
    for (const auto& item : reading.items(place)) {
        Section section(reading, item);
        if (!section.place()) continue;
        const bool builtin = builtinsOff != nullptr && section.has("builtin");
        const std::string key = builtin ? "builtin" : "name";
        if (const auto* named = item.node->find(key); named != nullptr && named->kind == YamlNode::Kind::Scalar) {
            const auto unique = builtin ? std::string(builtinPrefix) + named->scalar : named->scalar;
            refuseRepeated(reading, {named, item.path + "." + key}, unique, names, "this rule");
        }
        if (builtin) {
            readBuiltin(section, *builtinsOff);
        } else {
            rules.push_back(readRule(section, origin));
        }
    }
}

}  // namespace driftkeeper
