#pragma once

#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace driftkeeper {

// One key of the settings, or one item of a list: what may stand there and, after a reading, what
// is in force. The readers note it while they read, so that the schema, the example and `config
// show` know what the readers know.
struct SettingNode {
    enum class Kind {
        Unknown,  // nothing reads it
        Mapping,  // of known keys
        Names,    // a mapping of names that people choose
        List,     // a single item may stand without brackets
        Text,
        Boolean,
        Integer
    };
    // Of these keys one is given at most, and with `needed` one at least.
    struct Group {
        std::vector<std::string> keys;
        bool needed = false;
    };
    // Where `key` is there (and is `word`), none of `excluded` is (slack.values: within another
    // key), and all of `required` are.
    struct Rule {
        std::string key;
        std::string word;  // empty: whatever it is
        std::vector<std::string> excluded;
        std::vector<std::string> required{};
    };

    std::string key;   // empty: an item
    std::string path;  // repositories[].stacks[].every
    Kind kind = Kind::Unknown;
    std::string help;        // what people read of it; "Default: …" where that is no fixed value
    std::string example;     // YAML in one line; where there is a default, that
    bool needed = false;     // its mapping must have it
    bool needsPart = false;  // must not be empty

    std::string pattern;             // ECMA 262, of a text or of names; empty: anything
    bool holdsSecret = false;        // the name of a file that no tool may see
    bool takesNumbers = false;       // a text that may be written as 5 or true, too
    std::vector<std::string> words;  // the only texts; empty: others, too
    long least = 0;                  // of an integer
    long most = 0;
    std::vector<std::string>
        fallback;  // the default: one value, or those of a list; empty: none that is fixed

    std::list<SettingNode> parts;  // keys of a mapping, values of names, items
    std::list<SettingNode> forms;  // what it may be instead; then there is nothing but this
    std::vector<Group> groups;     // of keys of a mapping
    std::vector<Rule> rules;       // of the same

    // What is in force, without secrets.
    std::optional<std::string> value;

    // The fixed default: one value, or those of a list; empty: none.
    [[nodiscard]] std::vector<std::string> fixedDefault() const {
        return help.find("Default: ") == std::string::npos ? fallback : std::vector<std::string>{};
    }

    // The part of this key; it is made where there is none.
    SettingNode& part(std::string_view name) {
        for (auto& one : parts)
            if (one.key == name) return one;
        auto& made = parts.emplace_back();
        made.key = name;
        made.path = path.empty() ? made.key : path + "." + made.key;
        return made;
    }
    SettingNode& item(std::size_t at) {
        while (parts.size() <= at) parts.emplace_back().path = path + "[]";
        auto it = parts.begin();
        for (; at > 0; --at) ++it;
        return *it;
    }
    SettingNode& form(std::size_t at) {
        while (forms.size() <= at) forms.emplace_back().path = path;
        auto it = forms.begin();
        for (; at > 0; --at) ++it;
        return *it;
    }
};

}  // namespace driftkeeper
