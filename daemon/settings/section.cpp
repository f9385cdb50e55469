#include "daemon/settings/section.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace driftkeeper {
namespace {

// A guess, or the words themselves where they are few.
std::string meant(std::string_view word, const std::vector<std::string_view>& words) {
    constexpr std::size_t few = 12;
    const auto guess = nearest(word, words);
    if (!guess.empty()) return fmt::format("; did you mean {}?", guess);
    return words.size() > few ? "" : fmt::format("; known here: {}", fmt::join(words, ", "));
}

}  // namespace

std::string memberPath(const std::string& path, std::string_view key) {
    return path.empty() ? std::string(key) : fmt::format("{}.{}", path, key);
}

std::string_view shortenedKey(std::string_view key) {
    return key.substr(0, 60);
}

Section::Section(Reading& reading, Place place) : reading_(reading), place_(std::move(place)) {
    if (place_.noted != nullptr) place_.noted->kind = SettingNode::Kind::Mapping;
    if (!place_ || place_.node->kind == YamlNode::Kind::Null ||
        place_.node->kind == YamlNode::Kind::Mapping)
        return;
    reading_.mistake(place_, "wrong_type", "a mapping (key: value) is expected here", Show::No);
    place_.node = nullptr;
}

bool Section::has(std::string_view key) const noexcept {
    return place_ && place_.node->find(key) != nullptr;
}

Place Section::take(std::string_view key, std::string_view help, std::string_view example) {
    return take(key, help, example, Need::Optional);
}

Place Section::require(std::string_view key, std::string_view help, std::string_view example) {
    return take(key, help, example, Need::Required);
}

Place Section::take(std::string_view key, std::string_view help, std::string_view example,
                    Need need) {
    taken_.emplace_back(key);
    Place found{place_ ? place_.node->find(key) : nullptr, memberPath(place_.path, key)};
    if (reading_.isDescribing()) found.node = place_.node;
    if (place_.noted != nullptr) {
        found.noted = &place_.noted->part(key);
        found.noted->needed = need == Need::Required;
        found.noted->help = help;
        found.noted->example = example;
    }
    if (need == Need::Required && !found && place_)
        reading_.mistake({place_.node, found.path}, "missing_key",
                         fmt::format("{} is missing", key), Show::No);
    return found;
}

void Section::secret(std::string_view key, const SecretHelp& help, SecretSource& value,
                     TextJudge judge, Need need) {
    const std::string direct(key);
    const std::string named = direct + "_file";
    oneOf({direct, named}, fmt::format("{} and {} are both given; one is enough", direct, named),
          need == Need::Required ? fmt::format("{} or {} is missing", direct, named) : "");
    const auto text = take(direct, help.help, help.example);
    const auto file = take(named, "File that holds the secret.", help.fileExample);
    if (text && file && !reading_.isDescribing()) return;
    reading_.text(text, value.value, judge, Show::No);
    reading_.file(file, value.file);
}

void Section::oneOf(const std::vector<std::string>& keys, const std::string& tooMany,
                    const std::string& none) {
    noteOneOf(keys, !none.empty());
    int given = 0;
    for (const auto& key : keys)
        if (has(key) && ++given == 2)
            reading_.mistake({place_.node->find(key), memberPath(place_.path, key)}, "both_given",
                             tooMany, Show::No);
    if (given == 0 && !none.empty() && place_)
        reading_.mistake(place_, "missing_key", none, Show::No);
}

void Section::noteOneOf(const std::vector<std::string>& keys, bool needed) const {
    if (place_.noted != nullptr) place_.noted->groups.push_back({keys, needed});
}

void Section::noteRule(SettingNode::Rule rule) const {
    if (place_.noted != nullptr) place_.noted->rules.push_back(std::move(rule));
}

const std::vector<YamlEntry>& Section::entries() const noexcept {
    static const std::vector<YamlEntry> nothing;
    return place_ ? place_.node->mapping : nothing;
}

void Section::close() {
    const std::vector<std::string_view> known(taken_.begin(), taken_.end());
    for (const auto& [key, value] : entries()) {
        if (std::ranges::find(taken_, key.scalar) != taken_.end()) continue;
        const auto shown = shortenedKey(key.scalar);
        const Place place{&key, memberPath(place_.path, shown)};
        reading_.mistake(place, "unknown_key",
                         fmt::format("unknown key {}{}", shown, meant(key.scalar, known)));
    }
}

}  // namespace driftkeeper
