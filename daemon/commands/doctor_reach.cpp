// The part of `doctor` that looks at what the daemon has to reach: repositories, tools, and with
// --online the peers of channels.
#include <fmt/format.h>

#include <algorithm>

#include "daemon/base/clock.hpp"
#include "daemon/commands/doctor.hpp"
#include "daemon/commands/tools.hpp"
#include "daemon/git/connection.hpp"
#include "daemon/git/mirror.hpp"
#include "parsers/graph/reason_code.hpp"
#include "parsers/text/url_parts.hpp"
#include "providers/catalog.hpp"
#include "providers/process/real_tool_runner.hpp"

namespace driftkeeper {
namespace {

using enum Diagnosis::Level;

constexpr std::chrono::milliseconds reachPatience{9'000};

Patience patienceOf(std::stop_token stop) {
    return {std::move(stop), std::chrono::steady_clock::now() + reachPatience};
}

Diagnoses lookAtRepository(const RepositorySettings& repository, std::stop_token stop) {
    const std::string area = "git " + repository.name;
    const auto commit = askRemote(repository, patienceOf(std::move(stop)));
    if (!commit)
        return {{area, Problem, commit.error().message,
                 std::string(adviceForReason(commit.error().code))}};
    return {{area,
             Ok,
             fmt::format("{} is at {}", repository.ref.empty() ? "its HEAD" : repository.ref,
                         commit->substr(0, 12)),
             {}}};
}

// Those that the settings name, and those that the daemon has found.
std::set<std::string> providersUsed(const Patient& patient) {
    std::set<std::string> used;
    for (const auto& [name, unused] : patient.settings.providers) used.insert(name);
    for (const auto& repository : patient.settings.repositories)
        for (const auto& stack : repository.stacks)
            if (stack.provider) used.insert(*stack.provider);
    const Daemon daemon = daemonOf(patient, std::chrono::seconds(2));
    const Answer answer = ask(daemon, "GET", "/api/v1/stacks");
    const Json body = answer.status == 200 ? readJson(answer.body).value_or(Json()) : Json();
    for (const Json& stack : body["stacks"].elements())
        if (const Json& provider = stack["provider"]; provider.isString())
            used.insert(provider.text);
    if (used.empty()) used.emplace(usualProvider().name);
    return used;
}

Diagnoses lookAtTools(const Patient& patient, const std::stop_token& stop) {
    RealToolRunner runner;
    Diagnoses findings;
    for (const auto& need : toolNeeds(providersUsed(patient), patient.settings))
        findings.push_back(diagnoseTool(need, runner, stop));
    return findings;
}

// Whom a channel's first request goes to. Nothing but the host leaves the request: its path may be
// a secret.
struct Peer {
    std::string host;
    std::string port;
};

std::string usualPort(std::string_view scheme) {
    if (scheme == "https") return "443";
    if (scheme == "smtp") return "587";
    return scheme == "smtps" ? "465" : "80";
}

std::optional<Peer> peerOf(std::string_view url) {
    const auto parts = urlParts(url);
    if (!parts || parts->host.empty()) return std::nullopt;
    const std::string given(parts->port.substr(parts->port.empty() ? 0 : 1));
    return Peer{std::string(parts->host), given.empty() ? usualPort(parts->scheme) : given};
}

Result<std::optional<Peer>> peerOf(const ChannelSettings& settings) {
    Notice notice;
    notice.id = "doctor";
    notice.incidentId = "doctor";
    notice.isTest = true;
    const auto channel = makeChannel(settings, {});
    const auto request = channel->render({notice, SystemClock().now()});
    if (!request) return std::unexpected(request.error());
    if (const auto* http = std::get_if<HttpRequest>(&*request))
        return peerOf(std::string_view(http->url));
    if (const auto* mail = std::get_if<MailRequest>(&*request))
        return peerOf(std::string_view(mail->server));
    return std::optional<Peer>();
}

Diagnoses lookAtChannel(const ChannelSettings& settings, std::stop_token stop) {
    const std::string area = "channel " + settings.name;
    const std::string further = "then: driftkeeper channels test " + settings.name;
    const auto peer = peerOf(settings);
    if (!peer) return {{area, Problem, peer.error().message, further}};
    if (!*peer) return {{area, Ok, "a program on this host", {}}};
    const std::string where = fmt::format("{} port {}", (*peer)->host, (*peer)->port);
    const Patience left = patienceOf(std::move(stop));
    if (const auto connection = Connection::open((*peer)->host, (*peer)->port, left); !connection)
        return {{area, settings.proxy.empty() ? Problem : Warning,
                 where + " cannot be reached: " + connection.error().message, further}};
    return {{area, Ok, where + " can be reached", {}}};
}

Diagnoses lookAtChannels(const Settings& settings) {
    if (settings.channels.empty())
        return {{"channels", Warning, "there are none: nobody gets alerts",
                 "add one to `channels`; `driftkeeper config example` shows each kind"}};
    return {{"channels", Ok, fmt::format("{} configured", settings.channels.size()), {}}};
}

}  // namespace

std::vector<Probe> reachProbes(const SharedPatient& patient) {
    std::vector<Probe> probes;
    for (std::size_t i = 0; i < patient->settings.repositories.size(); ++i)
        probes.push_back({"git " + patient->settings.repositories[i].name,
                          [patient, i](const std::stop_token& stop) {
                              return lookAtRepository(patient->settings.repositories[i], stop);
                          }});
    if (patient->settings.repositories.empty())
        probes.push_back({"git", [](const std::stop_token&) {
                              return Diagnoses{
                                  {"git", Warning,
                                   "the settings have no repository: nothing is checked",
                                   "driftkeeper init GIT-URL --output - shows what to write"}};
                          }});
    probes.push_back(
        {"tools", [patient](const std::stop_token& stop) { return lookAtTools(*patient, stop); }});
    probes.push_back({"channels", [patient](const std::stop_token&) {
                          return lookAtChannels(patient->settings);
                      }});
    if (patient->online)
        for (std::size_t i = 0; i < patient->settings.channels.size(); ++i)
            probes.push_back({"channel " + patient->settings.channels[i].name,
                              [patient, i](const std::stop_token& stop) {
                                  return lookAtChannel(patient->settings.channels[i], stop);
                              }});
    return probes;
}

}  // namespace driftkeeper
