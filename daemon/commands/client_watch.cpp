// What the commands that show something share, with and without --watch.
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "daemon/base/signals.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/commands/asking.hpp"
#include "parsers/text/printable.hpp"

namespace driftkeeper {
namespace {

constexpr std::chrono::milliseconds pause{2'000};

// The lines that fit above the last one of the terminal.
std::string screenful(const std::string& text, std::size_t lines) {
    std::size_t end = 0;
    for (std::size_t seen = 0; end < text.size(); ++end)
        if (text[end] == '\n' && ++seen == lines) break;
    if (end >= text.size() || end + 1 == text.size()) return text;
    const auto left = static_cast<std::size_t>(
        std::count(text.begin() + static_cast<std::ptrdiff_t>(end) + 1, text.end(), '\n'));
    return text.substr(0, end + 1) + "… and " + std::to_string(left) + " more lines\n";
}

class Screen {
public:
    explicit Screen(bool json) : json_(json) {}

    // Draws what differs from what is there.
    void show(const std::string& text) {
        if (text == shown_) return;
        shown_ = text;
        if (!json_) std::fputs("\x1b[H\x1b[2J\x1b[3J", stdout);
        std::fputs(json_ ? text.c_str()
                         : screenful(text, std::max<std::size_t>(terminalHeight(), 4) - 2).c_str(),
                   stdout);
        std::fflush(stdout);
    }

private:
    bool json_;
    std::string shown_;
};

int watchAnswer(const Daemon& daemon, const Options& options, const std::string& path,
                const TextOfBody& text) {
    if (!options.json && terminalWidth() == 0)
        return trouble("--watch needs a terminal, and stdout is not one",
                       {"with --format json it prints a line whenever something changed"});
    blockSignals();
    Screen screen(options.json);
    for (bool first = true;; first = false) {
        const Answer answer = ask(daemon, "GET", path);
        const auto shown = answer.status == 200 ? text(answer.body) : std::nullopt;
        if (first && answer.status != 200) return refusedFor(daemon, answer, options.stack);
        if (first && !shown) return strange(daemon);
        if (options.json) {
            if (shown) screen.show(answer.body);
        } else {
            screen.show(
                "every 2 s, Ctrl-C ends\n\n" +
                (shown ? *shown : "no answer from " + printable(daemon.url) + ", trying again\n"));
        }
        if (const auto signal = waitForSignal(pause); signal && *signal != SIGHUP) return 0;
    }
}

}  // namespace

int showAnswer(const Daemon& daemon, const Options& options, const std::string& path,
               const TextOfBody& text) {
    if (options.watch) return watchAnswer(daemon, options, path, text);
    const Answer answer = ask(daemon, "GET", path);
    if (answer.status != 200) return refusedFor(daemon, answer, options.stack);
    const auto shown = text(answer.body);
    return shown ? print(answer, *shown, options.json) : strange(daemon);
}

int showList(const Daemon& daemon, const Options& options, const Listing& listing) {
    return showAnswer(daemon, options, listing.path,
                      [&](const std::string& body) -> std::optional<std::string> {
                          const Json answer = readJson(body).value_or(Json());
                          if (!answer[listing.list].isArray()) return std::nullopt;
                          return listTable(listing, body);
                      });
}

}  // namespace driftkeeper
