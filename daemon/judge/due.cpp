#include "daemon/judge/due.hpp"

#include <algorithm>
#include <chrono>

namespace driftkeeper {
namespace {

using std::chrono::microseconds;

constexpr Seconds firstWindow{30};
constexpr Seconds firstRetry{30};

// FNV-1a with a final mix, as a number in [0, 1): the same for the same seed on every machine.
double spread(std::string_view seed) noexcept {
    std::uint64_t hash = 14695981039346656037U;
    for (const char c : seed) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
    hash ^= hash >> 33U;
    hash *= 0xff51afd7ed558ccdU;
    hash ^= hash >> 33U;
    return static_cast<double>(hash >> 11U) * 0x1.0p-53;
}

microseconds part(Seconds whole, double fraction) {
    return microseconds(
        static_cast<std::int64_t>(static_cast<double>(microseconds(whole).count()) * fraction));
}

Seconds retryAfter(Seconds every, int failures) {
    constexpr int mostDoublings = 20;  // a year: beyond any interval
    return std::min(every, firstRetry * (1L << std::min(failures, mostDoublings)));
}

}  // namespace

TimePoint nextDue(Seconds every, std::optional<TimePoint> lastFinished, int failures,
                  std::string_view seed, TimePoint now) {
    const double share = spread(seed);
    if (!lastFinished) return now + part(std::min(every, firstWindow), share);
    const TimePoint last = std::min(*lastFinished, now);
    if (failures > 0) return last + part(retryAfter(every, failures), 1.0 + 0.1 * share);
    return last + part(every, 0.9 + 0.2 * share);
}

}  // namespace driftkeeper
