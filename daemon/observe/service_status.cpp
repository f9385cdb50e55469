#include "daemon/observe/service_status.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <optional>

#include "daemon/base/log.hpp"
#include "daemon/base/systemd.hpp"
#include "daemon/model/utc.hpp"
#include "parsers/text/printable.hpp"

namespace driftkeeper {
namespace {

constexpr std::chrono::seconds refreshEvery{10};

std::string placeOf(const SettingsMistake& mistake) {
    return fmt::format("{}:{}:{}", mistake.file, mistake.position.line, mistake.position.column);
}

void logMistakes(std::string_view message, const std::vector<SettingsMistake>& mistakes) {
    for (const auto& mistake : mistakes)
        log::error(log::event::settingsRefused, message,
                   {{"place", placeOf(mistake)},
                    {"key", mistake.keyPath},
                    {"code", mistake.code},
                    {"reason", mistake.message}});
}

std::string plural(std::size_t count, std::string_view one, std::string_view many) {
    return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string minuteOf(TimePoint time) {
    return utcText(time).substr(11, 5) + " UTC";
}

}  // namespace

std::string fleetText(std::size_t repositories, const std::vector<StackLine>& stacks) {
    if (repositories == 0) return "Idle: no repositories are configured";
    const auto having = [&](Verdict verdict) {
        return std::ranges::count_if(stacks,
                                     [&](const auto& line) { return line.verdict == verdict; });
    };
    std::string text = "Watching " + plural(repositories, "repository", "repositories") + ", " +
                       plural(stacks.size(), "stack", "stacks");
    std::string verdicts;
    const auto add = [&](std::ptrdiff_t count, std::string_view word) {
        if (count > 0)
            verdicts += fmt::format("{} {} {}", verdicts.empty() ? ":" : ",", count, word);
    };
    add(having(Verdict::Drifted), "drifted");
    add(having(Verdict::Unapplied), "unapplied");
    add(having(Verdict::Inconclusive), "inconclusive");
    add(std::ranges::count_if(stacks, [](const auto& line) { return !line.verdict; }),
        "not checked yet");
    if (verdicts.empty() && !stacks.empty()) verdicts = ": all in sync";
    std::optional<TimePoint> last;
    for (const auto& line : stacks) last = std::max(last, line.lastChecked);
    return text + verdicts + (last ? "; last check " + minuteOf(*last) : "");
}

std::string mistakesText(const std::vector<SettingsMistake>& mistakes) {
    if (mistakes.empty()) return {};
    std::string text = printable(placeOf(mistakes.front()) + ": " + mistakes.front().message);
    if (mistakes.size() > 1) text += fmt::format(" (and {} more)", mistakes.size() - 1);
    return text;
}

void reportMistakes(const std::vector<SettingsMistake>& mistakes) {
    systemd::status("Bad settings: " + mistakesText(mistakes));
    if (log::stderrIsJournal())
        logMistakes("bad settings", mistakes);
    else
        std::fputs(render(mistakes).c_str(), stderr);
}

void ServiceStatus::refused(const std::vector<SettingsMistake>& mistakes) {
    logMistakes("settings not reloaded: the old ones stay in force", mistakes);
    refusal_.with([&](auto& text) {
        text = "Settings NOT reloaded, the old ones stay in force: " + mistakesText(mistakes);
    });
}

void ServiceStatus::accepted() {
    refusal_.with([](auto& text) { text.clear(); });
}

std::string ServiceStatus::text() const {
    const std::string refusal = refusal_.with([](const auto& text) { return text; });
    const std::string fleet = fleetText(settings_.get()->repositories.size(), overview_.stacks());
    return refusal.empty() ? fleet : refusal + ". " + fleet;
}

void ServiceStatus::refresh() {
    const auto now = std::chrono::steady_clock::now();
    if (now < next_) return;
    next_ = now + refreshEvery;
    const std::string current = text();
    if (current == shown_) return;
    systemd::status(current);
    shown_ = current;
}

}  // namespace driftkeeper
