#include "daemon/alert/decide/retry.hpp"

#include <algorithm>

namespace driftkeeper {
namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;

constexpr Seconds leastPause{1};
constexpr Seconds mostBackoff{15 * 60};
constexpr Seconds mostWish{60 * 60};
constexpr Seconds throttledPause{60};  // when the peer asks for a pause and does not say how long
constexpr std::chrono::hours patience{72};

microseconds backoff(int attempts, double random) {
    const Seconds most = attempts < 9
                             ? std::min(Seconds(2) * (1 << std::max(attempts, 0)), mostBackoff)
                             : mostBackoff;
    const auto jittered = duration_cast<microseconds>(std::chrono::duration<double>(most) * random);
    return std::max<microseconds>(jittered, leastPause);
}

microseconds wished(Seconds wish) {
    return std::clamp(wish, leastPause, mostWish);
}

}  // namespace

RetryDecision nextAttempt(const AttemptResult& result, bool plain, int attempts, TimePoint created,
                          TimePoint now, double random) {
    using Action = RetryDecision::Action;
    if (isTaken(result.outcome)) return {result.more ? Action::Again : Action::Done, now, true};
    if (now - created >= patience) return {Action::GiveUp, {}, true};
    switch (result.outcome) {
        case Outcome::Throttled:
            return {Action::Again, now + wished(result.retryAfter.value_or(throttledPause)), false};
        case Outcome::BadDestination:
            return {Action::Again, now + mostBackoff, true};
        case Outcome::BadPayload:
            if (plain) return {Action::GiveUp, {}, true};
            return {Action::Again, now + leastPause, true};
        default:
            break;
    }
    if (result.retryAfter) return {Action::Again, now + wished(*result.retryAfter), true};
    return {Action::Again, now + backoff(attempts, random), true};
}

}  // namespace driftkeeper
