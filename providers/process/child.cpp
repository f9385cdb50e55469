#include "providers/process/child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <utility>

#include "providers/process/supervisor.hpp"

namespace driftkeeper {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds killLimit{5};

// `ours` is non-blocking: who talks with a program waits for several things at once.
bool openPipe(Descriptor& readable, Descriptor& writable, const Descriptor& ours) noexcept {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return false;
    readable = Descriptor(ends[0]);
    writable = Descriptor(ends[1]);
    return ::fcntl(ours.get(), F_SETFL, O_NONBLOCK) == 0;
}

bool openSocket(Descriptor& ours, Descriptor& theirs) noexcept {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) return false;
    ours = Descriptor(ends[0]);
    theirs = Descriptor(ends[1]);
    return true;
}

// True once the supervisor has closed its end: it is about to exit, or has.
bool endsWithin(const Descriptor& control, std::chrono::milliseconds limit) noexcept {
    const auto until = Clock::now() + limit;
    for (auto now = Clock::now(); now < until; now = Clock::now()) {
        pollfd wait{control.get(), POLLIN, 0};
        if (::poll(&wait, 1,
                   static_cast<int>(
                       std::chrono::ceil<std::chrono::milliseconds>(until - now).count())) <= 0)
            continue;
        supervisor::Ending ending;
        const ssize_t size = ::recv(control.get(), &ending, sizeof ending, MSG_DONTWAIT);
        if (size == 0 || (size < 0 && errno == ECONNRESET)) return true;
    }
    return false;
}

}  // namespace

std::expected<Child, launcher::Failure> Child::start(launcher::Start what, Input input,
                                                     std::chrono::milliseconds limit) {
    Child child;
    Descriptor in, out, err, control;
    bool opened = openPipe(child.out, out, child.out) && openPipe(child.err, err, child.err) &&
                  openSocket(child.control, control);
    if (input == Input::Pipe) {
        opened = opened && openPipe(in, child.in, child.in);
    } else if (what.in < 0) {
        in = Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC));
        opened = opened && in.isOpen();
    }
    if (!opened) return std::unexpected(launcher::Failure{errno});
    if (in.isOpen()) what.in = in.get();
    what.out = out.get();
    what.err = err.get();
    what.control = control.get();
    const auto launched = launcher::launch(what, limit);
    if (!launched) return std::unexpected(launched.error());
    child.supervisor_ = *launched;
    return child;
}

Child::Child(Child&& other) noexcept
    : in(std::move(other.in)),
      out(std::move(other.out)),
      err(std::move(other.err)),
      control(std::move(other.control)),
      supervisor_(std::exchange(other.supervisor_, -1)) {}

Child::~Child() {
    if (supervisor_ <= 0) return;
    order(supervisor::kill);
    const bool ends = endsWithin(control, killLimit);
    control.close();
    while (::waitpid(supervisor_, nullptr, ends ? 0 : WNOHANG) < 0 && errno == EINTR) {
    }
}

void Child::abandon() noexcept {
    control.close();
    supervisor_ = -1;
}

void Child::order(char what) noexcept {
    (void)!::send(control.get(), &what, 1, MSG_NOSIGNAL);
}

}  // namespace driftkeeper
