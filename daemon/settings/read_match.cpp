#include <algorithm>

#include "daemon/settings/sections.hpp"
#include "parsers/graph/cause.hpp"

namespace driftkeeper {
namespace {

const std::vector<std::string_view>& causeWords() {
    const auto collectWords = [] {
        std::vector<std::string_view> made;
        for (const Cause& cause : causes()) made.push_back(cause.word);
        return made;
    };
    static const std::vector<std::string_view> words = collectWords();
    return words;
}

// Causes are known words; a pattern of them may be anything.
void readCauses(Reading& reading, const Place& place, std::vector<std::string>& causes) {
    for (const auto& item : reading.items(place)) {
        const auto [known, pattern] = reading.forms<2>(item, [](const YamlNode& node) {
            return node.kind == YamlNode::Kind::Scalar && node.scalar.find('*') != std::string::npos
                       ? 1U
                       : 0U;
        });
        std::string cause;
        if (known) cause = reading.word(known, causeWords()).value_or("");
        if (pattern) reading.text(pattern, cause, judgePattern, Show::Yes);
        if (pattern.noted != nullptr) pattern.noted->pattern = R"(\*)";
        if (!cause.empty()) causes.push_back(std::move(cause));
    }
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

}  // namespace

void readRouteMatch(Reading& reading, const Place& place, RouteMatch& match) {
    Section section(reading, place);
    reading.texts(section.take("repository", "Names of repositories.", "[infra]"), match.repository,
                  judgeText, Show::Yes);
    reading.texts(
        section.take("stack", "Globs over full names: REPOSITORY/STACK.", R"(["infra/prod/**"])"),
        match.stack, judgeGlob, Show::Yes);
    readWords<std::string>(reading, section.take("provider", "Kinds of providers.", "[terraform]"),
                           match.provider, providerWords(), sameWord);
    readWords<Side>(reading, section.take("side", "Side that changed.", "[live, both]"), match.side,
                    sideWords, sideWord);
    readWords<Change>(reading,
                      section.take("change", "Kind of change.", "[modified, deleted, created]"),
                      match.change, changeWords, changeWord);
    readWords<Severity>(reading,
                        section.take("severity", "Severity of the drift.", "[warning, critical]"),
                        match.severity, severityWords, severityWord);
    reading.texts(section.take("owner", "Owners of stacks.", R"(["@org/network"])"), match.owner,
                  judgeText, Show::Yes);
    reading.texts(
        section.take("type", "Types of resources: * is any run of characters.", R"(["aws_*"])"),
        match.type, judgeGlob, Show::Yes);
    readWords<std::string>(reading, section.take("kind", "Kinds of incidents.", "[drift, stale]"),
                           match.kind, kindWords, sameWord);
    section.close();
}

void readRuleMatch(Reading& reading, const Place& place, RuleMatch& match) {
    Section section(reading, place);
    reading.texts(
        section.take("stack", "Globs over full names: REPOSITORY/STACK.", R"(["infra/prod/**"])"),
        match.stack, judgeGlob, Show::Yes);
    reading.texts(section.take("address", "Addresses of resources: * is any run of characters.",
                               R"(["module.*.aws_autoscaling_group.workers[*]"])"),
                  match.address, judgePattern, Show::Yes);
    reading.texts(
        section.take("type", "Types of resources: * is any run of characters.", R"(["aws_*"])"),
        match.type, judgePattern, Show::Yes);
    reading.texts(section.take("id", "Physical ids: * is any run of characters.", R"(["asg-*"])"),
                  match.id, judgePattern, Show::Yes);
    reading.texts(
        section.take("attribute",
                     "Paths or JSON pointers, including everything below: rule[*].port is "
                     "/rule/*/port.",
                     R"([desired_capacity, tags.LastSeen, 'tags["cost center"]', "/rule/*/port"])"),
        match.attribute, judgeAttribute, Show::Yes);
    readWords<Side>(reading, section.take("side", "Side that changed.", "[live, both]"), match.side,
                    sideWords, sideWord);
    readWords<Change>(reading,
                      section.take("change", "Kind of change.", "[modified, deleted, created]"),
                      match.change, changeWords, changeWord);
    readCauses(reading,
               section.take("cause", "Causes: * is any run of characters.", "[out_of_band]"),
               match.cause);
    section.close();
    Reading::notEmpty(place);
    if (place && isEmpty(place))
        reading.mistake(place, "empty_match",
                        "the rule has no matcher; for everything write address: \"*\"", Show::No);
}

}  // namespace driftkeeper
