#include "providers/process/real_tool_runner.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <memory>
#include <sstream>
#include <thread>

#include "providers/process/launcher.hpp"
#include "tests/providers/process/contract.hpp"
#include "tests/providers/process/scratch.hpp"
#include "tests/support/eventually.hpp"

using namespace driftkeeper;
using tests::Scratch;
using Ending = ToolResult::Ending;
using namespace std::chrono_literals;

namespace real_tool_runner_test {
namespace {

// Its runtime takes locks of its own in what runs between fork and exec: with threads that allocate
// the child waits for one of them for ever.
#ifdef __SANITIZE_THREAD__
constexpr bool isThreadSanitized = true;
#else
constexpr bool isThreadSanitized = false;
#endif

ToolCall shell(const std::string& script, const std::filesystem::path& directory) {
    ToolCall call;
    call.argv = {"sh", "-c", script};
    call.directory = directory;
    call.environment = {{"PATH", "/usr/local/bin:/usr/bin:/bin"}};
    call.sandbox.writable = {directory};
    call.timeout = 60s;
    call.grace = 200ms;
    return call;
}

ToolResult run(const ToolCall& call, std::stop_token stop = {}) {
    RealToolRunner runner;
    auto result = runner.run(call, stop);
    REQUIRE(result);
    return *result;
}

// Allocates at the end of a path of calls that `path` chooses: each number is another stack.
std::size_t allocate(unsigned path, int depth) {
    if (depth == 0) return std::make_unique<std::vector<char>>(path % 4096 + 1)->size();
    return path & 1U ? allocate(path >> 1U, depth - 1) + 1 : allocate(path >> 1U, depth - 1);
}

// True when no process has this marker in its command line.
bool isGone(const std::string& marker) {
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        std::ostringstream line;  // stays empty for a process that ends meanwhile
        line << std::ifstream(entry.path() / "cmdline", std::ios::binary).rdbuf();
        if (line.str().find(marker) != std::string::npos) return false;
    }
    return true;
}

std::string unique(const std::string& name) {
    return "98" + std::to_string(::getpid()) + name;
}

}  // namespace

TEST_CASE("the real runner keeps the contract of a runner") {
    const Scratch scratch;
    RealToolRunner runner;
    tests::checkContract(runner, shell("echo one; echo two; exit 3", scratch.path()));
}

TEST_CASE("a program that is not there is missing, one that cannot start says why") {
    const Scratch scratch;
    RealToolRunner runner;
    ToolCall call = shell("", scratch.path());
    call.argv = {"no-such-program"};
    auto missing = runner.run(call, {});
    REQUIRE_FALSE(missing);
    CHECK(missing.error().code == "tool_missing");
    CHECK(missing.error().remedy == Remedy::FixSetup);

    const auto script = scratch.write("script", "#!/no/such/interpreter\n");
    std::filesystem::permissions(script, std::filesystem::perms::owner_all);
    call.argv = {script.string()};
    auto broken = runner.run(call, {});
    REQUIRE_FALSE(broken);
    CHECK(broken.error().code == "tool_not_started");

    call = shell("true", scratch.path() / "nowhere");
    auto nowhere = runner.run(call, {});
    REQUIRE_FALSE(nowhere);
    CHECK(nowhere.error().code == "tool_not_started");
    errno = 0;
    CHECK(::waitpid(-1, nullptr, WNOHANG) == -1);
    CHECK(errno == ECHILD);
}

TEST_CASE("a program sees its environment and nothing else, its directory and no input") {
    const Scratch scratch;
    ::setenv("DRIFTKEEPER_TEST_SECRET", "x", 1);
    ToolCall call =
        shell("env | grep -v ^_= | sort; cat; umask; ulimit -c; ls /proc/self/fd | wc -l",
              scratch.path());
    call.environment["NAME"] = "a value";
    const ToolResult result = run(call);
    const std::string pwd = "PWD=" + scratch.path().string();
    CHECK(result.out ==
          "NAME=a value\nPATH=/usr/local/bin:/usr/bin:/bin\n" + pwd + "\n0077\n0\n4\n");
}

TEST_CASE("a signal that ends a program is told as such") {
    const Scratch scratch;
    const ToolResult result = run(shell("kill -SEGV $$", scratch.path()));
    CHECK(result.ending == Ending::Signalled);
    CHECK(result.status == SIGSEGV);
}

TEST_CASE("standard error keeps its end") {
    const Scratch scratch;
    const ToolResult result =
        run(shell("head -c 3000000 /dev/zero >&2; echo the end >&2", scratch.path()));
    CHECK(result.err.size() == std::size_t{1} << 20);
    CHECK(result.err.ends_with("the end\n"));
}

TEST_CASE("a deadline asks the whole group first") {
    const Scratch scratch;
    ToolCall call =
        shell("trap 'echo asked; exit 0' TERM; echo ready; sleep 60 & wait", scratch.path());
    call.timeout = 500ms;
    call.grace = 10s;
    const ToolResult result = run(call);
    CHECK(result.ending == Ending::TimedOut);
    CHECK(result.out == "ready\nasked\n");
    CHECK(result.duration < 5s);
}

TEST_CASE("what ignores TERM is killed, with everything below it") {
    const Scratch scratch;
    const std::string marker = unique("01");
    ToolCall call = shell("trap '' TERM; setsid sleep " + marker + " & (trap '' TERM; sleep " +
                              marker + ") & sleep " + marker + "; sleep " + marker,
                          scratch.path());
    call.timeout = 300ms;
    const auto before = std::chrono::steady_clock::now();
    const ToolResult result = run(call);
    CHECK(result.ending == Ending::TimedOut);
    CHECK(std::chrono::steady_clock::now() - before < 10s);
    CHECK(isGone(marker));
}

TEST_CASE("a grandchild that left the group and keeps the pipes does not outlive the program") {
    const Scratch scratch;
    const std::string marker = unique("02");
    const ToolResult result = run(shell("setsid sh -c 'setsid sleep " + marker + " & sleep " +
                                            marker + "' & echo done; while ! pgrep -f 'sleep " +
                                            marker + "' >/dev/null; do :; done",
                                        scratch.path()));
    CHECK(result.ending == Ending::Exited);
    CHECK(result.out == "done\n");
    CHECK(isGone("sleep\0" + marker));
    CHECK(isGone(marker));
}

TEST_CASE("an orphan that left the group is asked too, so what waits for it ends in time") {
    const Scratch scratch;
    // The pipe's writer is a grandchild outside of the group whose parent is gone.
    ToolCall call = shell("trap : TERM; (setsid sleep 60 &) | (trap '' TERM; cat)", scratch.path());
    call.timeout = 500ms;
    call.grace = 30s;
    const ToolResult result = run(call);
    CHECK(result.ending == Ending::TimedOut);
    CHECK(result.duration < 20s);
}

TEST_CASE("a stop request ends a running program") {
    const Scratch scratch;
    std::stop_source source;
    ToolCall call = shell("echo ready; sleep 60", scratch.path());
    call.onOutput = [&](std::string_view) { source.request_stop(); };
    const ToolResult result = run(call, source.get_token());
    CHECK(result.ending == Ending::Stopped);
    CHECK(result.duration < 10s);
}

TEST_CASE("a program that floods its output is ended") {
    const Scratch scratch;
    ToolCall call = shell("yes", scratch.path());
    call.maxOutput = 100'000;
    const ToolResult result = run(call);
    CHECK(result.ending == Ending::TooMuchOutput);
    CHECK(result.out.size() <= 100'000);
}

TEST_CASE("many threads run calls at once and no child is left") {
    const Scratch scratch;
    std::vector<std::thread> threads;
    std::atomic<int> right = 0;
    for (int t = 0; t < 6; ++t)
        threads.emplace_back([&, t] {
            RealToolRunner runner;
            for (int i = 0; i < 5; ++i) {
                const std::string word = std::to_string(t) + "-" + std::to_string(i);
                const auto result =
                    runner.run(shell("setsid sleep 50 & echo " + word, scratch.path()), {});
                if (result && result->out == word + "\n" && result->status == 0) ++right;
            }
        });
    for (std::thread& thread : threads) thread.join();
    CHECK(right == 30);
    errno = 0;
    CHECK(::waitpid(-1, nullptr, WNOHANG) == -1);
    CHECK(errno == ECHILD);
}

TEST_CASE("programs start while other threads allocate" * doctest::skip(isThreadSanitized)) {
    const Scratch scratch;
    std::vector<std::jthread> others;
    for (unsigned t = 0; t < 3; ++t)
        others.emplace_back([t](const std::stop_token& stop) {
            for (unsigned path = t; !stop.stop_requested(); path += 3) allocate(path, 20);
        });
    for (int i = 0; i < 40; ++i) CHECK(run(shell("exit 3", scratch.path())).status == 3);
}

TEST_CASE("a program that does not begin in time is ended") {
    const Scratch scratch;
    const auto pipe = scratch.write("out", "");
    const int out = ::open(pipe.c_str(), O_WRONLY | O_CLOEXEC);
    const std::string marker = unique("7");
    const launcher::Start start{.program = "/bin/sleep",
                                .arguments = {marker},
                                .environment = {},
                                .directory = scratch.path().string(),
                                .in = out,
                                .out = out,
                                .err = out,
                                .control = out,
                                .ruleset = -1};
    int late = 0;
    for (int i = 0; i < 20; ++i) {
        const auto launched = launcher::launch(start, 0ms);
        if (!launched) {
            CHECK(launched.error().error == ETIMEDOUT);
            ++late;
            continue;
        }
        ::kill(*launched, SIGKILL);
        ::waitpid(*launched, nullptr, 0);
    }
    CHECK(late > 0);
    ::close(out);
    CHECK(tests::eventually([&] { return isGone(marker); }));
    errno = 0;
    CHECK(::waitpid(-1, nullptr, WNOHANG) == -1);
    CHECK(errno == ECHILD);
}

TEST_CASE("when the caller is killed, what it runs goes too") {
    const Scratch scratch;
    const std::string marker = unique("03");
    const auto sign = scratch.path() / "started";
    const pid_t caller = ::fork();
    if (caller == 0) {
        RealToolRunner runner;
        (void)runner.run(
            shell("setsid sleep " + marker + " & sleep " + marker + " & touch started; wait",
                  scratch.path()),
            {});
        ::_exit(0);
    }
    REQUIRE(tests::eventually([&] { return std::filesystem::exists(sign); }));
    CHECK_FALSE(isGone(marker));
    ::kill(caller, SIGKILL);
    ::waitpid(caller, nullptr, 0);
    CHECK(tests::eventually([&] { return isGone(marker); }));
}

}  // namespace real_tool_runner_test
