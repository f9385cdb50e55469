#include <algorithm>

#include "daemon/judge/rules.hpp"
#include "daemon/settings/sections.hpp"
#include "parsers/graph/cause.hpp"

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

const std::vector<std::string_view>& causeWords() {
    static const std::vector<std::string_view> words = [] {
        std::vector<std::string_view> made{cause::outOfBand,      cause::appliedElsewhere, cause::unappliedCommit,
                                           cause::tainted,        cause::conflict,         cause::perpetual,
                                           cause::providerUpgrade};
        made.insert(made.end(), builtinWords().begin(), builtinWords().end());
        return made;
    }();
    return words;
}

// Causes are known words; a pattern of them may be anything.
void readCauses(Reading& reading, const Place& place, std::vector<std::string>& causes) {
    for (const auto& item : reading.items(place)) {
        const bool pattern =
            item.node->kind == YamlNode::Kind::Scalar && item.node->scalar.find('*') != std::string::npos;
        std::optional<std::string> word;
        if (pattern) {
            reading.text(item, word.emplace(), judgePattern, Show::Yes);
        } else {
            word = reading.word(item, causeWords());
        }
        if (word && !word->empty()) causes.push_back(std::move(*word));
    }
}

void readRuleMatch(Reading& reading, const Place& place, RuleMatch& match) {
    Section section(reading, place);
    reading.texts(section.take("stack"), match.stack, judgeGlob, Show::Yes);
    reading.texts(section.take("address"), match.address, judgePattern, Show::Yes);
    reading.texts(section.take("type"), match.type, judgePattern, Show::Yes);
    reading.texts(section.take("id"), match.id, judgePattern, Show::Yes);
    reading.texts(section.take("attribute"), match.attribute, judgeAttribute, Show::Yes);
    readWords<Side>(reading, section.take("side"), match.side, sideWords, sideWord);
    readWords<Change>(reading, section.take("change"), match.change, changeWords, changeWord);
    readCauses(reading, section.take("cause"), match.cause);
    section.close();
}

// Nothing at all is more likely a slip than meant; `match: { address: "*" }` says it aloud.
bool isEmpty(const Place& place) {
    if (place.node->kind == YamlNode::Kind::Null) return true;
    if (place.node->kind != YamlNode::Kind::Mapping) return false;
    return std::ranges::all_of(place.node->mapping, [](const YamlEntry& entry) {
        return entry.value.kind == YamlNode::Kind::Null ||
               (entry.value.kind == YamlNode::Kind::Sequence && entry.value.sequence.empty());
    });
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
    const auto match = section.require("match");
    readRuleMatch(reading, match, rule.match);
    if (match && isEmpty(match))
        reading.mistake(match, "empty_match", "the rule says nothing of what it hides", Show::No);
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
