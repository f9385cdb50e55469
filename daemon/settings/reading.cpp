#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "daemon/settings/section.hpp"
#include "daemon/settings/text_patterns.hpp"
#include "daemon/settings/url.hpp"
#include "parsers/text/url_secrets.hpp"

namespace driftkeeper {
namespace {

constexpr std::string_view hidden = "<hidden>";

std::size_t shownLength(const YamlNode& node) {
    if (node.kind != YamlNode::Kind::Scalar) return 1;
    const auto points = std::ranges::count_if(
        node.scalar, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
    return static_cast<std::size_t>(points) + (node.plain ? 0 : 2);
}

std::string masked(const std::string& value, Show show) {
    if (show == Show::Yes) return withoutUrlSecrets(value, hidden);
    const auto sign = value.find('=');
    if (show == Show::Key && sign != std::string::npos)
        return value.substr(0, sign + 1).append(hidden);
    return show == Show::Key ? value : std::string(hidden);
}

void noteKind(const Place& place, SettingNode::Kind kind, std::string_view pattern = {}) {
    if (place.noted == nullptr) return;
    place.noted->kind = kind;
    place.noted->pattern = pattern;
}

// What everything is while readers describe themselves.
const YamlNode anything;

}  // namespace

Reading::Reading(const std::string& file, std::string_view text, VariableLookup variables)
    : variables_(std::move(variables)) {
    addText(file, text);
}

Reading Reading::describing() {
    Reading reading("", "", [](std::string_view) { return std::nullopt; });
    reading.describes_ = true;
    return reading;
}

Place Reading::root(const YamlNode& node, SettingNode* noted) const {
    return {describes_ ? &anything : &node, "", noted};
}

std::size_t Reading::addText(const std::string& file, std::string_view text) {
    const auto before = lines_;
    sources_.push_back({file, before, TextLines(text)});
    lines_ += static_cast<std::size_t>(std::ranges::count(text, '\n')) +
              2;  // the parser may be behind the last one
    return before;
}

const Reading::Source& Reading::sourceOf(TextPosition position) const {
    const auto found = std::find_if(sources_.rbegin(), sources_.rend(), [&](const Source& source) {
        return source.before < position.line;
    });
    return found == sources_.rend() ? sources_.front() : *found;
}

void Reading::mistake(const Place& place, std::string_view code, std::string message, Show show) {
    if (describes_) return;
    const std::size_t shown = show == Show::Yes ? shownLength(*place.node) : 0;
    mistake(place.node->position, code, std::move(message), shown);
    mistakes_.back().second.keyPath = place.path;
}

void Reading::mistake(TextPosition position, std::string_view code, std::string message,
                      std::size_t shown) {
    const auto& source = sourceOf(position);
    const TextPosition there{position.line - source.before, position.column};
    SettingsMistake made{source.file,        there, "", fmt::format("settings/{}", code),
                         std::move(message), "",    0};
    addExcerpt(made, source.lines.line(there.line), shown);
    mistakes_.emplace_back(position, std::move(made));
}

std::string Reading::lineOf(std::size_t line, TextPosition seenFrom) const {
    const auto& source = sourceOf({line, 1});
    const bool here = &source == &sourceOf(seenFrom);
    return fmt::format("{}{}line {}", here ? "" : source.file, here ? "" : ", ",
                       line - source.before);
}

std::vector<SettingsMistake> Reading::takeMistakes() {
    std::ranges::stable_sort(mistakes_, {}, &std::pair<TextPosition, SettingsMistake>::first);
    std::vector<SettingsMistake> out;
    for (auto& [position, made] : mistakes_) out.push_back(std::move(made));
    mistakes_.clear();
    return out;
}

bool Reading::isScalar(const Place& place, std::string_view expected) {
    if (place.node->kind == YamlNode::Kind::Scalar) return true;
    mistake(place, "wrong_type", fmt::format("{} is expected here", expected), Show::No);
    return false;
}

const std::string* Reading::scalar(const Place& place, std::string_view expected,
                                   std::string_view pattern) {
    noteKind(place, SettingNode::Kind::Text, pattern);
    return place && isScalar(place, expected) ? &place.node->scalar : nullptr;
}

void Reading::note(const Place& place, std::string value) {
    if (place.noted == nullptr) return;
    if (describes_) {
        place.noted->fallback = {std::move(value)};
    } else {
        place.noted->value = std::move(value);
    }
}

void Reading::duration(const Place& place, std::optional<Seconds>& value, Seconds least) {
    if (const auto* text =
            scalar(place, "a duration as 30s, 5m, 2h or 1d", durationPattern(least))) {
        const auto read = durationFrom(*text);
        if (!read) {
            mistake(place, "bad_duration", "this is not a duration; write it as 30s, 5m, 2h or 1d");
        } else if (*read < least) {
            mistake(place, "out_of_range", fmt::format("at least {}", durationWords(least)));
        } else {
            value = *read;
        }
    }
    if (value) note(place, durationWords(*value));
}

void Reading::duration(const Place& place, Seconds& value, Seconds least) {
    std::optional<Seconds> read = value;
    duration(place, read, least);
    value = *read;
}

void Reading::bytes(const Place& place, std::uint64_t& value, std::uint64_t least) {
    if (const auto* text = scalar(place, "a size as 512MiB or 20GiB", sizePattern)) {
        const auto read = bytesFrom(*text);
        if (!read)
            mistake(place, "bad_size", "this is not a size; write it as 512MiB, 20GiB or 1TiB");
        else if (*read < least)
            mistake(place, "out_of_range", fmt::format("at least {}", bytesWords(least)));
        else
            value = *read;
    }
    note(place, bytesWords(value));
}

void Reading::boolean(const Place& place, std::optional<bool>& value) {
    noteKind(place, SettingNode::Kind::Boolean);
    if (place && isScalar(place, "true or false")) {
        const auto& text = place.node->scalar;
        if (place.node->plain && (text == "true" || text == "false")) {
            value = text == "true";
        } else {
            mistake(place, "wrong_type", "true or false is expected here");
        }
    }
    if (value) note(place, *value ? "true" : "false");
}

void Reading::boolean(const Place& place, bool& value) {
    std::optional<bool> read = value;
    boolean(place, read);
    value = *read;
}

void Reading::integer(const Place& place, std::optional<long>& value, long least, long most) {
    noteKind(place, SettingNode::Kind::Integer);
    if (place.noted != nullptr)
        std::tie(place.noted->least, place.noted->most) = std::pair(least, most);
    if (place && isScalar(place, "a whole number")) {
        const auto& text = place.node->scalar;
        long read = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), read);
        if (!place.node->plain || error == std::errc::invalid_argument ||
            end != text.data() + text.size()) {
            mistake(place, "wrong_type", "a whole number is expected here");
        } else if (error != std::errc() || read < least || read > most) {
            mistake(place, "out_of_range", fmt::format("a number from {} to {}", least, most));
        } else {
            value = read;
        }
    }
    if (value) note(place, std::to_string(*value));
}

void Reading::integer(const Place& place, long& value, long least, long most) {
    std::optional<long> read = value;
    integer(place, read, least, most);
    value = *read;
}

void Reading::text(const Place& place, std::string& value, TextJudge judge, Show show) {
    const auto form = formOf(judge);
    if (const auto* text = scalar(place, "a text", form.pattern)) {
        if (const auto bad = judge(*text)) {
            mistake(place, bad->code, bad->message, show);
        } else {
            value = *text;
        }
    }
    if (place.noted != nullptr) place.noted->takesNumbers = form.takesNumbers;
    if (!value.empty()) note(place, masked(value, show));
}

void Reading::file(const Place& place, std::filesystem::path& value, Holds holds) {
    static constexpr std::string_view variable = "${CREDENTIALS_DIRECTORY}";
    std::string name;
    text({place.node, place.path}, name, judgeFileName, Show::Yes);
    if (name.starts_with(variable)) {
        // Outside of the service (config check, the clients) it is where systemd will put them.
        const auto folder =
            variables_("CREDENTIALS_DIRECTORY").value_or("/run/credentials/driftkeeper.service");
        name.replace(0, variable.size(), folder);
    }
    if (name.find("${") != std::string::npos) {
        mistake(place, "unknown_variable",
                "only ${CREDENTIALS_DIRECTORY} is known, in front of a file name");
    } else if (!name.empty()) {
        value = name;
        if (holds == Holds::Secret) secretFiles_.push_back(value);
    }
    noteKind(place, SettingNode::Kind::Text, fileNamePattern);
    if (place.noted != nullptr) place.noted->holdsSecret = holds == Holds::Secret;
    if (place.noted != nullptr) place.noted->takesNumbers = true;
    if (!value.empty()) note(place, value.string());
}

std::vector<Place> Reading::items(const Place& place) {
    noteKind(place, SettingNode::Kind::List);
    const auto noted = [&](std::size_t at) {
        return place.noted == nullptr ? nullptr : &place.noted->item(at);
    };
    if (!place || (place.node->kind == YamlNode::Kind::Null && !describes_)) return {};
    if (place.node->kind != YamlNode::Kind::Sequence) return {{place.node, place.path, noted(0)}};
    std::vector<Place> out;
    std::size_t at = 0;  // in its file
    const Source* last = nullptr;
    for (const auto& node : place.node->sequence) {
        const auto* source = &sourceOf(node.position);
        if (std::exchange(last, source) != source) at = 0;
        out.push_back({&node, fmt::format("{}[{}]", place.path, at++), noted(out.size())});
    }
    return out;
}

void Reading::texts(const Place& place, std::vector<std::string>& values, TextJudge judge,
                    Show show) {
    if (place.noted != nullptr && (describes_ || !place)) {
        place.noted->fallback = values;
        for (std::size_t at = 0; !place && at < values.size(); ++at) {
            noteKind({nullptr, "", &place.noted->item(at)}, SettingNode::Kind::Text);
            place.noted->item(at).value = values[at];
        }
    }
    if (place) values.clear();
    for (const auto& item : items(place)) {
        std::string value;
        text(item, value, judge, show);
        if (!value.empty()) values.push_back(std::move(value));
    }
}

std::optional<std::string> Reading::word(const Place& place,
                                         const std::vector<std::string_view>& words,
                                         std::string_view fallback) {
    if (place.noted != nullptr) {
        place.noted->words.assign(words.begin(), words.end());
        std::erase(place.noted->words, "");  // names that are not known without a document
        place.noted->takesNumbers = place.noted->words.empty();
    }
    if (!fallback.empty()) note(place, std::string(fallback));
    const auto* text = scalar(place, "a word", "");
    if (text == nullptr) return std::nullopt;
    if (std::ranges::find(words, *text) != words.end()) {
        note(place, *text);
        return *text;
    }
    std::string what = "there is nothing yet that could be named here";
    if (const auto guess = nearest(*text, words); !guess.empty())
        what = fmt::format("unknown word; did you mean {}?", guess);
    else if (!words.empty())
        what = fmt::format("one of: {}", fmt::join(words, ", "));
    mistake(place, "unknown_value", what);
    return std::nullopt;
}

std::vector<std::pair<Place, Place>> Reading::names(const Place& place, std::string_view pattern) {
    noteKind(place, SettingNode::Kind::Names, pattern);
    const auto noted = [&](std::string_view name) {
        return place.noted == nullptr ? nullptr : &place.noted->part(name);
    };
    if (describes_) return {{Place{place.node, "", nullptr}, {place.node, "", noted("*")}}};
    if (!place || place.node->kind == YamlNode::Kind::Null) return {};
    if (place.node->kind != YamlNode::Kind::Mapping) {
        mistake(place, "wrong_type", "a mapping of names to values is expected here", Show::No);
        return {};
    }
    std::vector<std::pair<Place, Place>> out;
    for (const auto& [key, value] : place.node->mapping) {
        const auto path = memberPath(place.path, shortenedKey(key.scalar));
        out.emplace_back(Place{&key, path}, Place{&value, path, noted(key.scalar)});
    }
    return out;
}

namespace {

// A variable that leads a tool to its credentials.
bool leadsToSecret(std::string_view name, std::string_view value) {
    constexpr std::string_view words[] = {"CREDENTIAL", "KUBECONFIG", "TOKEN",
                                          "SECRET",     "PASSWORD",   "KEY"};
    return value.starts_with('/') && std::ranges::any_of(words, [&](std::string_view word) {
               return name.find(word) != std::string_view::npos;
           });
}

}  // namespace

std::vector<std::filesystem::path> Reading::secretFiles() const {
    auto files = secretFiles_;
    for (const Source& source : sources_) files.emplace_back(source.file);
    return files;
}

void Reading::environment(const Place& place, Environment& values) {
    for (const auto& [name, given] : names(place, variableNamePattern)) {
        const auto& key = name.node->scalar;
        if (const auto bad = judgeVariableName(key)) {
            mistake(name, bad->code, bad->message);
        } else if (const auto* text = scalar(given, "a text", "")) {
            values[key] = *text;
            if (leadsToSecret(key, *text)) secretFiles_.emplace_back(*text);
            note(given, std::string(hidden));
        }
        noteKind(given, SettingNode::Kind::Text);
        if (given.noted == nullptr) continue;
        given.noted->takesNumbers = true;
        given.noted->help = "The variable's value.";
    }
}

std::vector<Place> Reading::forms(const Place& place, std::size_t count, std::size_t chosen) {
    if (count == 1) return {place};
    std::vector<Place> out;
    if (!place) chosen = count - 1;
    for (std::size_t at = 0; at < count; ++at) {
        const bool isOne = describes_ || at == chosen;
        SettingNode* noted = isOne && place.noted != nullptr ? &place.noted->form(at) : nullptr;
        out.push_back({isOne ? place.node : nullptr, place.path, noted});
    }
    return out;
}

void Reading::notEmpty(const Place& place) {
    if (place.noted != nullptr) place.noted->needsPart = true;
}

void Reading::needsItem(const Place& place, std::string message) {
    notEmpty(place);
    if (place && items(place).empty()) mistake(place, "missing_key", std::move(message), Show::No);
}

}  // namespace driftkeeper
