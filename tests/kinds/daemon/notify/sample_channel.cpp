#include <utility>

#include "daemon/notify/channel.hpp"
#include "daemon/notify/secret.hpp"
#include "daemon/notify/status.hpp"

namespace driftkeeper {
namespace {

class SampleChannel final : public Channel {
public:
    explicit SampleChannel(ChannelSettings settings) : settings_(std::move(settings)) {}

    Result<Request> render(const Sending& sending) const override {
        Result<std::string> url = readSecret(settings_, "url");
        if (!url) return std::unexpected(url.error());
        HttpRequest request;
        request.url = std::move(*url);
        request.body =
            settings_.option("room") + " " + settings_.option("tone") + " " + sending.notice.id;
        return request;
    }

    AttemptResult judge(const Sending& sending, const Answer& answer) const override {
        return judgeStatus(answer, sending.now);
    }

private:
    ChannelSettings settings_;
};

std::unique_ptr<Channel> makeSampleChannel(const ChannelSettings& settings,
                                           const std::string& /*externalUrl*/) {
    return std::make_unique<SampleChannel>(settings);
}

constexpr OptionSpec sampleChannelKeys[] = {
    {.key = "url",
     .kind = OptionSpec::Kind::SecretUrl,
     .help = "Where the sample goes.",
     .example = "http://127.0.0.1:8099/",
     .fileExample = "/etc/driftkeeper/sample-url",
     .needed = true},
    {.key = "room",
     .kind = OptionSpec::Kind::Words,
     .help = "Which room hears it.",
     .example = "blue",
     .needed = true},
    {.key = "tone",
     .kind = OptionSpec::Kind::Word,
     .help = "How loud.",
     .words = "soft loud",
     .fallback = "soft"},
};

}  // namespace

extern constinit const ChannelKind sampleChannel{
    .name = "sample_channel",
    .help = "A channel of a test.",
    .options = sampleChannelKeys,
    .make = makeSampleChannel,
};

}  // namespace driftkeeper
