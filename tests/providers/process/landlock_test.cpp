#include "providers/process/landlock.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include "providers/process/real_tool_runner.hpp"
#include "tests/providers/process/scratch.hpp"

using namespace driftkeeper;
using tests::Scratch;

namespace landlock_test {
namespace {

// The words "yes" and "no" for whether a shell command works inside the sandbox.
std::string tries(const Sandbox& sandbox, const std::filesystem::path& directory,
                  const std::string& command) {
    RealToolRunner runner({SandboxMode::Landlock, {}});
    ToolCall call;
    call.argv = {"sh", "-c", "( " + command + " ) >/dev/null 2>&1 && echo yes || echo no"};
    call.directory = directory;
    call.environment = {{"PATH", "/usr/local/bin:/usr/bin:/bin"}};
    call.sandbox = sandbox;
    const auto result = runner.run(call, {});
    REQUIRE(result);
    return result->out;
}

}  // namespace

// A kernel without what a test is about does not run it, and so cannot pass it.
const auto needsLandlock = doctest::skip(landlockVersion() == 0);
const auto needsSignalScopes = doctest::skip(landlockVersion() < 6);

TEST_CASE("a sandbox hides, shows and lets write what it says" * needsLandlock) {
    const Scratch scratch;
    scratch.write("state/db", "secret");
    scratch.write("state/stacks/other/export/main.tf", "secret");
    scratch.write("state/stacks/mine/export/main.tf", "mine");
    scratch.write("beside/file", "open");
    scratch.folder("state/stacks/mine/private");
    std::filesystem::create_symlink(scratch.path() / "state", scratch.path() / "way-round");
    Sandbox sandbox;
    sandbox.hidden = {scratch.path() / "state", scratch.path() / "does-not-exist"};
    sandbox.readable = {scratch.path() / "state/stacks/mine/export"};
    sandbox.writable = {scratch.path() / "state/stacks/mine/private"};

    struct Row {
        const char* command;
        const char* works;
    };
    for (const Row& row : {
             Row{"cat beside/file", "yes\n"},
             Row{"cat state/db", "no\n"},
             Row{"cat way-round/db", "no\n"},
             Row{"ls state", "no\n"},
             Row{"cat state/stacks/other/export/main.tf", "no\n"},
             Row{"cat state/stacks/mine/export/main.tf", "yes\n"},
             Row{"ls state/stacks/mine/export", "yes\n"},
             Row{"echo x > state/stacks/mine/export/main.tf", "no\n"},
             Row{"rm state/stacks/mine/export/main.tf", "no\n"},
             Row{"echo x > beside/file", "no\n"},
             Row{"truncate -s 0 beside/file", "no\n"},
             Row{"mkdir new", "no\n"},
             Row{"echo x > /dev/shm/driftkeeper-test", "no\n"},
             Row{"echo x > state/db", "no\n"},
             Row{"mv beside/file state/stacks/mine/private/", "no\n"},
             Row{"cd state/stacks/mine/private && mkdir a && echo x > a/b && mv a/b c && cat c && "
                 "rm -r a c",
                 "yes\n"},
             Row{"echo x > /dev/null && head -c 1 /dev/urandom", "yes\n"},
             Row{"ls /usr/bin && test -x /bin/sh", "yes\n"},
         }) {
        CAPTURE(row.command);
        CHECK(tries(sandbox, scratch.path(), row.command) == row.works);
    }
}

TEST_CASE("a sandboxed program reads no other process's environment" * needsLandlock) {
    const Scratch scratch;
    const std::string self = "/proc/" + std::to_string(::getpid());
    CHECK(tries({}, scratch.path(), "cat " + self + "/environ") == "no\n");
    CHECK(tries({}, scratch.path(), "cat /proc/self/environ") == "yes\n");
}

TEST_CASE("a sandboxed program signals nobody outside" * needsSignalScopes) {
    const Scratch scratch;
    CHECK(tries({}, scratch.path(), "kill -0 " + std::to_string(::getpid())) == "no\n");
    CHECK(tries({}, scratch.path(), "kill -0 $$") == "yes\n");
}

}  // namespace landlock_test
