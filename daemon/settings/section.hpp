#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/model/settings.hpp"
#include "daemon/settings/environment_file.hpp"
#include "daemon/settings/scalars.hpp"
#include "daemon/settings/setting_node.hpp"
#include "daemon/settings/settings_mistake.hpp"
#include "parsers/yaml/yaml.hpp"

namespace driftkeeper {

// A value of the document and where it is. Null node: not there.
struct Place {
    const YamlNode* node = nullptr;
    std::string path;              // repositories[0].url
    SettingNode* noted = nullptr;  // what is known of it is noted there; null: nowhere

    explicit operator bool() const noexcept { return node != nullptr; }
};

// A key within what has `path`; keys are repeated in messages, but not without end.
std::string memberPath(const std::string& path, std::string_view key);
std::string_view shortenedKey(std::string_view key);

// What of a value may be shown. Messages and excerpts repeat nothing but `Yes`; `config show` also
// shows the part of a KEY=VALUE that is no value.
enum class Show { Yes, No, Key };

enum class Need { Optional, Required };

// What is in a file that the settings name: no tool sees it unless it is known to be public.
enum class Holds { Secret, Public };

using TextJudge = Judgement (*)(std::string_view);

// What a reading of one document shares: where mistakes go, and the daemon's environment. Used by
// one thread.
//
// Readers can also run without a document, to describe what they read: then everything is there and
// nothing is given, a list has one item, a value that may have several forms has all of them, and
// nothing is a mistake.
class Reading {
public:
    Reading(const std::string& file, std::string_view text, VariableLookup variables);
    static Reading describing();
    [[nodiscard]] bool isDescribing() const noexcept { return describes_; }
    [[nodiscard]] Place root(const YamlNode& node, SettingNode* noted) const;

    // One more text of the same document. Its lines are counted on from the first one's: positions
    // within it must be moved by the number returned. `text` must outlive the reading.
    std::size_t addText(const std::string& file, std::string_view text);

    // `code` without its room.
    void mistake(const Place& place, std::string_view code, std::string message,
                 Show show = Show::Yes);
    void mistake(TextPosition position, std::string_view code, std::string message,
                 std::size_t shown);
    // "line 5", or "/etc/x.yaml, line 5" where `seenFrom` is in another file.
    [[nodiscard]] std::string lineOf(std::size_t line, TextPosition seenFrom) const;

    // Single values. A mistake is told and `value` stays as it was; what `value` holds before is
    // the default.
    void duration(const Place& place, Seconds& value, Seconds least);
    void duration(const Place& place, std::optional<Seconds>& value, Seconds least);
    void bytes(const Place& place, std::uint64_t& value, std::uint64_t least);
    void boolean(const Place& place, bool& value);
    void boolean(const Place& place, std::optional<bool>& value);
    void integer(const Place& place, long& value, long least, long most);
    void integer(const Place& place, std::optional<long>& value, long least, long most);
    void text(const Place& place, std::string& value, TextJudge judge, Show show);
    // With ${CREDENTIALS_DIRECTORY}.
    void file(const Place& place, std::filesystem::path& value, Holds holds = Holds::Secret);
    // The text of a form that this class does not know; nullptr: nothing to read. Whoever reads it
    // notes the value.
    const std::string* scalar(const Place& place, std::string_view expected,
                              std::string_view pattern);
    void note(const Place& place, std::string value);

    // The items of a list; a single value is a list of one, null an empty one.
    std::vector<Place> items(const Place& place);
    void texts(const Place& place, std::vector<std::string>& values, TextJudge judge, Show show);
    // One of `words`; nullopt after a mistake. Without words none is right.
    std::optional<std::string> word(const Place& place, const std::vector<std::string_view>& words,
                                    std::string_view fallback = {});
    // A mapping of names that people choose; none after a mistake.
    std::vector<std::pair<Place, Place>> names(const Place& place, std::string_view pattern);
    void environment(const Place& place, Environment& values);
    // A value that may have several forms: the place as the one that `chosen` says, and absent as
    // the others.
    template <std::size_t count, class Chosen>
    std::array<Place, count> forms(const Place& place, Chosen chosen);
    std::vector<Place> forms(const Place& place, std::size_t count, std::size_t chosen);
    // Notes that the value must not be empty.
    static void notEmpty(const Place& place);
    // The same, and the mistake missing_key with this message where a list has no item.
    void needsItem(const Place& place, std::string message);

    [[nodiscard]] bool isScalar(const Place& place, std::string_view expected);
    [[nodiscard]] const VariableLookup& variables() const noexcept { return variables_; }
    [[nodiscard]] std::vector<SettingsMistake> takeMistakes();  // sorted by place
    // What was read of files that may hold secrets, with the texts of the document itself.
    [[nodiscard]] std::vector<std::filesystem::path> secretFiles() const;

private:
    struct Source {
        std::string file;
        std::size_t before;  // lines
        TextLines lines;
    };

    [[nodiscard]] const Source& sourceOf(TextPosition position) const;

    bool describes_ = false;
    std::list<Source> sources_;
    std::vector<std::filesystem::path> secretFiles_;
    std::size_t lines_ = 0;
    VariableLookup variables_;
    std::vector<std::pair<TextPosition, SettingsMistake>>
        mistakes_;  // position in the whole document
};

// A mapping that is being read: every key that is not taken until close() is a mistake.
class Section {
public:
    Section(Reading& reading, Place place);

    // The place of a key; without a node where it is absent. `help`: what people read of it,
    // "Default: …" where that is no fixed value. `example`: YAML in one line; where there is a
    // default, that is shown.
    Place take(std::string_view key, std::string_view help = {}, std::string_view example = {});
    Place require(std::string_view key, std::string_view help = {}, std::string_view example = {});
    // KEY or KEY_file.
    struct SecretHelp {
        std::string_view help{};
        std::string_view example{};
        std::string_view fileExample{};
    };
    void secret(std::string_view key, const SecretHelp& help, SecretSource& value, TextJudge judge,
                Need need = Need::Optional);
    // Of these keys one is given at most (`tooMany` is said of the second) and, where it is needed,
    // one at least.
    void oneOf(const std::vector<std::string>& keys, const std::string& tooMany,
               const std::string& none = {});
    void noteOneOf(const std::vector<std::string>& keys,
                   bool needed) const;            // where the reader itself tells of it
    void noteRule(SettingNode::Rule rule) const;  // the same
    void close();

    [[nodiscard]] const Place& place() const noexcept { return place_; }
    [[nodiscard]] bool has(std::string_view key) const noexcept;
    [[nodiscard]] Reading& reading() const noexcept { return reading_; }
    [[nodiscard]] const std::vector<YamlEntry>& entries() const noexcept;

private:
    Place take(std::string_view key, std::string_view help, std::string_view example, Need need);

    Reading& reading_;
    Place place_;
    std::vector<std::string> taken_;
};

template <std::size_t count, class Chosen>
std::array<Place, count> Reading::forms(const Place& place, Chosen chosen) {
    const auto all = forms(place, count, place ? chosen(*place.node) : 0);
    std::array<Place, count> out;
    for (std::size_t at = 0; at < count; ++at) out[at] = all[at];
    return out;
}

}  // namespace driftkeeper
