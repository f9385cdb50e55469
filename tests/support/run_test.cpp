#include "tests/support/run.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <cstdlib>

#include "tests/support/eventually.hpp"
#include "tests/support/files.hpp"

using namespace driftkeeper::tests;

TEST_CASE("a run gives exit status, standard output and standard error") {
    const Finished finished = run({"sh", "-c", "echo out; echo err >&2; exit 3"});
    CHECK(finished.status == 3);
    CHECK(finished.out == "out\n");
    CHECK(finished.err == "err\n");
    CHECK_FALSE(finished.timedOut);
}

TEST_CASE("a signal shows as 128 and its number") {
    CHECK(run({"sh", "-c", "kill -TERM $$"}).status == 128 + SIGTERM);
}

TEST_CASE("input, folder and environment reach the program") {
    const TempDir folder;
    CHECK(run({"cat"}, {.input = "said"}).out == "said");
    CHECK(run({"pwd"}, {.cwd = folder.path()}).out == folder.path().string() + "\n");
    CHECK(run({"sh", "-c", "echo $WORD"}, {.env = {{"WORD", "given"}}}).out == "given\n");
    CHECK(run({"/usr/bin/env"}, {.env = {{"ONLY", "1"}}, .onlyThisEnvironment = true}).out ==
          "ONLY=1\n");
}

TEST_CASE("much output on both sides does not block") {
    const std::string input(1 << 20, 'x');
    const Finished finished = run({"sh", "-c", "tee /dev/stderr"}, {.input = input});
    CHECK(finished.out == input);
    CHECK(finished.err == input);
}

TEST_CASE("a timeout kills the whole process group") {
    const TempDir folder;
    const Finished finished =
        run({"sh", "-c", "sleep 60 & echo $! >pid; wait"},
            {.cwd = folder.path(), .timeout = std::chrono::milliseconds(500)});
    CHECK(finished.timedOut);
    CHECK(finished.status == 128 + SIGKILL);
    const std::string pid = replaced(readFile(folder / "pid"), "\n", "");
    // Dead, or a zombie that only waits for the reaper; the signal may still be on its way.
    CHECK(eventually([&] {
        return run({"sh", "-c", "! grep -E '^State:.[^Z]' /proc/" + pid + "/status 2>/dev/null"})
            .ok();
    }));
}

TEST_CASE("a grandchild that keeps the output open is not waited for") {
    const Finished finished =
        run({"sh", "-c", "setsid sleep 30 & echo $!"}, {.timeout = std::chrono::seconds(20)});
    CHECK_FALSE(finished.timedOut);
    kill(std::atoi(finished.out.c_str()), SIGKILL);
}

TEST_CASE("a program that is not there cannot be started") {
    CHECK_THROWS_WITH(run({"driftkeeper-no-such-program"}), doctest::Contains("cannot start"));
}

TEST_CASE("the output of a failed run is an exception with both outputs") {
    CHECK(outputOf({"echo", "fine"}) == "fine\n");
    CHECK_THROWS_WITH(outputOf({"sh", "-c", "echo one; echo two >&2; false"}),
                      doctest::Contains("one\ntwo"));
}
