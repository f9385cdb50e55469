#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace driftkeeper {

// One key of the settings of a kind of provider or channel: what may stand there, and what people
// read of it.
struct OptionSpec {
    enum class Kind {
        Text,        // a word for a tool: never an option of its own
        Texts,       // the same, a list
        Words,       // any text without control characters
        File,        // on this host
        SecretFile,  // the same, for nobody else's eyes
        InnerPath,   // of the repository, from the stack's folder
        InnerPaths,  // the same, a list
        Word,        // one of `words`
        Flag,
        Number,       // 0 to 1,000,000
        Duration,     // at least a second
        MailAddress,  // name@host alone
        MailAddresses,
        Program,   // a name on PATH or a path
        Programs,  // a list of these, or VERSION: PROGRAM; kept as VERSION=PROGRAM, the version may
                   // be empty
        CacheFolder,    // on this host, shared by stacks; default: the folder `fallback` below the
                        // daemon's caches
        WorkspaceName,  // of Terraform
        KeyValues,  // a list of KEY=VALUE, whose values may be secrets, and names of files from the
                    // stack's folder
        Command,    // a program and its arguments, which may hold secrets
        Variables,  // of the environment: NAME=VALUE, whose values may be secrets
        // KEY or KEY_file, never shown:
        Secret,
        SecretUrl,        // http or https
        SecretMailServer  // smtp or smtps
    };
    // Where the key may stand.
    enum class Place {
        Own,       // below providers.NAME, and below a stack's NAME for that one
        Provider,  // below providers.NAME
        Stack      // beside the keys that every stack has
    };
    std::string_view key;
    Kind kind = Kind::Text;
    Place place = Place::Own;
    std::string_view help{};         // "Default: …" where that is no fixed value
    std::string_view example{};      // YAML in one line
    std::string_view fileExample{};  // of KEY_file
    std::string_view words{};        // separated by blanks
    std::string_view fallback{};     // the fixed default, as OptionValues keep it; empty: none
    bool needed = false;

    // Whether values may hold a secret although they are shown in part: nothing stores them.
    [[nodiscard]] constexpr bool mayHoldSecret() const noexcept { return kind == Kind::KeyValues; }
};

// The values of such keys. A list has any number of them, everything else exactly one; a flag is
// "true" or "false", a duration a number of seconds.
using OptionValues = std::map<std::string, std::vector<std::string>>;

// The words of a text that are separated by blanks.
inline std::vector<std::string> splitAtBlanks(std::string_view text) {
    std::vector<std::string> words;
    while (!text.empty()) {
        const auto end = std::min(text.find(' '), text.size());
        if (end > 0) words.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return words;
}

// The single value of an option; empty when it is not given.
inline std::string optionOf(const OptionValues& options, std::string_view key) {
    const auto it = options.find(std::string(key));
    return it == options.end() || it->second.empty() ? std::string() : it->second.front();
}

// All values of an option; none when it is not given.
inline std::vector<std::string> listOf(const OptionValues& options, std::string_view key) {
    const auto it = options.find(std::string(key));
    return it == options.end() ? std::vector<std::string>() : it->second;
}

}  // namespace driftkeeper
