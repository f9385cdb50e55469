#include "daemon/settings/sections.hpp"
#include "daemon/settings/text_patterns.hpp"
#include "providers/catalog.hpp"

namespace driftkeeper {
namespace {

constexpr long mostNumber = 1'000'000;

std::vector<std::string_view> wordsOf(std::string_view text) {
    std::vector<std::string_view> words;
    while (!text.empty()) {
        const auto end = std::min(text.find(' '), text.size());
        if (end > 0) words.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return words;
}

}  // namespace

void readInnerPaths(Reading& reading, const Place& place, const std::string& folder, std::vector<std::string>& values) {
    reading.texts(place, values, judgeFileName, Show::Yes);
    for (const auto& item : reading.items(place)) {
        if (item.noted != nullptr) item.noted->pattern = inStackPattern;
        const auto& path = item.node->scalar;
        if (!path.empty() && !judgeFileName(path)) judgeInStack(reading, item, folder, path);
    }
}

namespace {

// The values as ProviderOptions keeps them; none after a mistake.
std::vector<std::string> valuesOf(Reading& reading, const Place& place, const OptionSpec& spec,
                                  const std::string& folder) {
    using enum OptionSpec::Kind;
    std::vector<std::string> values;
    std::string text;
    switch (spec.kind) {
        case Text:
            reading.text(place, text, judgeText, Show::Yes);
            break;
        case Texts:
            reading.texts(place, values, judgeText, Show::Yes);
            return values;
        case InnerPath:
        case InnerPaths:
            readInnerPaths(reading, place, folder, values);
            return values;
        case File: {
            std::filesystem::path file;
            reading.file(place, file);
            text = file.string();
            break;
        }
        case Word:
            text = reading.word(place, wordsOf(spec.words)).value_or("");
            break;
        case Flag: {
            std::optional<bool> flag;
            reading.boolean(place, flag);
            text = flag.value_or(false) ? "true" : "false";
            break;
        }
        case Number: {
            std::optional<long> number;
            reading.integer(place, number, 0, mostNumber);
            text = std::to_string(number.value_or(0));
            break;
        }
        case Duration: {
            std::optional<Seconds> time;
            reading.duration(place, time, Seconds(1));
            text = std::to_string(time.value_or(Seconds(0)).count());
            break;
        }
    }
    if (!text.empty()) values.push_back(std::move(text));
    return values;
}

}  // namespace

const std::vector<std::string_view>& providerWords() {
    static const auto words = [] {
        std::vector<std::string_view> names;
        for (const ProviderKind& kind : providerKinds()) names.push_back(kind.name);
        return names;
    }();
    return words;
}

void readOptions(Section& section, std::string_view provider, const std::string& folder, ProviderOptions& options) {
    const ProviderKind* kind = providerKind(provider);
    if (kind == nullptr) return;
    for (const OptionSpec& spec : kind->options)
        if (const auto place = section.take(spec.key))
            options[std::string(spec.key)] = valuesOf(section.reading(), place, spec, folder);
}

void judgeInStack(Reading& reading, const Place& item, const std::string& folder, const std::string& path) {
    if (const auto bad = judgeInnerPath(path[0] == '-' || path[0] == '/' ? path : folder + "/" + path))
        reading.mistake(item, bad->code, bad->message, Show::No);
}

}  // namespace driftkeeper
