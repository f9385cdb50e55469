// The part of `doctor` that looks at the address of the daemon, and at who answers there.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "daemon/base/version.hpp"
#include "daemon/commands/doctor.hpp"

namespace driftkeeper {
namespace {

using enum Diagnosis::Level;

// Why nobody could listen there; empty: somebody could.
std::string whyNotFree(const std::string& address, std::uint16_t port) {
    const bool isV6 = address.find(':') != std::string::npos;
    sockaddr_storage place{};
    socklen_t size = 0;
    if (isV6) {
        auto& v6 = reinterpret_cast<sockaddr_in6&>(place);
        v6.sin6_family = AF_INET6;
        v6.sin6_port = htons(port);
        size = sizeof(v6);
        if (inet_pton(AF_INET6, address.c_str(), &v6.sin6_addr) != 1) return {};
    } else {
        auto& v4 = reinterpret_cast<sockaddr_in&>(place);
        v4.sin_family = AF_INET;
        v4.sin_port = htons(port);
        size = sizeof(v4);
        if (inet_pton(AF_INET, address.c_str(), &v4.sin_addr) != 1) return {};
    }
    const int descriptor = ::socket(isV6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return std::strerror(errno);
    const int yes = 1;
    (void)::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    std::string why;
    if (::bind(descriptor, reinterpret_cast<const sockaddr*>(&place), size) != 0)
        why = std::strerror(errno);
    ::close(descriptor);
    return why;
}

// driftkeeper_build_info{version="0.1.0"} 1
std::string versionOf(const std::string& metrics) {
    static constexpr std::string_view before = "driftkeeper_build_info{version=\"";
    const auto at = metrics.find(before);
    if (at == std::string::npos) return {};
    const auto from = at + before.size();
    return metrics.substr(from, metrics.find('"', from) - from);
}

Diagnoses judgeDaemon(const Daemon& daemon) {
    const std::string where = daemon.url;
    const Answer ready = ask(daemon, "GET", "/-/ready");
    if (ready.status != 200)
        return {{"daemon", Problem,
                 where + " is alive and not ready: " +
                     (ready.status == 0 ? ready.error : ready.body.substr(0, 200)),
                 "see journalctl -u driftkeeper -e"}};
    const std::string running = versionOf(ask(daemon, "GET", "/metrics").body);
    if (running.empty())
        return {{"daemon", Warning,
                 where + " is ready, but does not show its version to the current user",
                 "run this as a user who can read the token"}};
    if (running != version)
        return {{"daemon", Warning,
                 fmt::format("{} runs version {}, and this program is {}", where, running, version),
                 "systemctl restart driftkeeper"}};
    return {{"daemon", Ok, fmt::format("{} is ready, version {}", where, running), {}}};
}

Diagnoses lookAtDaemon(const Patient& patient) {
    const Daemon daemon = daemonOf(patient, std::chrono::seconds(3));
    const Answer alive = ask(daemon, "GET", "/-/healthy");
    if (alive.status != 0 && alive.body.find("driftkeeper") != std::string::npos)
        return judgeDaemon(daemon);
    if (alive.status != 0)
        return {{"daemon", Problem,
                 fmt::format("something other than driftkeeper answers at {}", daemon.url),
                 "stop it, or set another address: listen"}};
    const auto& settings = patient.settings;
    if (const auto why = whyNotFree(settings.listenAddress, settings.listenPort); !why.empty())
        return {
            {"daemon", Problem, fmt::format("{} cannot be listened on: {}", daemon.url, why),
             fmt::format("find the process: ss -ltnp 'sport = :{}'; or set another address: listen",
                         settings.listenPort)}};
    return {{"daemon", Warning, fmt::format("not running; {} is free", daemon.url),
             "systemctl start driftkeeper, or driftkeeper serve --config " +
                 patient.settingsFile.string()}};
}

}  // namespace

std::vector<Probe> daemonProbes(const SharedPatient& patient) {
    return {{"daemon", [patient](const std::stop_token&) { return lookAtDaemon(*patient); }}};
}

}  // namespace driftkeeper
