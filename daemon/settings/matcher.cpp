#include "daemon/settings/matcher.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/settings/match_words.hpp"

namespace driftkeeper {
namespace {

const std::vector<std::string_view> keys{"repository", "stack", "provider", "side", "change",
                                         "severity",   "owner", "type",     "kind"};

std::unexpected<Error> bad(std::string message) {
    return failure(Remedy::FixSetup, "bad_matcher", std::move(message));
}

std::string hint(std::string_view word, const std::vector<std::string_view>& words) {
    const auto guess = nearest(word, words);
    return guess.empty() ? fmt::format("one of: {}", fmt::join(words, ", "))
                         : fmt::format("did you mean {}?", guess);
}

using MatcherRead = Result<bool>;  // always true

// Any text that the judge takes.
MatcherRead addText(std::vector<std::string>& values, std::string_view value,
                    Judgement (*judge)(std::string_view)) {
    if (const auto objection = judge(value)) return bad(objection->message);
    values.emplace_back(value);
    return true;
}

// Known words, with commas between them.
template <class Value>
MatcherRead addWords(std::vector<Value>& values, std::string_view list,
                     const std::vector<std::string_view>& words,
                     std::optional<Value> (*from)(std::string_view)) {
    for (;;) {
        const auto comma = list.find(',');
        const auto word = list.substr(0, comma);
        if (std::ranges::find(words, word) == words.end())
            return bad(fmt::format("unknown word; {}", hint(word, words)));
        values.push_back(from(word).value());
        if (comma == std::string_view::npos) return true;
        list.remove_prefix(comma + 1);
    }
}

MatcherRead add(RouteMatch& match, std::string_view key, std::string_view value) {
    if (key == "repository") return addText(match.repository, value, judgeText);
    if (key == "stack") return addText(match.stack, value, judgeGlob);
    if (key == "provider")
        return addWords<std::string>(match.provider, value, providerWords(), sameWord);
    if (key == "side") return addWords<Side>(match.side, value, sideWords, sideWord);
    if (key == "change") return addWords<Change>(match.change, value, changeWords, changeWord);
    if (key == "severity")
        return addWords<Severity>(match.severity, value, severityWords, severityWord);
    if (key == "owner") return addText(match.owner, value, judgeText);
    if (key == "type") return addText(match.type, value, judgeGlob);
    if (key == "kind") return addWords<std::string>(match.kind, value, kindWords, sameWord);
    return bad(fmt::format("unknown key; {}", hint(key, keys)));
}

void addBack(std::vector<std::string>& words, std::string_view key,
             const std::vector<std::string>& values) {
    for (const auto& value : values) words.push_back(fmt::format("{}={}", key, value));
}
template <class Value>
void addBack(std::vector<std::string>& words, std::string_view key,
             const std::vector<Value>& values) {
    for (const auto value : values) words.push_back(fmt::format("{}={}", key, name(value)));
}

}  // namespace

Result<RouteMatch> parseMatcher(const std::vector<std::string>& words) {
    if (words.empty())
        return bad("give a matcher: stack=infra/prod/**, side=live …; stack=** is everything");
    RouteMatch match;
    for (std::size_t at = 0; at < words.size(); ++at) {
        const std::string_view word = words[at];
        const auto sign = word.find('=');
        const bool bare = sign == std::string_view::npos;
        const auto added =
            add(match, bare ? "stack" : word.substr(0, sign), bare ? word : word.substr(sign + 1));
        if (!added)
            return std::unexpected(added.error().within(fmt::format("matcher, word {}", at + 1)));
    }
    return match;
}

std::vector<std::string> matcherWords(const RouteMatch& match) {
    std::vector<std::string> words;
    addBack(words, "repository", match.repository);
    addBack(words, "stack", match.stack);
    addBack(words, "provider", match.provider);
    addBack(words, "side", match.side);
    addBack(words, "change", match.change);
    addBack(words, "severity", match.severity);
    addBack(words, "owner", match.owner);
    addBack(words, "type", match.type);
    addBack(words, "kind", match.kind);
    return words;
}

std::string matcherText(const RouteMatch& match) {
    return fmt::format("{}", fmt::join(matcherWords(match), " "));
}

}  // namespace driftkeeper
