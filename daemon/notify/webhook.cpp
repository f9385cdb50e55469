#include <fmt/format.h>

#include <array>
#include <cassert>
#include <span>
#include <utility>

#include "daemon/notify/channel.hpp"
#include "daemon/notify/secret.hpp"
#include "daemon/notify/status.hpp"
#include "daemon/notify/wording.hpp"
#include "parsers/text/digest.hpp"
#include "parsers/text/encoding.hpp"

namespace driftkeeper {
namespace webhook {
namespace {

// What a receiver that refused the whole message may still take: which resources, without the
// details.
Notice withoutDetails(Notice notice) {
    for (StackObject& stack : notice.stacks) {
        for (ShownDrift& shown : stack.drifts) shown.drift.attributes.clear();
        stack.notTold.clear();
        stack.diagnostics.clear();
    }
    return notice;
}

class Webhook final : public Channel {
public:
    explicit Webhook(ChannelSettings settings) : settings_(std::move(settings)) {}

    Result<Request> render(const Sending& sending) const override {
        HttpRequest request;
        Result<std::string> url = readSecret(settings_, "url");
        if (!url) return std::unexpected(url.error());
        request.url = std::move(*url);
        request.headers = {{"Content-Type", "application/json"},
                           {"Idempotency-Key", sending.notice.id}};
        request.body = body(sending.notice, sending.plain);
        if (settings_.secret("secret").given()) {
            const Result<std::string> secret = readSecret(settings_, "secret");
            if (!secret) return std::unexpected(secret.error());
            request.headers["X-Driftkeeper-Signature-256"] =
                "sha256=" + hex(hmacSha256(*secret, request.body));
        }
        return request;
    }

    AttemptResult judge(const Sending& sending, const Answer& answer) const override {
        return judgeStatus(answer, sending.now);
    }

private:
    std::string body(const Notice& notice, bool plain) const {
        if (plain) return noticeJson(withoutDetails(notice));
        return noticeJson(settings_.showValues ? notice : withoutValues(notice));
    }

    ChannelSettings settings_;
};

std::unique_ptr<Channel> makeWebhook(const ChannelSettings& settings,
                                     const std::string& /*externalUrl*/) {
    return std::make_unique<Webhook>(settings);
}

constexpr OptionSpec webhookKeys[] = {
    {.key = "url",
     .kind = OptionSpec::Kind::SecretUrl,
     .help = "URL that receives the JSON.",
     .example = "http://127.0.0.1:8080/",
     .fileExample = "/etc/driftkeeper/hook-url",
     .needed = true},
    {.key = "secret",
     .kind = OptionSpec::Kind::Secret,
     .help = "Signs the body: X-Driftkeeper-Signature-256.",
     .example = "change-me",
     .fileExample = "/etc/driftkeeper/hook"},
};

}  // namespace
}  // namespace webhook

extern constinit const ChannelKind webhookChannel{
    .name = "webhook",
    .help = "The notice as JSON to any HTTP endpoint.",
    .options = webhook::webhookKeys,
    .make = webhook::makeWebhook,
};

}  // namespace driftkeeper
