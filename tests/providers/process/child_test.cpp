#include "providers/process/child.hpp"

#include <doctest/doctest.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <optional>
#include <string>

#include "providers/process/supervisor.hpp"

using namespace driftkeeper;

namespace {

std::expected<Child, launcher::Failure> shell(const std::string& script,
                                              Child::Input input = Child::Input::None) {
    return Child::start({.program = "/bin/sh",
                         .arguments = {"-c", script},
                         .environment = {"PATH=/usr/bin:/bin"},
                         .directory = "/"},
                        input, std::chrono::seconds(60));
}

// The next bytes of a pipe; empty at its end.
std::string next(const Descriptor& pipe) {
    pollfd wait{pipe.get(), POLLIN, 0};
    REQUIRE(::poll(&wait, 1, 60'000) == 1);
    std::array<char, 256> buffer;
    const ssize_t size = ::read(pipe.get(), buffer.data(), buffer.size());
    REQUIRE(size >= 0);
    return {buffer.data(), static_cast<std::size_t>(size)};
}

}  // namespace

TEST_CASE("a child answers what is written to it, and its ending comes last") {
    auto child = shell("cat; echo complaint >&2; exit 7", Child::Input::Pipe);
    REQUIRE(child);
    REQUIRE(::write(child->in.get(), "hello", 5) == 5);
    CHECK(next(child->out) == "hello");
    child->in.close();
    CHECK(next(child->out).empty());
    CHECK(next(child->err) == "complaint\n");
    supervisor::Ending ending;
    REQUIRE(::recv(child->control.get(), &ending, sizeof ending, 0) == sizeof ending);
    CHECK(ending.code == CLD_EXITED);
    CHECK(ending.status == 7);
}

TEST_CASE("what a child started is gone with it, also what left its process group") {
    auto started = shell("trap '' TERM; setsid sh -c 'echo here; exec tail -f /dev/null' & wait");
    REQUIRE(started);
    std::optional<Child> child(*std::move(started));
    CHECK(next(child->out) == "here\n");
    const Descriptor out = std::move(child->out);
    child.reset();
    CHECK(next(out).empty());
}

TEST_CASE("a child that cannot start gives the reason of the system") {
    const auto child = Child::start(
        {.program = "/nonexistent", .arguments = {}, .environment = {}, .directory = "/"},
        Child::Input::None, std::chrono::seconds(60));
    REQUIRE_FALSE(child);
    CHECK(child.error().error == ENOENT);
}
