#include "daemon/settings/section.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace driftkeeper {
namespace {

std::size_t shownLength(const YamlNode& node) {
    if (node.kind != YamlNode::Kind::Scalar) return 1;
    const auto points =
        std::ranges::count_if(node.scalar, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
    return static_cast<std::size_t>(points) + (node.plain ? 0 : 2);
}

std::string meant(std::string_view word, const std::vector<std::string_view>& words) {
    const auto guess = nearest(word, words);
    return guess.empty() ? "" : fmt::format("; did you mean {}?", guess);
}

std::string member(const std::string& path, std::string_view key) {
    return path.empty() ? std::string(key) : fmt::format("{}.{}", path, key);
}

// Keys are repeated in messages, but not without end.
std::string_view shortened(std::string_view key) {
    return key.substr(0, 60);
}

}  // namespace

void Reading::mistake(const Place& place, std::string_view code, std::string message, Show show) {
    const std::size_t shown = show == Show::Yes ? shownLength(*place.node) : 0;
    mistake(place.node->position, code, std::move(message), shown);
    mistakes_.back().keyPath = place.path;
}

void Reading::mistake(TextPosition position, std::string_view code, std::string message, std::size_t shown) {
    SettingsMistake made{file_, position, "", fmt::format("settings/{}", code), std::move(message), "", 0};
    addExcerpt(made, lines_.line(position.line), shown);
    mistakes_.push_back(std::move(made));
}

std::vector<SettingsMistake> Reading::takeMistakes() {
    std::ranges::stable_sort(mistakes_, {}, &SettingsMistake::position);
    return std::move(mistakes_);
}

bool Reading::isScalar(const Place& place, std::string_view expected) {
    if (place.node->kind == YamlNode::Kind::Scalar) return true;
    mistake(place, "wrong_type", fmt::format("{} is expected here", expected), Show::No);
    return false;
}

void Reading::duration(const Place& place, Seconds& value, Seconds least) {
    if (!place || !isScalar(place, "a duration as 30s, 5m, 2h or 1d")) return;
    const auto read = durationFrom(place.node->scalar);
    if (!read) return mistake(place, "bad_duration", "this is no duration; write it as 30s, 5m, 2h or 1d");
    if (*read < least) return mistake(place, "out_of_range", fmt::format("at least {}s", least.count()));
    value = *read;
}

void Reading::boolean(const Place& place, bool& value) {
    if (!place || !isScalar(place, "true or false")) return;
    const auto& text = place.node->scalar;
    if (!place.node->plain || (text != "true" && text != "false")) {
        return mistake(place, "wrong_type", "true or false is expected here");
    }
    value = text == "true";
}

void Reading::integer(const Place& place, long& value, long least, long most) {
    if (!place || !isScalar(place, "a whole number")) return;
    const auto& text = place.node->scalar;
    long read = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), read);
    if (!place.node->plain || error == std::errc::invalid_argument || end != text.data() + text.size()) {
        return mistake(place, "wrong_type", "a whole number is expected here");
    }
    if (error != std::errc() || read < least || read > most) {
        return mistake(place, "out_of_range", fmt::format("a number from {} to {}", least, most));
    }
    value = read;
}

void Reading::text(const Place& place, std::string& value, Judgement (*judge)(std::string_view), Show show) {
    if (!place || !isScalar(place, "a text")) return;
    if (const auto bad = judge(place.node->scalar)) return mistake(place, bad->code, bad->message, show);
    value = place.node->scalar;
}

void Reading::file(const Place& place, std::filesystem::path& value) {
    static constexpr std::string_view variable = "${CREDENTIALS_DIRECTORY}";
    std::string name;
    text(place, name, judgeFileName, Show::Yes);
    if (name.empty()) return;
    if (name.starts_with(variable)) {
        // Outside of the service (config check, the clients) it is where systemd will put them.
        const auto folder = variables_("CREDENTIALS_DIRECTORY").value_or("/run/credentials/driftkeeper.service");
        name.replace(0, variable.size(), folder);
    }
    if (name.find("${") != std::string::npos) {
        return mistake(place, "unknown_variable", "only ${CREDENTIALS_DIRECTORY} is known, in front of a file name");
    }
    value = name;
}

std::vector<Place> Reading::items(const Place& place) {
    std::vector<Place> out;
    if (!place || place.node->kind == YamlNode::Kind::Null) return out;
    if (place.node->kind != YamlNode::Kind::Sequence) return {place};
    for (std::size_t at = 0; at < place.node->sequence.size(); ++at) {
        out.push_back({&place.node->sequence[at], fmt::format("{}[{}]", place.path, at)});
    }
    return out;
}

void Reading::texts(const Place& place, std::vector<std::string>& values, Judgement (*judge)(std::string_view),
                    Show show) {
    if (!place) return;
    values.clear();
    for (const auto& item : items(place)) {
        std::string value;
        text(item, value, judge, show);
        if (!value.empty()) values.push_back(std::move(value));
    }
}

std::optional<std::string> Reading::word(const Place& place, const std::vector<std::string_view>& words) {
    if (!place || !isScalar(place, "a word")) return std::nullopt;
    const auto& text = place.node->scalar;
    if (std::ranges::find(words, text) != words.end()) return text;
    const auto guess = meant(text, words);
    mistake(place, "unknown_value",
            guess.empty() ? fmt::format("one of: {}", fmt::join(words, ", ")) : "unknown word" + guess);
    return std::nullopt;
}

void Reading::environment(const Place& place, Environment& values) {
    if (!place || place.node->kind == YamlNode::Kind::Null) return;
    if (place.node->kind != YamlNode::Kind::Mapping) {
        return mistake(place, "wrong_type", "a mapping of names to values is expected here", Show::No);
    }
    for (const auto& [key, value] : place.node->mapping) {
        const Place name{&key, member(place.path, shortened(key.scalar))};
        const Place given{&value, name.path};
        if (const auto bad = judgeVariableName(key.scalar)) {
            mistake(name, bad->code, bad->message);
        } else if (isScalar(given, "a text")) {
            values[key.scalar] = value.scalar;
        }
    }
}

Section::Section(Reading& reading, Place place) : reading_(reading), place_(std::move(place)) {
    if (!place_ || place_.node->kind == YamlNode::Kind::Null || place_.node->kind == YamlNode::Kind::Mapping) return;
    reading_.mistake(place_, "wrong_type", "a mapping (key: value) is expected here", Show::No);
    place_.node = nullptr;
}

bool Section::has(std::string_view key) const noexcept {
    return place_ && place_.node->find(key) != nullptr;
}

Place Section::take(std::string_view key) {
    taken_.emplace_back(key);
    return {place_ ? place_.node->find(key) : nullptr, member(place_.path, key)};
}

Place Section::require(std::string_view key) {
    auto found = take(key);
    if (!found && place_)
        reading_.mistake({place_.node, found.path}, "missing_key", fmt::format("{} is missing", key), Show::No);
    return found;
}

void Section::secret(std::string_view key, SecretSource& value, Judgement (*judge)(std::string_view)) {
    const auto direct = take(key);
    const std::string fileKey = fmt::format("{}_file", key);
    const auto named = take(fileKey);
    if (direct && named) {
        return reading_.mistake(named, "both_given",
                                fmt::format("{} and {} are both given; one is enough", key, fileKey), Show::No);
    }
    reading_.text(direct, value.value, judge, Show::No);
    reading_.file(named, value.file);
}

const std::vector<YamlEntry>& Section::entries() const noexcept {
    static const std::vector<YamlEntry> none;
    return place_ ? place_.node->mapping : none;
}

void Section::close() {
    const std::vector<std::string_view> known(taken_.begin(), taken_.end());
    for (const auto& [key, value] : entries()) {
        if (std::ranges::find(taken_, key.scalar) != taken_.end()) continue;
        const Place place{&key, member(place_.path, shortened(key.scalar))};
        reading_.mistake(place, "unknown_key",
                         fmt::format("unknown key {}{}", shortened(key.scalar), meant(key.scalar, known)));
    }
}

}  // namespace driftkeeper
