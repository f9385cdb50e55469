#pragma once

#include <memory>
#include <utility>

#include "daemon/base/guarded.hpp"
#include "daemon/model/settings.hpp"

namespace driftkeeper {

// The settings in force. A reload swaps them as a whole; who has a pointer keeps what it started
// with. Thread-safe.
class CurrentSettings {
public:
    explicit CurrentSettings(Settings settings) { set(std::move(settings)); }

    [[nodiscard]] std::shared_ptr<const Settings> get() const {
        return settings_.with([](const auto& settings) { return settings; });
    }
    void set(Settings settings) {
        settings_.with([&](auto& current) {
            current = std::make_shared<const Settings>(std::move(settings));
        });
    }

private:
    Guarded<std::shared_ptr<const Settings>> settings_;
};

}  // namespace driftkeeper
