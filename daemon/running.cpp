#include "daemon/running.hpp"

#include <algorithm>
#include <utility>

#include "daemon/present/json_writer.hpp"
#include "daemon/present/utc.hpp"

namespace driftkeeper {
namespace {

constexpr std::chrono::seconds pause{1};  // between two pieces of news that differ in numbers alone

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

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
    for (const auto& [number, check] : checks_) all.push_back(check);
    return all;
}

std::uint64_t Running::begin(RunningCheck check) {
    const std::scoped_lock lock(mutex_);
    check.started = clock_.now();
    checks_.emplace(++last_, std::move(check));
    publishLocked();
    return last_;
}

void Running::step(std::uint64_t number, std::string_view phrase) {
    const std::scoped_lock lock(mutex_);
    std::string& step = checks_.at(number).step;
    if (step == phrase) return;
    const bool isNews = !saysTheSame(step, phrase) || clock_.now() - published_ >= pause;
    step = phrase;
    if (isNews) publishLocked();
}

void Running::end(std::uint64_t number) {
    const std::scoped_lock lock(mutex_);
    checks_.erase(number);
    publishLocked();
}

void Running::publishLocked() {
    published_ = clock_.now();
    publish_(runningJson(listLocked()));
}

std::string runningJson(const std::vector<RunningCheck>& checks) {
    JsonWriter json;
    json.beginObject().key("version").number(std::uint64_t{1}).key("running").beginArray();
    for (const auto& check : checks) {
        json.beginObject().key("stack").text(check.stack).key("provider").text(check.provider);
        json.key("started").text(utcText(check.started)).key("step").textOrNull(check.step).key("expected_seconds");
        check.expectedSeconds ? json.number(*check.expectedSeconds) : json.null();
        json.endObject();
    }
    json.endArray().endObject();
    return std::move(json).take();
}

}  // namespace driftkeeper
