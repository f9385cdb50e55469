#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

#include "parsers/result.hpp"

struct pollfd;

namespace driftkeeper {

// How long a conversation may take, and who else may end it.
struct Patience {
    std::stop_token stop;
    std::chrono::steady_clock::time_point deadline;
    const char* overdue = "it took too long";  // what left() says after the deadline

    // The error (git_timeout, Retry) once it is over, nothing before.
    [[nodiscard]] Result<void> left() const;

    // Until poll(2) reports one of these (which it notes in them), for at most `limit`. Errors:
    // git_timeout, git_unreachable (Retry).
    Result<void> await(std::span<pollfd> wanted, std::chrono::steady_clock::duration limit) const;
};

// How long a server may say nothing.
constexpr std::chrono::seconds silenceLimit{60};

// A TCP connection whose every wait ends with the patience (within 0.2 s of a stop). Only the
// resolver blocks longer: its time is bounded by resolv.conf(5). One thread at a time; closes
// itself.
class Connection {
public:
    // Errors: git_unreachable, git_timeout (both Retry). An address gets at most 20 s. `patience`
    // must outlive this.
    static Result<Connection> open(const std::string& host, const std::string& port,
                                   const Patience& patience);

    Connection(Connection&& other) noexcept;
    Connection& operator=(Connection&& other) noexcept;
    ~Connection();

    // Non-blocking descriptor.
    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

    // Waits until poll(2) reports one of `events`. A minute of silence is a timeout.
    Result<void> wait(short events) const;

    // Number of bytes; 0 at the end of the stream.
    Result<std::size_t> read(std::span<char> buffer) const;
    Result<void> write(std::string_view bytes) const;

private:
    Connection(int descriptor, const Patience& patience)
        : descriptor_(descriptor), patience_(&patience) {}
    int descriptor_ = -1;
    const Patience* patience_;
};

}  // namespace driftkeeper
