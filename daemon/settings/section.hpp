#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/model/settings.hpp"
#include "daemon/settings/environment_file.hpp"
#include "daemon/settings/scalars.hpp"
#include "daemon/settings/settings_mistake.hpp"
#include "parsers/yaml/yaml.hpp"

namespace driftkeeper {

// A value of the document and where it is. Null node: not there.
struct Place {
    const YamlNode* node = nullptr;
    std::string path;  // repositories[0].url

    explicit operator bool() const noexcept { return node != nullptr; }
};

// Whether a mistaken value may be repeated in messages and excerpts.
enum class Show { Yes, No };

// What a reading of one document shares: where mistakes go, and the daemon's environment. Used by one thread.
class Reading {
public:
    Reading(std::string file, std::string_view text, VariableLookup variables)
        : file_(std::move(file)), lines_(text), variables_(std::move(variables)) {}

    // `code` without its room.
    void mistake(const Place& place, std::string_view code, std::string message, Show show = Show::Yes);
    void mistake(TextPosition position, std::string_view code, std::string message, std::size_t shown);

    // Single values. A mistake is told and `value` stays as it was.
    void duration(const Place& place, Seconds& value, Seconds least);
    void boolean(const Place& place, bool& value);
    void integer(const Place& place, long& value, long least, long most);
    void text(const Place& place, std::string& value, Judgement (*judge)(std::string_view), Show show);
    void file(const Place& place, std::filesystem::path& value);  // with ${CREDENTIALS_DIRECTORY}

    // The items of a list; a single value is a list of one, null an empty one.
    std::vector<Place> items(const Place& place);
    void texts(const Place& place, std::vector<std::string>& values, Judgement (*judge)(std::string_view), Show show);
    // One of `words`; nullopt after a mistake.
    std::optional<std::string> word(const Place& place, const std::vector<std::string_view>& words);
    void environment(const Place& place, Environment& values);

    [[nodiscard]] bool isScalar(const Place& place, std::string_view expected);
    [[nodiscard]] const VariableLookup& variables() const noexcept { return variables_; }
    [[nodiscard]] std::vector<SettingsMistake> takeMistakes();  // sorted by place

private:
    std::string file_;
    TextLines lines_;
    VariableLookup variables_;
    std::vector<SettingsMistake> mistakes_;
};

// A mapping that is being read: every key that is not taken until close() is a mistake.
class Section {
public:
    Section(Reading& reading, Place place);

    [[nodiscard]] Place take(std::string_view key);  // no node: absent
    [[nodiscard]] Place require(std::string_view key);
    void secret(std::string_view key, SecretSource& value, Judgement (*judge)(std::string_view));  // KEY or KEY_file
    void close();

    [[nodiscard]] const Place& place() const noexcept { return place_; }
    [[nodiscard]] bool has(std::string_view key) const noexcept;
    [[nodiscard]] Reading& reading() const noexcept { return reading_; }
    [[nodiscard]] const std::vector<YamlEntry>& entries() const noexcept;

private:
    Reading& reading_;
    Place place_;
    std::vector<std::string> taken_;
};

}  // namespace driftkeeper
