#include "daemon/check/running.hpp"

#include <algorithm>
#include <utility>

#include "daemon/model/utc.hpp"
#include "parsers/json/json_writer.hpp"
#include "parsers/text/ascii.hpp"

namespace driftkeeper {
namespace {

constexpr std::size_t mostLines = 200;    // of a log
constexpr std::chrono::seconds pause{1};  // between two pieces of news that differ in numbers alone

bool saysTheSame(std::string_view one, std::string_view other) {
    std::string words(one);
    std::string others(other);
    std::erase_if(words, isDigit);
    std::erase_if(others, isDigit);
    return words == others;
}

}  // namespace

std::vector<RunningCheck> Running::list() const {
    const std::scoped_lock lock(mutex_);
    return listLocked();
}

std::vector<RunningCheck> Running::listLocked() const {
    std::vector<RunningCheck> all;
    for (const auto& [number, entry] : checks_) all.push_back(entry.check);
    return all;
}

std::optional<BootTime> Running::since(const std::string& stack) const {
    const std::scoped_lock lock(mutex_);
    for (const auto& [number, entry] : checks_)
        if (entry.check.stack == stack) return entry.began;
    return std::nullopt;
}

std::uint64_t Running::begin(RunningCheck check) {
    const std::scoped_lock lock(mutex_);
    check.started = clock_.now();
    std::vector<RunStep> log;
    if (!check.step.empty()) log.push_back({{}, check.step});
    checks_.emplace(++last_, Entry{std::move(check), std::move(log), clock_.boot()});
    publishLocked();
    return last_;
}

void Running::step(std::uint64_t number, std::string_view phrase) {
    const std::scoped_lock lock(mutex_);
    auto& [check, log, began] = checks_.at(number);
    if (check.step == phrase) return;
    const bool isOther = !saysTheSame(check.step, phrase);
    check.step = phrase;
    if (!isOther && !log.empty())
        log.back().text = phrase;
    else if (log.size() < mostLines)
        log.push_back(
            {std::chrono::floor<std::chrono::milliseconds>(clock_.boot() - began), check.step});
    if (isOther || nextPublished_.isOver(clock_)) publishLocked();
}

std::vector<RunStep> Running::log(std::uint64_t number) const {
    const std::scoped_lock lock(mutex_);
    return checks_.at(number).log;
}

void Running::end(std::uint64_t number) {
    const std::scoped_lock lock(mutex_);
    checks_.erase(number);
    publishLocked();
}

void Running::publishLocked() {
    nextPublished_ = Deadline(clock_, pause);
    publish_(runningJson(listLocked()));
}

std::string runningJson(const std::vector<RunningCheck>& checks) {
    JsonWriter json;
    json.beginObject().key("version").number(std::uint64_t{1}).key("running").beginArray();
    for (const auto& check : checks) {
        json.beginObject().key("stack").text(check.stack).key("provider").text(check.provider);
        json.key("started")
            .text(utcText(check.started))
            .key("step")
            .textOrNull(check.step)
            .key("expected_seconds");
        check.expectedSeconds ? json.number(*check.expectedSeconds) : json.null();
        json.endObject();
    }
    json.endArray().endObject();
    return std::move(json).take();
}

}  // namespace driftkeeper
