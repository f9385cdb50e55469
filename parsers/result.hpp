#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace driftkeeper {

// What has to happen before the same attempt can succeed.
enum class Remedy {
    Retry,     // nothing: the next attempt may work (network, lock, timeout)
    FixSetup,  // an operator changes settings, credentials or the host
    Report,    // the input is broken: its author changes it
    Stop       // the process must not go on
};

// An expected failure. `code` is stable (snake_case, documented); `message` is a sentence for an
// operator and never holds a secret.
struct Error {
    Remedy remedy = Remedy::Report;
    std::string code;
    std::string message;

    // The same error seen one step further out: "plan: state is locked" within "check of prod/net".
    [[nodiscard]] Error within(std::string_view step) const {
        return {remedy, code, std::string(step) + ": " + message};
    }
};

template <class T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> failure(Remedy remedy, std::string code, std::string message) {
    return std::unexpected(Error{remedy, std::move(code), std::move(message)});
}

}  // namespace driftkeeper
