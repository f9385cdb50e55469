#include "daemon/base/systemd.hpp"

#include <systemd/sd-daemon.h>
#include <time.h>

#include <cstdint>

namespace driftkeeper::systemd {

void ready(const std::string& text) noexcept {
    sd_notifyf(0, "READY=1\nSTATUS=%s", text.c_str());
}
void status(const std::string& text) noexcept {
    sd_notifyf(0, "STATUS=%s", text.c_str());
}
void stopping(const std::string& text) noexcept {
    sd_notifyf(0, "STOPPING=1\nSTATUS=%s", text.c_str());
}
void extendTimeout(std::chrono::seconds more) noexcept {
    sd_notifyf(0, "EXTEND_TIMEOUT_USEC=%lld",
               static_cast<long long>(std::chrono::microseconds(more).count()));
}
void watchdog() noexcept {
    sd_notify(0, "WATCHDOG=1");
}

void reloading() noexcept {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    const auto micros = static_cast<long long>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1'000;
    sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%lld", micros);
}

std::optional<std::chrono::milliseconds> watchdogInterval() noexcept {
    std::uint64_t micros = 0;
    if (sd_watchdog_enabled(0, &micros) <= 0) return std::nullopt;
    return std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::microseconds(micros / 2));
}

}  // namespace driftkeeper::systemd
