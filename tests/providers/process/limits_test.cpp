#include "providers/process/limits.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "providers/process/descriptor.hpp"
#include "providers/process/real_tool_runner.hpp"
#include "providers/process/remove_tree.hpp"
#include "providers/process/tree_size.hpp"
#include "tests/providers/process/scratch.hpp"

using namespace driftkeeper;
using namespace std::chrono_literals;
using tests::Scratch;

namespace limits_test {
namespace {

constexpr std::uint64_t mebibyte = 1U << 20U;
constexpr Limits limits{192 * mebibyte, 100, 32 * mebibyte, mebibyte};

ToolResult run(SandboxMode mode, const Scratch& scratch, const std::string& command) {
    RealToolRunner runner({mode, {}}, {}, limits);
    ToolCall call;
    call.argv = {"sh", "-c", command};
    call.directory = scratch.folder("own");
    call.environment = {{"PATH", "/usr/local/bin:/usr/bin:/bin"}};
    call.sandbox.writable = {call.directory};
    call.sandbox.measured = {call.directory};
    call.timeout = 120s;
    const auto result = runner.run(call, {});
    if (!result) FAIL(result.error().message);
    return *result;
}

struct Row {
    const char* what;
    const char* command;
    Limit limit;
    bool needsRoom = false;
};

// `exec`: else the shell would be what is ended, and wait for the rest.
constexpr Row rows[] = {
    {"memory", "tail /dev/zero", Limit::Memory},
    {"memory of many", "for i in 1 2 3 4; do (head -c 90M /dev/zero; sleep 60) | tail & done; wait",
     Limit::Memory},
    {"shared memory", "while i=$((i+1)); do head -c 9M /dev/zero > /dev/shm/$i || exit; done",
     Limit::Memory, true},
    {"forks", "while :; do sleep 60 & done", Limit::Processes},
    {"forks that leave", "f() { setsid sh -c 'sleep 60 & sleep 60' & }; while :; do f; done",
     Limit::Processes},
    {"one file", "exec cat /dev/zero > file", Limit::Disk},
    {"one file of a child", "cat /dev/zero > file; exit 1", Limit::Disk},
    {"many files",
     "mkdir a; i=0; while :; do i=$((i+1)); head -c 4M /dev/zero > a/$i; done 2>/dev/null",
     Limit::Disk},
    {"a closed folder",
     "i=0; while :; do i=$((i+1)); mkdir $i; head -c 4M /dev/zero > $i/f; chmod 0 $i; done",
     Limit::Disk},
    {"output", "yes", Limit::Output},
    {"output that nothing ends", "trap '' TERM PIPE; while :; do yes; done", Limit::Output},
};

std::uint64_t allowed(Limit limit) {
    switch (limit) {
        case Limit::Memory:
            return limits.memory;
        case Limit::Processes:
            return limits.processes;
        case Limit::Disk:
            return limits.disk;
        default:
            return limits.output;
    }
}

}  // namespace

TEST_CASE("who goes over a limit is ended, and the figure is known") {
    for (const SandboxMode mode : {SandboxMode::Strict, SandboxMode::Landlock}) {
        if (mode == SandboxMode::Strict && !sandboxRefusal().empty()) continue;
        for (const Row& row : rows) {
            if (row.needsRoom && mode != SandboxMode::Strict) continue;
            CAPTURE(std::string(row.what));
            CAPTURE(std::string(name(mode)));
            const Scratch scratch;
            const auto before = std::chrono::steady_clock::now();
            const ToolResult result = run(mode, scratch, row.command);
            CHECK(result.ending == ToolResult::Ending::OverLimit);
            CHECK(name(result.over.limit) == name(row.limit));
            CHECK(result.over.used >= result.over.allowed);
            CHECK(result.over.allowed == allowed(row.limit));
            CHECK(std::chrono::steady_clock::now() - before < 60s);
        }
    }
}

TEST_CASE("who stays below every limit is left alone") {
    const Scratch scratch;
    const ToolResult result =
        run(strongestSandbox(), scratch,
            "for i in 1 2 3 4 5; do sleep 1 & done; head -c 20M /dev/zero > file; "
            "head -c 900000 /dev/zero; head -c 20M /dev/zero | tail | wc -c >&2; wait");
    CHECK(result.ending == ToolResult::Ending::Exited);
    CHECK(result.out.size() == 900'000);
    CHECK(result.err == "20971520\n");
}

TEST_CASE("a runner takes new limits for the next call") {
    const Scratch scratch;
    RealToolRunner runner({strongestSandbox(), {}}, {}, limits);
    ToolCall call;
    call.argv = {"head", "-c", "2000000", "/dev/zero"};
    call.directory = scratch.path();
    call.environment = {{"PATH", "/usr/bin:/bin"}};
    CHECK(runner.run(call, {})->ending == ToolResult::Ending::OverLimit);
    runner.setLimits({0, 0, 0, 4 * mebibyte});
    CHECK(runner.run(call, {})->ending == ToolResult::Ending::Exited);
    runner.setLimits(limits);
    call.sandbox.open = true;  // an operator's own program
    CHECK(runner.run(call, {})->ending == ToolResult::Ending::Exited);
}

TEST_CASE("what a folder holds is counted at any depth, by one descriptor, and no link leads out") {
    const Scratch scratch;
    scratch.write("elsewhere/large", std::string(mebibyte, 'x'));
    scratch.write("tree/a/b/file", std::string(100'000, 'x'));
    std::filesystem::create_symlink(scratch.path() / "elsewhere", scratch.path() / "tree/link");
    const auto small = bytesBelow(scratch.path() / "tree");
    CHECK(small >= 100'000);
    CHECK(small < 200'000);
    CHECK(bytesBelow(scratch.path() / "nowhere") == 0);

    Descriptor at(::open((scratch.path() / "tree").c_str(), O_PATH | O_CLOEXEC));
    for (int level = 0; level < 1100; ++level) {
        REQUIRE(::mkdirat(at.get(), "d", 0700) == 0);
        at = Descriptor(::openat(at.get(), "d", O_PATH | O_CLOEXEC));
    }
    const Descriptor file(::openat(at.get(), "f", O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    REQUIRE(::ftruncate(file.get(), 400'000) == 0);
    CHECK(bytesBelow(scratch.path() / "tree") < small + 1101 * 4096);  // a hole uses nothing
    REQUIRE(::posix_fallocate(file.get(), 0, 20'000'000) == 0);
    CHECK(bytesBelow(scratch.path() / "tree") >= small + 20'000'000);
    CHECK(removeTree(scratch.path() / "tree"));
}

}  // namespace limits_test
