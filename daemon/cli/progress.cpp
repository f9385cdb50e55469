#include "daemon/cli/progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <cstdio>

#include "daemon/cli/columns.hpp"

namespace driftkeeper {
namespace {

constexpr std::chrono::milliseconds pause{200};
constexpr std::size_t mostLines = 8;
constexpr std::size_t widestBar = 40;

std::string bar(std::size_t done, std::size_t total, std::size_t width) {
    const std::string count = " " + std::to_string(done) + "/" + std::to_string(total);
    if (width <= count.size() + 4) return inColumns(count.substr(1), width);
    const std::size_t room = std::min(widestBar, width - count.size() - 2);
    const std::size_t full = room * done / total;
    return "[" + std::string(full, '#') + std::string(room - full, '.') + "]" + count;
}

std::string lineOf(const LookUnderWay& one, std::size_t width,
                   std::chrono::steady_clock::time_point now) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now - one.since).count();
    const std::string end = (one.phrase.empty() ? "" : " " + one.phrase) + " " +
                            std::to_string(std::max<long>(seconds, 0)) + " s";
    const std::size_t taken = columnsOf(end) + 2;
    if (taken + 8 > width) return inColumns(one.name + " …" + end, width);
    return inColumns(one.name, width - taken) + " …" + end;
}

}  // namespace

std::vector<std::string> progressLines(const std::vector<LookUnderWay>& running, std::size_t done,
                                       std::size_t total, std::size_t width, std::size_t most,
                                       std::chrono::steady_clock::time_point now) {
    std::vector<const LookUnderWay*> order;
    for (const auto& one : running) order.push_back(&one);
    std::ranges::stable_sort(order, {}, [](const LookUnderWay* one) { return one->since; });
    if (order.size() > most) order.resize(most);
    const std::size_t room = width > 1 ? width - 1 : 1;  // a full line would wrap
    std::vector<std::string> lines;
    for (const auto* one : order) lines.push_back(lineOf(*one, room, now));
    if (total > 1) lines.push_back(bar(std::min(done, total), total, room));
    return lines;
}

Progress::Progress(std::size_t total) : shown_(isatty(STDERR_FILENO) != 0), total_(total) {
    if (!shown_) return;
    thread_ = std::jthread([this](const std::stop_token& stop) {
        std::condition_variable_any never;
        std::unique_lock lock(mutex_);
        while (!never.wait_for(lock, stop, pause, [] { return false; }) && !stop.stop_requested())
            draw();
    });
}

Progress::~Progress() {
    if (!shown_) return;
    thread_.request_stop();
    thread_.join();
    wipe();
    std::fflush(stderr);
}

void Progress::begin(const std::string& name) {
    const std::scoped_lock lock(mutex_);
    running_.push_back({name, {}, std::chrono::steady_clock::now()});
}

void Progress::say(const std::string& name, std::string phrase) {
    const std::scoped_lock lock(mutex_);
    if (const auto it = std::ranges::find(running_, name, &LookUnderWay::name);
        it != running_.end())
        it->phrase = std::move(phrase);
}

void Progress::end(const std::string& name) {
    const std::scoped_lock lock(mutex_);
    ++done_;
    if (const auto it = std::ranges::find(running_, name, &LookUnderWay::name);
        it != running_.end())
        running_.erase(it);
}

void Progress::draw() {
    const auto lines = progressLines(running_, done_, total_, progressWidth(), mostLines,
                                     std::chrono::steady_clock::now());
    wipe();
    for (std::size_t i = 0; i < lines.size(); ++i)
        std::fprintf(stderr, "%s%s", i == 0 ? "" : "\n", lines[i].c_str());
    drawn_ = lines.size();
    std::fflush(stderr);
}

// Back to the first column of the first line that was drawn, and all from there on is gone.
void Progress::wipe() {
    if (drawn_ == 0) return;
    if (drawn_ > 1) std::fprintf(stderr, "\x1b[%zuA", drawn_ - 1);
    std::fputs("\r\x1b[J", stderr);
    drawn_ = 0;
}

}  // namespace driftkeeper
