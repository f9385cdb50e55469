// What a room costs a call: /bin/true in one, against Landlock alone and against neither, medians
// of many, wall and CPU time (of the caller and of what it reaped).
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

#include "providers/process/real_tool_runner.hpp"

using namespace driftkeeper;

namespace {

constexpr int rounds = 200;

double cpuSeconds() {
    double sum = 0;
    for (const auto who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
        rusage usage{};
        ::getrusage(who, &usage);
        for (const timeval& time : {usage.ru_utime, usage.ru_stime})
            sum += static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    }
    return sum;
}

struct Cost {
    double wall = 0;  // milliseconds a call
    double cpu = 0;
};

Cost costOf(SandboxMode mode) {
    RealToolRunner runner({mode, {}});
    ToolCall call;
    call.argv = {"/bin/true"};
    call.directory = "/";
    call.environment = {{"PATH", "/usr/local/bin:/usr/bin:/bin"}};
    call.sandbox.hidden = {"/var/lib/driftkeeper", "/etc/driftkeeper"};
    std::vector<double> walls;
    const double before = cpuSeconds();
    for (int i = 0; i < rounds; ++i) {
        const auto start = std::chrono::steady_clock::now();
        (void)runner.run(call, {});
        walls.push_back(
            std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
                .count());
    }
    std::ranges::nth_element(walls, walls.begin() + rounds / 2);
    return {walls[rounds / 2], (cpuSeconds() - before) * 1000 / rounds};
}

}  // namespace

int main() {
    const Cost open = costOf(SandboxMode::Off);
    const Cost landlock = costOf(SandboxMode::Landlock);
    const Cost strict = costOf(SandboxMode::Strict);
    const auto print = [&](const char* name, const Cost& cost) {
        fmt::print("{:<34} wall {:7.2f} ms   cpu {:7.2f} ms\n", name, cost.wall, cost.cpu);
    };
    print("a call without walls", open);
    print("with Landlock alone", landlock);
    print("in a room", strict);
    fmt::print(
        "a room above Landlock alone        wall {:7.2f} ms (aim: <= 25)   cpu {:7.2f} ms "
        "(aim: <= 15)\n",
        strict.wall - landlock.wall, strict.cpu - landlock.cpu);
}
