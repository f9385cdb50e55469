// What a view of the page costs with 5,000 stacks, in milliseconds of wall time in the server:
// median and worst of a round, against writing the whole fleet as JSON as /api/v1/stacks does.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/daemon/api_house.hpp"
#include "tests/daemon/big_fleet.hpp"

using namespace driftkeeper;

namespace {

constexpr std::size_t stackCount = 5000;
constexpr int rounds = 15;

double milliseconds() {
    return std::chrono::duration<double, std::milli>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

struct TemporaryFolder {
    std::filesystem::path path = [] {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "driftkeeper-bench-XXXXXX").string();
        return std::filesystem::path(::mkdtemp(pattern.data()));
    }();
    ~TemporaryFolder() { std::filesystem::remove_all(path); }
};

WebRequest requestFor(std::vector<std::string> path,
                      std::map<std::string, std::string> query = {}) {
    WebRequest request;
    request.caller = {"bench", Role::Operate, "csrf"};
    request.method = "GET";
    request.path = std::move(path);
    request.query = std::move(query);
    return request;
}

// The median, and the worst.
std::pair<double, double> measure(Api& api, const WebRequest& request, int times,
                                  std::size_t& bytes) {
    std::vector<double> spent;
    for (int i = 0; i < times; ++i) {
        const double before = milliseconds();
        const auto answer = api.answer(request);
        spent.push_back(milliseconds() - before);
        if (answer.status != 200) std::abort();
        bytes = answer.body.size();
    }
    std::ranges::sort(spent);
    return {spent[spent.size() / 2], spent.back()};
}

}  // namespace

int main() {
    std::setvbuf(stdout, nullptr, _IOLBF, 0);  // a line at a time, also into a file
    const TemporaryFolder folder;
    const SystemClock clock;
    tests::ApiHouse world(folder.path, clock, Settings());
    tests::fillFleet(*world.store, stackCount, clock.now());
    tests::loadOverview(*world.store, world.overview);
    std::size_t bytes = 0;
    const double whole = measure(world.api, requestFor({"api", "v1", "stacks"}), 3, bytes).first;
    std::printf("%-34s %8.1f ms                    %8zu KiB   (baseline)\n",
                "/api/v1/stacks, all of it", whole, bytes / 1024);
    const std::string heavy =
        "platform/prod/eu-central-1/network-0000";  // 200 findings, the longest history
    const std::string usual = "infra/staging/eu-west-1/database-0001";
    const std::vector<std::pair<const char*, WebRequest>> views = {
        {"fleet", requestFor({})},
        {"fleet, last page", requestFor({}, {{"page", "50"}})},
        {"fleet, filtered by words", requestFor({}, {{"q", "prod network"}, {"sort", "age"}})},
        {"a stack", requestFor({"stacks", usual})},
        {"a stack, 200 drifts", requestFor({"stacks", heavy})},
        {"one of its checks", requestFor({"stacks", heavy, "checks", "check-000000-0039"})},
        {"incidents", requestFor({"incidents"})},
        {"incidents, last page", requestFor({"incidents"}, {{"page", "40"}})},
        {"an incident", requestFor({"incidents", "incident-000000"})},
        {"ignore rules", requestFor({"ignores"})},
        {"silences, preview of everything",
         requestFor({"silences"},
                    {{"matcher", "stack=**"}, {"length", "2h"}, {"reason", "bench"}})},
        {"silences, preview of live drifts",
         requestFor({"silences"},
                    {{"matcher", "side=live"}, {"length", "2h"}, {"reason", "bench"}})},
        {"outbox", requestFor({"outbox"})},
        {"outbox, delivered, last page",
         requestFor({"outbox"}, {{"state", "delivered"}, {"page", "40"}})},
        {"settings", requestFor({"settings"})}};
    for (const auto& [name, request] : views) {
        const auto [median, worst] = measure(world.api, request, rounds, bytes);
        std::printf("%-34s %8.1f ms, worst %6.1f ms = %.3f %6zu KiB   (aim: < 100 ms)\n", name,
                    median, worst, median / whole, bytes / 1024);
    }
}
