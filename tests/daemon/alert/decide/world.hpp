#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

#include "daemon/alert/decide/announce.hpp"
#include "tests/daemon/last_check.hpp"

namespace driftkeeper {

// What alerting needs, with ids that count.
struct World {
    std::vector<RouteSettings> routes;
    std::vector<ChannelSettings> channels;
    int ids = 0;
    std::function<std::string()> makeId = [this] { return fmt::format("id-{}", ++ids); };
    TimePoint now{std::chrono::hours(500'000)};

    explicit World(const std::vector<std::string>& names = {"hook"}) {
        for (const auto& channel : names) channels.emplace_back().name = channel;
    }
    World(const World&) = delete;

    [[nodiscard]] AlertContext context() const { return {now, routes, channels, makeId}; }
};

inline Stack stackOf(const std::string& repository, const std::string& name) {
    Stack stack;
    stack.provider = "terraform";
    stack.id = "id of " + repository + "/" + name;
    stack.repository = repository;
    stack.name = stack.path = name;
    stack.owner = "@org/" + name;
    return stack;
}

inline Finding findingOf(const std::string& id, const Stack& stack, const std::string& address) {
    Finding finding;
    finding.id = id;
    finding.stackId = stack.id;
    finding.drift.address = address;
    finding.drift.type = "aws_instance";
    finding.drift.side = Side::Live;
    finding.drift.cause = "out_of_band";
    finding.confirmedAt = finding.firstSeen = TimePoint(std::chrono::hours(400'000));
    return finding;
}

inline StackStatus statusOf(const Stack& stack, const std::vector<Finding>& open) {
    StackStatus status;
    status.stack = stack;
    status.open = open;
    lastCheckOf(status).report.completeness = Completeness::Complete;
    return status;
}

inline Finding closedOf(Finding finding, const std::string& resolution) {
    finding.closed = TimePoint(std::chrono::hours(500'000));
    finding.resolution = resolution;
    return finding;
}

inline Notice noticeIn(const Delivery& delivery) {
    auto notice = noticeFromJson(delivery.notice);
    REQUIRE(notice.has_value());
    CHECK(notice->id == delivery.id);
    CHECK(notice->event == delivery.event);
    CHECK(notice->incidentId == delivery.incidentId);
    return *notice;
}

// "stack address" or "stack address resolution", sorted.
inline std::vector<std::string> wordsOf(const std::vector<Notice::Address>& addresses) {
    std::vector<std::string> words;
    for (const auto& one : addresses)
        words.push_back(one.stack + " " + one.address +
                        (one.resolution.empty() ? "" : " " + one.resolution));
    std::ranges::sort(words);
    return words;
}

using Words = std::vector<std::string>;

}  // namespace driftkeeper
