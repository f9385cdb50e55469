#include "daemon/git/attempt.hpp"

#include <pthread.h>
#include <signal.h>

#include <cassert>
#include <chrono>
#include <ctime>
#include <fstream>
#include <utility>

namespace driftkeeper {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds answerLimit{30};
constexpr std::chrono::seconds minute{60};
constexpr std::size_t leastAMinute = 60U << 10U;

thread_local Attempt* currentAttempt = nullptr;

sigset_t pipeSignal() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    return set;
}

}  // namespace

// OpenSSL writes without MSG_NOSIGNAL: the signal is held back on this thread instead of being
// ignored everywhere.
Attempt::Attempt(RemoteUrl where, const RepositorySettings& repository, Patience limits)
    : url(std::move(where)),
      credentials(repository.credentials),
      tlsCaFile(repository.tlsCaFile),
      patience(std::move(limits)),
      deadline_(patience.deadline) {
    const auto answer = Clock::now() + answerLimit;
    if (answer < deadline_) {
        patience.deadline = answer;
        patience.overdue = "the server did not list its branches within 30 s";
    }
    assert(!currentAttempt);
    currentAttempt = this;
    sigset_t before;
    const auto set = pipeSignal();
    pthread_sigmask(SIG_BLOCK, &set, &before);
    pipeSignalWasBlocked_ = sigismember(&before, SIGPIPE) == 1;
}

Attempt::~Attempt() {
    currentAttempt = nullptr;
    if (pipeSignalWasBlocked_) return;
    const auto set = pipeSignal();
    const timespec now{};
    while (sigtimedwait(&set, nullptr, &now) > 0) {
    }
    pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

Attempt* Attempt::current() noexcept {
    return currentAttempt;
}

// gitprotocol-pack(5): an advertisement names the kind of ids among the capabilities of its first
// ref, and ends with what the source itself lacks.
void Attempt::hear(std::string_view bytes) {
    constexpr std::size_t longestWord = 32, mostListened = 64U << 20U;
    if (listened_ > mostListened) return;
    listened_ += bytes.size();
    heard_ += bytes;
    hasSha256Ids = hasSha256Ids || heard_.find("object-format=sha256") != std::string::npos;
    isShallow = isShallow || heard_.find("\n0035shallow ") != std::string::npos;
    if (heard_.size() > longestWord) heard_.erase(0, heard_.size() - longestWord);
}

int Attempt::fail(Error error) {
    if (!failure) failure = std::move(error);
    return -1;
}

void Attempt::hasAnswered() {
    patience.deadline = deadline_;
    patience.overdue = Patience().overdue;
}

int Attempt::received(std::size_t bytes) {
    const auto now = Clock::now();
    if (minute_ == Clock::time_point() || bytes >= before_ + leastAMinute) {
        minute_ = now;
        before_ = bytes;
    }
    if (now - minute_ < minute) return 0;
    return fail({Remedy::Retry, "git_timeout", "the server sends less than 1 KiB a second"});
}

Result<std::string> readSetupFile(const std::filesystem::path& file, const std::string& code,
                                  std::string_view what) {
    constexpr std::size_t limit = 1U << 20U;
    std::ifstream in(file, std::ios::binary);
    std::string text(limit + 1, '\0');
    if (in) in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (in.bad() || !in.is_open() || (in.fail() && !in.eof()))
        return driftkeeper::failure(
            Remedy::FixSetup, code,
            std::string(what) + " " + scrubbed(file.string()) + " cannot be read");
    text.resize(static_cast<std::size_t>(in.gcount()));
    if (text.size() > limit)
        return driftkeeper::failure(
            Remedy::FixSetup, code,
            std::string(what) + " " + scrubbed(file.string()) + " is over 1 MiB");
    return text;
}

Result<std::string> readPassword(const SecretSource& source, std::string_view what) {
    if (source.file.empty()) return source.value;
    auto text = readSetupFile(source.file, "git_credentials", what);
    if (text) text->resize(std::min(text->find_first_of("\r\n"), text->size()));
    return text;
}

}  // namespace driftkeeper
