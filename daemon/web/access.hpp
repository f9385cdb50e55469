#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "daemon/base/guarded.hpp"
#include "daemon/settings/current_settings.hpp"
#include "daemon/settings/settings_mistake.hpp"
#include "daemon/web/access_rules.hpp"

namespace driftkeeper {

// Who is let in, by the settings in force and by the files that they name as these are now: a
// certificate that is renewed or a user that is added needs no reload. Thread-safe.
class Access {
public:
    // `token`: that of the state directory. Where the daemon listens is what the settings say now,
    // for ever.
    Access(const CurrentSettings& settings, std::string token);

    // What is wrong with the files that these settings name: the web config file's mistakes, or a
    // certificate that cannot be used. Empty: they can be put in force.
    [[nodiscard]] static std::vector<SettingsMistake> mistakes(const Settings& settings);

    // The rules in force, never null. The files are looked at once a second at most; broken ones
    // are told in the log once, and the last good rules stay.
    [[nodiscard]] std::shared_ptr<const AccessRules> rules();

private:
    using Stamps = std::vector<std::filesystem::file_time_type>;
    struct Kept {
        std::shared_ptr<const Settings> settings;
        std::shared_ptr<const AccessRules> rules;
        std::vector<std::filesystem::path> files;  // that the rules were made of
        Stamps stamps;
        std::chrono::steady_clock::time_point looked{};
    };
    void renew(Kept& kept) const;

    const CurrentSettings& settings_;
    std::string token_;
    std::string listenAddress_;
    Guarded<Kept> kept_;
};

}  // namespace driftkeeper
