// The part of `doctor` that looks at the host: kernel, clock, time zone, systemd.
#include <fmt/format.h>
#include <sys/timex.h>

#include <cstdlib>
#include <map>

#include "daemon/base/clock.hpp"
#include "daemon/check/workspace.hpp"
#include "daemon/commands/doctor.hpp"
#include "daemon/model/utc.hpp"
#include "providers/process/real_tool_runner.hpp"

namespace driftkeeper {
namespace {

using enum Diagnosis::Level;

Diagnoses lookAtSandbox(const Settings& settings) {
    const auto policy = sandboxPolicyOf(settings);
    if (!policy)
        return {{"sandbox", Problem, policy.error().message,
                 "sysctl kernel.unprivileged_userns_clone=1, or leave `sandbox` out"}};
    std::string said = fmt::format("tools are confined by {} alone", name(policy->mode));
    if (policy->mode == SandboxMode::Strict) said = "tools run in rooms of their own";
    if (policy->mode == SandboxMode::Off) said = "tools are not confined";
    const auto gaps = sandboxGaps(policy->mode);
    if (policy->mode == SandboxMode::Strict && gaps.empty()) return {{"sandbox", Ok, said, {}}};
    for (const std::string& gap : gaps) said += "; " + gap;
    const bool isOfRooms = policy->mode != SandboxMode::Strict;
    return {{"sandbox", Warning, said,
             isOfRooms ? "user namespaces for the daemon's user (sysctl "
                         "kernel.unprivileged_userns_clone=1)"
                       : "Linux 5.19 or newer, and seccomp and pidfd_getfd for the daemon"}};
}

Diagnoses lookAtClock(const std::string& zone) {
    const auto now = utcText(SystemClock().now()).substr(0, 19) + "Z";
    timex state{};
    const bool isFree = adjtimex(&state) == TIME_ERROR || (state.status & STA_UNSYNC) != 0;
    const std::string said =
        fmt::format("{}{}", now, zone.empty() ? "" : ", people read times in " + zone);
    if (now < "2024")
        return {{"clock", Problem, "it shows " + now, "set it: timedatectl set-ntp true"}};
    if (isFree)
        return {{"clock", Warning, said + "; nothing synchronizes it",
                 "timedatectl set-ntp true, unless the hypervisor synchronizes the clock"}};
    return {{"clock", Ok, said, {}}};
}

std::map<std::string, std::string> keysIn(std::string_view text) {
    std::map<std::string, std::string> keys;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = text.substr(0, end);
        if (const auto sign = line.find('='); sign != std::string_view::npos)
            keys.emplace(line.substr(0, sign), line.substr(sign + 1));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return keys;
}

// systemctl(1), of systemd 252: `show` prints KEY=VALUE.
Diagnoses judgeUnit(const std::map<std::string, std::string>& unit) {
    const auto value = [&](const char* key) {
        const auto it = unit.find(key);
        return it == unit.end() ? std::string() : it->second;
    };
    const std::string area = "systemd";
    if (value("LoadState") != "loaded")
        return {{area,
                 Ok,
                 "there is no driftkeeper.service: restart the daemon yourself when it stops",
                 {}}};
    const std::string state =
        fmt::format("driftkeeper.service is {} ({}), restarted {} times", value("ActiveState"),
                    value("SubState"), value("NRestarts"));
    if (value("ActiveState") == "failed")
        return {{area, Problem, state + ", result " + value("Result"),
                 "see journalctl -u driftkeeper -e"}};
    if (value("ActiveState") != "active")
        return {{area, Warning, state, "systemctl enable --now driftkeeper"}};
    if (value("UnitFileState") != "enabled")
        return {
            {area, Warning, state + ", and not started at boot", "systemctl enable driftkeeper"}};
    const bool hasGroups = value("Delegate") == "yes";
    return {{area,
             Ok,
             state + (hasGroups ? "; control groups hold the limits of checks"
                                : "; limits of checks are held by measuring what they use "
                                  "(Delegate=cpu memory pids gives them control groups)"),
             {}}};
}

Diagnoses lookAtSystemd(std::stop_token stop) {
    std::error_code error;
    if (!std::filesystem::is_directory("/run/systemd/system", error))
        return {{"systemd",
                 Ok,
                 "systemd does not run here: restart the daemon yourself when it stops",
                 {}}};
    ToolCall call;
    call.argv = {"systemctl", "show", "driftkeeper.service",
                 "--property=LoadState,ActiveState,SubState,Result,NRestarts,UnitFileState,"
                 "Delegate"};
    call.directory = "/";
    call.environment = {{"PATH", "/usr/bin:/bin"}, {"LC_ALL", "C"}};
    call.timeout = std::chrono::milliseconds(8'000);
    call.grace = std::chrono::milliseconds(500);
    call.sandbox.open = true;  // it asks the host
    RealToolRunner runner;
    const auto said = runner.run(call, std::move(stop));
    if (!said || said->ending != ToolResult::Ending::Exited || said->status != 0)
        return {{"systemd", Warning, "systemctl does not answer", "systemctl status driftkeeper"}};
    return judgeUnit(keysIn(said->out));
}

}  // namespace

std::vector<Probe> hostProbes(const SharedPatient& patient) {
    return {
        {"sandbox", [patient](const std::stop_token&) { return lookAtSandbox(patient->settings); }},
        {"clock",
         [patient](const std::stop_token&) { return lookAtClock(patient->settings.timeZone); }},
        {"systemd", [](const std::stop_token& stop) { return lookAtSystemd(stop); }}};
}

}  // namespace driftkeeper
