#include <fmt/format.h>

#include <utility>

#include "daemon/notify/channel.hpp"
#include "daemon/notify/wording.hpp"

// A program of the operator's: it gets the contract's JSON on its standard input and says by its
// exit status how it went. Source of the numbers: sysexits.h, and POSIX for a shell's 126 and 127.
namespace driftkeeper {
namespace exec {
namespace {

constexpr int exited = 1000;  // what an exit status is counted from (Answer)

AttemptResult judgeExit(int status) {
    const auto said = [status](Outcome outcome, std::string_view meaning) {
        return AttemptResult{outcome, fmt::format("exit status {}: {}", status, meaning),
                             std::nullopt};
    };
    switch (status) {
        case 0:
            return said(Outcome::Delivered, "delivered");
        case 64:  // EX_USAGE
        case 65:  // EX_DATAERR
            return said(Outcome::BadPayload, "the program rejects the message");
        case 75:  // EX_TEMPFAIL
            return said(Outcome::Transient, "the program asks for a retry later");
        case 77:  // EX_NOPERM
        case 78:  // EX_CONFIG
            return said(Outcome::BadDestination, "the program is not allowed to, or not set up");
        case 126:
            return said(Outcome::BadDestination, "the program cannot be executed");
        case 127:
            return said(Outcome::BadDestination, "there is no such program");
        default:
            return said(Outcome::Transient,
                        status > 128 ? "a signal ended the program" : "the program failed");
    }
}

class Exec final : public Channel {
public:
    explicit Exec(ChannelSettings settings) : settings_(std::move(settings)) {}

    // What a program refused may have been the values: without them the message is smallest.
    Result<Request> render(const Sending& sending) const override {
        const Notice& notice = sending.notice;
        const bool values = settings_.showValues && !sending.plain;
        ProgramRequest request;
        request.command = settings_.list("program");
        request.environment = {{"DRIFTKEEPER_EVENT", std::string(name(notice.event))},
                               {"DRIFTKEEPER_ID", notice.id},
                               {"DRIFTKEEPER_INCIDENT", notice.incidentId},
                               {"DRIFTKEEPER_KIND", std::string(name(notice.kind))},
                               {"DRIFTKEEPER_SEVERITY", std::string(name(notice.severity))}};
        for (const auto& variable : settings_.list("environment")) {
            const auto sign = variable.find('=');
            request.environment.emplace(variable.substr(0, sign), variable.substr(sign + 1));
        }
        request.input = noticeJson(values ? notice : withoutValues(notice)) + '\n';
        request.timeout = Seconds(std::stol(settings_.option("timeout")));
        return request;
    }

    // What the program wrote is never told: it may hold a secret.
    AttemptResult judge(const Sending&, const Answer& answer) const override {
        if (answer.status >= exited) return judgeExit(answer.status - exited);
        if (answer.written)
            return {Outcome::Ambiguous, "the program " + answer.error, std::nullopt};
        return {Outcome::Transient, "not run: " + answer.error, std::nullopt};
    }

private:
    ChannelSettings settings_;
};

std::unique_ptr<Channel> makeExec(const ChannelSettings& settings,
                                  const std::string& /*externalUrl*/) {
    return std::make_unique<Exec>(settings);
}

constexpr OptionSpec execKeys[] = {
    {.key = "program",
     .kind = OptionSpec::Kind::Command,
     .help = "Path of the program, and its arguments.",
     .example = "[/usr/local/bin/page, --team, ops]",
     .needed = true},
    {.key = "environment",
     .kind = OptionSpec::Kind::Variables,
     .help = "Environment variables of the program.",
     .example = "{ TEAM: ops }"},
    {.key = "timeout",
     .kind = OptionSpec::Kind::Duration,
     .help = "Stop the program when it takes longer.",
     .fallback = "30"},
};

}  // namespace
}  // namespace exec

extern constinit const ChannelKind execChannel{
    .name = "exec",
    .help =
        "A program that reads the notice as JSON on standard input. Exit status 0: "
        "delivered; 75: retry later.",
    .options = exec::execKeys,
    .make = exec::makeExec,
};

}  // namespace driftkeeper
