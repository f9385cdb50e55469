#include "providers/process/control_group.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "providers/process/real_tool_runner.hpp"
#include "tests/providers/process/scratch.hpp"

using namespace driftkeeper;
using namespace std::chrono_literals;
using tests::Scratch;

namespace control_group_test {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t mebibyte = 1U << 20U;
const fs::path top = "/sys/fs/cgroup";

std::string textOf(const fs::path& file) {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
}

bool hasControllers() {
    const std::string all = textOf(top / "cgroup.controllers");
    return ::geteuid() == 0 && all.contains("memory") && all.contains("pids");
}

// Only where the host's controllers are in one tree, and ours.
const auto needsControllers = doctest::skip(!hasControllers());

// What a call says that ran within `groups`.
std::string endOf(const ControlGroups& groups, const Scratch& scratch, const std::string& command) {
    RealToolRunner runner({strongestSandbox(), {}}, {}, {64 * mebibyte, 100, 0, 0}, &groups);
    ToolCall call;
    call.argv = {"sh", "-c", command};
    call.directory = scratch.path();
    call.environment = {{"PATH", "/usr/bin:/bin"}};
    call.timeout = 120s;
    const auto result = runner.run(call, {});
    if (!result) return result.error().message;
    if (result->ending == ToolResult::Ending::OverLimit)
        return std::string(name(result->over.limit)) + ";";
    return result->out + ";";
}

// In a process of its own, for it is moved.
std::string saidBelow(const fs::path& folder) {
    const Scratch scratch;
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const pid_t pid = ::fork();
    if (pid == 0) {
        std::ofstream(folder / "cgroup.procs") << "0" << std::flush;
        const auto groups = ControlGroups::takeAt(folder);
        std::string said = groups ? "taken;" : groups.error();
        if (groups) {
            said += endOf(*groups, scratch, "tail /dev/zero");
            // What lies in the room's memory; elsewhere it may not be written.
            if (strongestSandbox() == SandboxMode::Strict)
                said += endOf(*groups, scratch, "head -c 200M /dev/zero > /dev/shm/file; echo no");
            said += endOf(*groups, scratch, "while :; do sleep 60 & done");
            said += endOf(*groups, scratch, "head -c 20M /dev/zero | tail | wc -c");
            said += endOf(*groups, scratch, "setsid sleep 60 & echo left");
        }
        for (const auto& entry : fs::directory_iterator(folder))
            if (entry.is_directory()) said += entry.path().filename().string();
        (void)!::write(ends[1], said.data(), said.size());
        ::_exit(0);
    }
    ::close(ends[1]);
    std::string said;
    char buffer[512];
    for (ssize_t size = 0; (size = ::read(ends[0], buffer, sizeof buffer)) > 0;)
        said.append(buffer, static_cast<std::size_t>(size));
    ::close(ends[0]);
    ::waitpid(pid, nullptr, 0);
    return said;
}

}  // namespace

TEST_CASE("a call's control group holds its limits, ends all of it, and is gone with it" *
          needsControllers) {
    std::ofstream(top / "cgroup.subtree_control") << "+memory +pids +cpu" << std::flush;
    const fs::path folder = top / ("driftkeeper-test-" + std::to_string(::getpid()));
    fs::create_directory(folder);
    CHECK(saidBelow(folder).starts_with("the control group is not delegated"));
    REQUIRE(::setxattr(folder.c_str(), "user.delegate", "1", 1, 0) == 0);
    const std::string inRoom = strongestSandbox() == SandboxMode::Strict ? "memory;" : "";
    CHECK(saidBelow(folder) == "taken;memory;" + inRoom + "processes;20971520\n;left\n;daemon");
    fs::remove(folder / "daemon");
    fs::remove(folder);
}

TEST_CASE("what the host has is known") {
    const auto pages = static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES));
    CHECK(hostLimits().memory > 64 * mebibyte);
    CHECK(hostLimits().memory <= pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)));
}

TEST_CASE("where nothing is delegated the reason is said") {
    const Scratch scratch;
    CHECK(ControlGroups::takeAt(scratch.path()).error().starts_with("no file system of control"));
}

}  // namespace control_group_test
