#include "daemon/settings/sections.hpp"
#include "daemon/settings/url.hpp"
#include "providers/catalog.hpp"

namespace driftkeeper {
void readChecks(Reading& reading, const Place& place, CheckSettings& checks) {
    Section section(reading, place);
    reading.duration(section.take("every", "Each stack's interval, spread with jitter."),
                     checks.every, Seconds(1));
    reading.duration(section.take("timeout", "A check that takes longer is stopped."),
                     checks.timeout, Seconds(1));
    long parallel = checks.parallel;
    reading.integer(
        section.take("parallel", "Checks at a time. Default: the number of cores.", "2"), parallel,
        1, 1024);
    checks.parallel = static_cast<unsigned>(parallel);
    long confirm = checks.confirm;
    reading.integer(section.take("confirm",
                                 "So many complete or partial checks in a row must show a live "
                                 "drift before it is told."),
                    confirm, 1, 100);
    checks.confirm = static_cast<int>(confirm);
    reading.duration(section.take("confirm_after", "How much later the confirming check comes."),
                     checks.confirmAfter, Seconds(0));
    reading.duration(section.take("unapplied_grace", "How long a commit may wait for its apply."),
                     checks.unappliedGrace, Seconds(0));
    reading.duration(
        section.take(
            "group_wait",
            "How long a drift that is about to be told waits for others of the same cause, so "
            "that they make one incident."),
        checks.groupWait, Seconds(0));
    reading.duration(section.take("stale_after",
                                  "A stack without a conclusive check for so long is stale. "
                                  "Default: 3 times its `every`.",
                                  "90m"),
                     checks.staleAfter, Seconds(1));
    section.close();
}

std::string providersHelp() {
    std::string found;
    for (const auto* kind : providerKinds())
        if (kind->isDiscovered) found += (found.empty() ? "" : ", ") + std::string(kind->name);
    return "The tools. Only " + found + " are discovered in repositories without being named here.";
}

void readProviders(Reading& reading, const Place& place,
                   std::map<std::string, ProviderSettings>& providers) {
    Section section(reading, place);
    for (const auto name : providerWords()) {
        const auto given = section.take(name, providerKind(name)->help);
        if (!given) continue;
        auto& provider = providers[std::string(name)];
        Section inner(reading, given);
        reading.environment(
            inner.take(
                "environment",
                "For every stack of this provider; a stack's own wins. Of the daemon's "
                "environment tools get PATH, locale, time zone, proxy and CA variables only.",
                "{ AWS_REGION: eu-central-1 }"),
            provider.environment);
        for (const OptionSpec& spec : providerKind(name)->options)
            if (spec.place != OptionSpec::Place::Stack)
                readOption(inner, spec, ".", provider.options);
        inner.close();
    }
    section.close();
}

void readHeartbeat(Reading& reading, const Place& place,
                   std::optional<HeartbeatSettings>& heartbeat) {
    if (!place) return;
    Section section(reading, place);
    HeartbeatSettings read;
    section.secret(
        "url",
        {"Where it goes.", "https://example.com/ping/change-me", "/etc/driftkeeper/heartbeat"},
        read.url, judgeHttpUrl, Need::Required);
    reading.duration(section.take("every", "How often."), read.every, Seconds(1));
    section.close();
    heartbeat = std::move(read);
}

}  // namespace driftkeeper
