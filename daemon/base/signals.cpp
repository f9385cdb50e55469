#include "daemon/base/signals.hpp"

#include <pthread.h>
#include <signal.h>
#include <time.h>

namespace driftkeeper {
namespace {

sigset_t handled() noexcept {
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, signal);
    return set;
}

}  // namespace

void blockSignals() noexcept {
    const sigset_t set = handled();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);  // a limit of file size is an error of write(2) then
}

std::optional<int> waitForSignal(std::chrono::milliseconds most) noexcept {
    const sigset_t set = handled();
    const timespec limit{most.count() / 1000, (most.count() % 1000) * 1'000'000};
    const int signal = sigtimedwait(&set, nullptr, &limit);
    if (signal < 0) return std::nullopt;
    return signal;
}

}  // namespace driftkeeper
