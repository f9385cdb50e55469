#include "daemon/notify/status.hpp"
#include "parsers/text/ascii.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string>

namespace driftkeeper {
namespace {

constexpr Seconds longestWish{24 * 60 * 60};  // of Retry-After; a broken one may say years

Outcome outcomeOf(int status) {
    if (status == 202) return Outcome::Accepted;
    if (status >= 200 && status < 300) return Outcome::Delivered;
    if (status >= 300 && status < 400) return Outcome::BadDestination;
    switch (status) {
        case 401:
        case 403:
        case 404:
        case 410:
            return Outcome::BadDestination;
        case 408:
        case 425:
            return Outcome::Transient;
        case 429:
            return Outcome::Throttled;
        default:
            return status >= 400 && status < 500 ? Outcome::BadPayload : Outcome::Transient;
    }
}

std::string_view meaning(Outcome outcome, int status) {
    if (status >= 300 && status < 400) return "a redirect, which is not followed";
    switch (outcome) {
        case Outcome::Delivered:
            return "delivered";
        case Outcome::Accepted:
            return "accepted";
        case Outcome::Throttled:
            return "the destination asks for a pause";
        case Outcome::BadDestination:
            return "the address or the credentials are refused";
        case Outcome::BadPayload:
            return "the message is refused";
        case Outcome::Transient:
        case Outcome::Ambiguous:
            break;
    }
    return "the destination is in trouble";
}

AttemptResult unanswered(const Answer& answer) {
    if (answer.written)
        return {Outcome::Ambiguous, fmt::format("sent, no answer: {}", answer.error), std::nullopt};
    return {Outcome::Transient, fmt::format("not sent: {}", answer.error), std::nullopt};
}

}  // namespace

std::optional<Seconds> retryAfter(std::string_view header, TimePoint now) {
    header = trimmed(header);
    if (header.empty()) return std::nullopt;

    if (header.find_first_not_of("0123456789") == std::string_view::npos) {
        Seconds::rep count = longestWish.count();  // stays for a number that is too large to read
        std::from_chars(header.data(), header.data() + header.size(), count);
        return std::min(Seconds(count), longestWish);
    }
    const std::time_t date = curl_getdate(std::string(header).c_str(), nullptr);
    if (date < 0) return std::nullopt;
    const auto wait = std::chrono::ceil<Seconds>(TimePoint(Seconds(date)) - now);
    return std::clamp(wait, Seconds(0), longestWish);
}

AttemptResult judgeStatus(const Answer& answer, TimePoint now) {
    if (answer.status == 0) return unanswered(answer);
    AttemptResult result;
    result.outcome = outcomeOf(answer.status);
    result.text = fmt::format("HTTP {}: {}", answer.status, meaning(result.outcome, answer.status));
    const bool waits = result.outcome == Outcome::Throttled || result.outcome == Outcome::Transient;
    const auto header = answer.headers.find("retry-after");
    if (waits && header != answer.headers.end())
        result.retryAfter = retryAfter(header->second, now);
    return result;
}

}  // namespace driftkeeper
