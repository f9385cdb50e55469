#include "daemon/page/settings.hpp"

#include <fmt/format.h>

#include <array>
#include <map>

#include "daemon/page/words.hpp"

namespace driftkeeper::page {
namespace {

std::string length(Seconds seconds) {
    if (seconds < Seconds(10)) return fmt::format("{} s", seconds.count());
    return lengthText(static_cast<double>(seconds.count()));
}

template <class Value>
void addFact(Html& html, Markup key, const Value& value) {
    html << "<dt><code>" << key << "</code></dt><dd>" << value << "</dd>";
}

Html section(Markup id, Markup title, const Html& body) {
    Html html;
    return html << "<section class=\"card\" aria-labelledby=\"" << id << "\"><h2 id=\"" << id
                << "\">" << title << "</h2>" << body << "</section>\n";
}

Html generalOf(const Settings& settings, const std::string& sandbox) {
    const auto& checks = settings.checks;
    Html html;
    html << "<dl class=\"facts wide\">";
    addFact(html, "state_directory", settings.stateDirectory.string());
    addFact(html, "listen", fmt::format("{}:{}", settings.listenAddress, settings.listenPort));
    if (!settings.externalUrl.empty()) addFact(html, "external_url", settings.externalUrl);
    addFact(html, "time_zone", settings.timeZone);
    addFact(html, "checks.every", length(checks.every));
    addFact(html, "checks.timeout", length(checks.timeout));
    addFact(html, "checks.parallel", checks.parallel);
    addFact(html, "checks.confirm",
            fmt::format("{}, {} apart", checks.confirm, length(checks.confirmAfter)));
    addFact(html, "checks.unapplied_grace", length(checks.unappliedGrace));
    addFact(html, "checks.group_wait", length(checks.groupWait));
    addFact(html, "checks.stale_after",
            checks.staleAfter ? length(*checks.staleAfter) : std::string("3 × every"));
    addFact(html, "sandbox", sandbox);
    addFact(
        html, "heartbeat",
        settings.heartbeat ? "every " + length(settings.heartbeat->every) : std::string("none"));
    return html << "</dl>";
}

Html tableStart(Markup label, std::initializer_list<Markup> columns) {
    Html html;
    html << "<div class=\"scroll\" role=\"region\" aria-label=\"" << label
         << "\" tabindex=\"0\"><table class=\"list\"><caption class=\"unseen\">" << label
         << "</caption><thead><tr>";
    for (const Markup column : columns) html << "<th scope=\"col\">" << column << "</th>";
    return html << "</tr></thead><tbody>\n";
}

std::string variables(const std::map<std::string, std::string>& environment) {
    std::vector<std::string> names;
    for (const auto& [name, value] : environment) names.push_back(name);
    return names.empty() ? "–" : joined(names);
}

Html providersOf(const Settings& settings) {
    Html html;
    if (settings.providers.empty()) return html << "<p class=\"quiet\">All as built in.</p>";
    html << tableStart("Providers", {"Provider", "Program", "Environment"});
    for (const auto& [provider, its] : settings.providers) {
        const auto program = optionOf(its.options, "program");
        html << "<tr><th scope=\"row\">" << provider << "</th><td><code>"
             << (program.empty() ? provider : program) << "</code></td><td>"
             << variables(its.environment) << "</td></tr>\n";
    }
    return html << "</tbody></table></div>";
}

Html repositoriesOf(const Settings& settings) {
    Html html;
    if (settings.repositories.empty()) return html << "<p class=\"quiet\">None.</p>";
    html << tableStart("Repositories",
                       {"Repository", "URL", "Ref", "Read every", "Credentials", "Stacks named"});
    for (const auto& repository : settings.repositories) {
        const auto& credentials = repository.credentials;
        const bool hasCredentials = credentials.password.given() ||
                                    !credentials.sshKeyFile.empty() ||
                                    !credentials.sshConfigFile.empty();
        html << "<tr><th scope=\"row\">" << repository.name << "</th><td><code>" << repository.url
             << "</code></td><td>"
             << (repository.ref.empty() ? std::string("HEAD") : repository.ref) << "</td><td>"
             << length(repository.poll) << "</td><td>"
             << either(hasCredentials, "given, not shown", "none") << "</td><td class=\"number\">"
             << repository.stacks.size() << "</td></tr>\n";
    }
    return html << "</tbody></table></div>";
}

Html channelsOf(const Settings& settings) {
    Html html;
    if (settings.channels.empty())
        return html << "<p class=\"quiet\">None: no alerts are sent.</p>";
    html << tableStart("Channels", {"Channel", "Type", "Values"});
    for (const auto& channel : settings.channels)
        html << "<tr><th scope=\"row\">" << channel.name << "</th><td>"
             << (channel.kind == nullptr ? std::string_view() : channel.kind->name) << "</td><td>"
             << either(channel.showValues, "shown", "hidden") << "</td></tr>\n";
    return html << "</tbody></table></div>";
}

Html routesOf(const std::vector<RouteLine>& routes) {
    Html html;
    if (routes.empty())
        return html << "<p class=\"quiet\">None: every channel gets everything.</p>";
    html << "<ol class=\"routes\">";
    for (const auto& route : routes) {
        html << "<li><code>" << route.match << "</code> → " << joined(route.channels);
        if (!route.then.empty()) html << " <span class=\"quiet\">" << route.then << "</span>";
        html << "</li>";
    }
    return html << "</ol>";
}

}  // namespace

std::string settingsPage(const Frame& frame, const Settings& settings,
                         const std::vector<RouteLine>& routes, const std::string& sandbox) {
    Html html;
    html << "<h1>Settings</h1>\n<p class=\"lead\">As they are in force since the last good reload. "
            "Secrets are never "
            "shown.</p>\n"
         << section("general", "General", generalOf(settings, sandbox))
         << section("repositories", "Repositories", repositoriesOf(settings))
         << section("providers", "Providers", providersOf(settings))
         << section("channels", "Channels", channelsOf(settings))
         << section("routes", "Routes", routesOf(routes));
    return framed(frame, html);
}

}  // namespace driftkeeper::page
