#include "daemon/notify/slack_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace driftkeeper {
namespace {

struct SlackWord {
    std::string_view word;
    Outcome outcome;
};
constexpr std::array slackWords = {SlackWord{"invalid_payload", Outcome::BadPayload},
                                   SlackWord{"invalid_blocks", Outcome::BadPayload},
                                   SlackWord{"invalid_blocks_format", Outcome::BadPayload},
                                   SlackWord{"msg_blocks_too_long", Outcome::BadPayload},
                                   SlackWord{"no_text", Outcome::BadPayload},
                                   SlackWord{"too_many_attachments", Outcome::BadPayload},
                                   SlackWord{"message_too_long", Outcome::BadPayload},
                                   SlackWord{"msg_too_long", Outcome::BadPayload},
                                   SlackWord{"user_not_found", Outcome::BadDestination},
                                   SlackWord{"channel_not_found", Outcome::BadDestination},
                                   SlackWord{"no_service", Outcome::BadDestination},
                                   SlackWord{"no_service_id", Outcome::BadDestination},
                                   SlackWord{"no_team", Outcome::BadDestination},
                                   SlackWord{"team_disabled", Outcome::BadDestination},
                                   SlackWord{"invalid_auth", Outcome::BadDestination},
                                   SlackWord{"not_authed", Outcome::BadDestination},
                                   SlackWord{"account_inactive", Outcome::BadDestination},
                                   SlackWord{"token_expired", Outcome::BadDestination},
                                   SlackWord{"token_revoked", Outcome::BadDestination},
                                   SlackWord{"missing_scope", Outcome::BadDestination},
                                   SlackWord{"not_in_channel", Outcome::BadDestination},
                                   SlackWord{"is_archived", Outcome::BadDestination},
                                   SlackWord{"restricted_action", Outcome::BadDestination},
                                   SlackWord{"invalid_token", Outcome::BadDestination},
                                   SlackWord{"action_prohibited", Outcome::BadDestination},
                                   SlackWord{"channel_is_archived", Outcome::BadDestination},
                                   SlackWord{"rollup_error", Outcome::Transient},
                                   SlackWord{"team_added_to_org", Outcome::Transient},
                                   SlackWord{"internal_error", Outcome::Transient},
                                   SlackWord{"service_unavailable", Outcome::Transient},
                                   SlackWord{"request_timeout", Outcome::Transient},
                                   SlackWord{"ratelimited", Outcome::Throttled},
                                   SlackWord{"fatal_error", Outcome::Ambiguous}};

}  // namespace

std::optional<AttemptResult> judgeSlackWord(std::string_view word) {
    const auto it = std::ranges::find(slackWords, word, &SlackWord::word);
    if (it == slackWords.end()) return std::nullopt;
    return AttemptResult{it->outcome, fmt::format("Slack answered {}", it->word), std::nullopt};
}

}  // namespace driftkeeper
