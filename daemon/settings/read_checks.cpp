#include "daemon/settings/sections.hpp"
#include "daemon/settings/url.hpp"
#include "parsers/text/ascii.hpp"
#include "parsers/text/url_parts.hpp"
#include "providers/catalog.hpp"

namespace driftkeeper {
namespace {

void readLimits(Reading& reading, const Place& place, LimitSettings& limits) {
    constexpr std::uint64_t least = std::uint64_t{16} << 20U;
    Section section(reading, place);
    reading.bytes(section.take("memory",
                               "What the tools of a check hold in memory together, and at most "
                               "three quarters of what the host, or the daemon's control group, "
                               "has."),
                  limits.memory, std::uint64_t{128} << 20U);
    long processes = static_cast<long>(limits.processes);
    reading.integer(
        section.take("processes",
                     "Processes and threads of a check, and at most half of what the daemon's "
                     "control group allows."),
        processes, 64, 1'000'000);
    limits.processes = static_cast<std::uint64_t>(processes);
    reading.bytes(section.take("disk",
                               "What a check writes into its stack's folder and over the "
                               "checkout; also the size of one file."),
                  limits.disk, least);
    reading.bytes(section.take("output",
                               "What a tool prints, such as a plan as JSON: the daemon reads it in "
                               "memory."),
                  limits.output, std::uint64_t{1} << 20U);
    section.close();
}

}  // namespace

void readChecks(Reading& reading, const Place& place, CheckSettings& checks) {
    Section section(reading, place);
    reading.duration(section.take("every",
                                  "Interval between checks of a stack, spread with "
                                  "jitter."),
                     checks.every, Seconds(1));
    reading.duration(section.take("timeout", "Stop a check that takes longer."), checks.timeout,
                     Seconds(1));
    long parallel = checks.parallel;
    reading.integer(
        section.take("parallel", "Checks that run in parallel. Default: the number of cores.", "2"),
        parallel, 1, 1024);
    checks.parallel = static_cast<unsigned>(parallel);
    long confirm = checks.confirm;
    reading.integer(section.take("confirm",
                                 "Complete or partial checks in a row that must show a live "
                                 "drift before it is alerted."),
                    confirm, 1, 100);
    checks.confirm = static_cast<int>(confirm);
    reading.duration(section.take("confirm_after", "Delay of the confirming check."),
                     checks.confirmAfter, Seconds(0));
    reading.duration(section.take("unapplied_grace",
                                  "How long a commit may stay unapplied "
                                  "before it is alerted."),
                     checks.unappliedGrace, Seconds(0));
    reading.duration(
        section.take(
            "group_wait",
            "How long to wait for other drifts with the same cause before an alert, so that "
            "they become one incident."),
        checks.groupWait, Seconds(0));
    reading.duration(section.take("stale_after",
                                  "Alert a stack as stale when it had no complete check for "
                                  "this long. Default: 3 times its `every`.",
                                  "90m"),
                     checks.staleAfter, Seconds(1));
    readLimits(reading,
               section.take("limits",
                            "What one check may use of the host. Over a limit it is ended, and its "
                            "stack is inconclusive (`resource_limit`)."),
               checks.limits);
    section.close();
}

namespace {

void readMode(Reading& reading, const Place& place, SandboxSettings& sandbox) {
    const auto word = reading.word(place, {"strict", "landlock", "off"});
    if (word == "strict") sandbox.mode = SandboxSettings::Mode::Strict;
    if (word == "landlock") sandbox.mode = SandboxSettings::Mode::Landlock;
    if (word == "off") sandbox.mode = SandboxSettings::Mode::Off;
}

bool isName(std::string_view host) {
    const auto isOfName = [](char c) {
        return isLetterOrDigit(c) || c == '-' || c == '_' || c == '.' || c == '*';
    };
    const auto isOfPattern = [](char c) { return isLetter(c) || c == '*'; };
    return std::ranges::all_of(host, isOfName) && std::ranges::any_of(host, isOfPattern);
}

Judgement judgePeer(std::string_view text) {
    ListenAddress address;
    const bool hasHost = !text.starts_with(':');
    if (hasHost && (!judgeListen(text, address) || !judgeListen(std::string(text) + ":1", address)))
        return {};
    const UrlParts parts = authorityParts(text);
    const bool hasPort =
        parts.port.empty() || !judgeListen(fmt::format("0.0.0.0{}", parts.port), address);
    if (!parts.hasUser && parts.authority == text && isName(parts.host) && hasPort) return {};
    return Objection{"bad_peer",
                     "write it as 127.0.0.1:8200, [::1]:8200, localhost, api.example.com:443 or "
                     "*.amazonaws.com:443"};
}

}  // namespace

void readNetwork(Reading& reading, const Place& place, NetworkSettings& network) {
    Section section(reading, place);
    const auto metadata = reading.word(
        section.take("metadata",
                     "Whether tools reach link-local addresses and those where a cloud hands out "
                     "credentials to its machines.",
                     "allow"),
        {"deny", "allow"}, "deny");
    network.metadata = metadata == "allow";
    reading.texts(section.take("allow",
                               "What tools connect to, as HOST:PORT, or HOST for all its ports. "
                               "Addresses open this host's loopback and what `metadata` denies. As "
                               "soon as one entry is a name, `*` for any characters in it, tools "
                               "connect to nothing else but these entries, through a proxy that "
                               "the daemon gives them. What the settings name elsewhere stays open "
                               "as an address: the stack's environment, its `backend_config`, and "
                               "the servers in a kubeconfig or another file named there.",
                               R"(["127.0.0.1:8200", "*.amazonaws.com:443"])"),
                  network.allow, judgePeer, Show::Yes);
    section.close();
}

void readSandbox(Reading& reading, const Place& place, SandboxSettings& sandbox) {
    const auto [map, word] = reading.forms<2>(
        place, [](const YamlNode& node) { return node.kind == YamlNode::Kind::Scalar ? 1U : 0U; });
    if (word) readMode(reading, word, sandbox);
    Section section(reading, map);
    if (const auto mode = section.take("mode", "As the word alone.", "strict"))
        readMode(reading, mode, sandbox);
    const auto readable =
        section.take("readable",
                     "What a room shows beside the system's programs and what a stack needs, "
                     "read-only. Default: the folders at the top of the file system that are not "
                     "the system's, such as /srv, /opt and /tmp. `[]`: nothing.",
                     "[/srv/terraform]");
    std::vector<std::string> paths;
    reading.texts(readable, paths, judgeFileName, Show::Yes);
    if (readable && !reading.isDescribing()) sandbox.readable.emplace(paths.begin(), paths.end());
    readNetwork(reading, section.take("network", "What every stack's tools connect to."),
                sandbox.network);
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
            inner.take("environment",
                       "Environment variables for every stack of this provider; a stack's own win. "
                       "Of the daemon's environment, tools get only PATH, locale, time zone, proxy "
                       "and CA variables.",
                       "{ AWS_REGION: eu-central-1 }"),
            provider.environment);
        readNetwork(reading, inner.take("network", "What this provider's tools connect to."),
                    provider.network);
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
        "url", {"URL to ping.", "https://example.com/ping/change-me", "/etc/driftkeeper/heartbeat"},
        read.url, judgeHttpUrl, Need::Required);
    reading.duration(section.take("every", "How often."), read.every, Seconds(1));
    section.close();
    heartbeat = std::move(read);
}

}  // namespace driftkeeper
