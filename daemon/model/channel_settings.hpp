#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/model/secret_source.hpp"
#include "parsers/source/option_spec.hpp"

namespace driftkeeper {

class Channel;
struct ChannelSettings;

// One kind of channel: all that the rest of the program knows of it. The rows stand in
// daemon/notify, each in the file of its channel.
struct ChannelKind {
    // Where `key` has the value `word`, the secret `with` would be sent in clear: a mistake.
    struct Clash {
        std::string_view key;
        std::string_view word;
        std::string_view with;
        std::string_view message;
    };
    // As the settings write it; kinds of one name are told apart by their first key.
    std::string_view name;
    std::string_view help{};
    std::span<const OptionSpec> options{};
    std::span<const Clash> clashes{};
    // Its service keeps what it gets until it hears of the end, and may wake somebody: no place
    // for a digest.
    bool keepsOpen = false;
    // `externalUrl`: where the daemon's page is, for links; may be empty.
    std::unique_ptr<Channel> (*make)(const ChannelSettings& settings,
                                     const std::string& externalUrl) = nullptr;
};

// One channel as the settings describe it.
struct ChannelSettings {
    std::string name;
    const ChannelKind* kind = nullptr;  // never null in settings without mistakes
    OptionValues options;               // of its kind's keys
    std::map<std::string, SecretSource, std::less<>> secrets;  // of those keys that hold one
    std::filesystem::path tlsCaFile;
    std::string proxy;       // empty: the environment's
    bool showValues = true;  // `values: show|hide`

    // The value of a key: what is given, else its default; empty: neither.
    [[nodiscard]] std::string option(std::string_view key) const;
    // All of them, of a list.
    [[nodiscard]] std::vector<std::string> list(std::string_view key) const;
    // A secret of which none is given where there is none.
    [[nodiscard]] const SecretSource& secret(std::string_view key) const noexcept;
    [[nodiscard]] bool keepsOpen() const noexcept { return kind != nullptr && kind->keepsOpen; }
    bool operator==(const ChannelSettings&) const = default;
};

}  // namespace driftkeeper
