// The page: what each view shows.
#include <fmt/format.h>

#include <algorithm>

#include "daemon/api/explanation_of.hpp"
#include "daemon/api/pages.hpp"
#include "daemon/api/silence_form.hpp"
#include "daemon/api/silence_preview.hpp"
#include "daemon/check/workspace.hpp"
#include "daemon/judge/rule_state.hpp"
#include "daemon/page/fleet.hpp"
#include "daemon/page/ignores.hpp"
#include "daemon/page/incidents.hpp"
#include "daemon/page/outbox.hpp"
#include "daemon/page/settings.hpp"
#include "daemon/page/stack.hpp"
#include "daemon/page/words.hpp"
#include "daemon/settings/matcher.hpp"
#include "parsers/text/encoding.hpp"

namespace driftkeeper {
namespace {

constexpr std::size_t anyPage = 1'000'000;

// Styles and scripts come from here alone; nobody may frame the page.
constexpr const char* contentPolicy =
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
    "form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'";

std::string value(const WebRequest& request, const std::string& name) {
    const auto found = request.query.find(name);
    return found == request.query.end() ? std::string() : found->second;
}

WebResponse html(std::string text, int status = 200) {
    return {status,
            "text/html; charset=utf-8",
            std::move(text),
            {{"Content-Security-Policy", contentPolicy}}};
}

Slice slice(const WebRequest& request, const std::string& name, std::size_t perPage) {
    return {(page::pageNumber(value(request, name), anyPage) - 1) * perPage, perPage};
}

std::string pathOf(const WebRequest& request) {
    std::string path;
    for (const auto& part : request.path) path += "/" + percentEncoded(part);
    auto query = request.query;
    query.erase("notice");
    return (path.empty() ? "/" : path) + page::queryText(query);
}

std::string thenOf(const RouteSettings& route) {
    std::string text;
    const auto add = [&](const std::string& words) { text += (text.empty() ? "" : ", ") + words; };
    const auto length = [](Seconds seconds) {
        return page::lengthText(static_cast<double>(seconds.count()));
    };
    if (route.groupWait) add("group_wait " + length(*route.groupWait));
    if (route.repeatEvery) add("repeat_every " + length(*route.repeatEvery));
    if (route.digest) add("digest");
    if (!route.notifiesEnd) add("resolve: false");
    if (!route.showValues) add("values: hide");
    if (route.continues) add("continue");
    return text;
}

}  // namespace

const std::vector<Pages::Endpoint>& Pages::endpoints() {
    using Asked = const WebRequest&;
    static const std::vector<Endpoint> all = {
        {{"GET", "/"}, [](Pages& it, Asked asked) { return it.fleet(asked); }},
        {{"GET", "/stacks/*"},
         [](Pages& it, Asked asked) { return it.stack(asked, asked.path[1]); }},
        {{"GET", "/stacks/*/checks/*"},
         [](Pages& it, Asked asked) { return it.check(asked, asked.path[1], asked.path[3]); }},
        {{"GET", "/incidents"}, [](Pages& it, Asked asked) { return it.incidents(asked); }},
        {{"GET", "/incidents/*"},
         [](Pages& it, Asked asked) { return it.incident(asked, asked.path[1]); }},
        {{"GET", "/ignores"}, [](Pages& it, Asked asked) { return it.ignores(asked); }},
        {{"GET", "/silences"},
         [](Pages& it, Asked asked) {
             return it.silences(
                 asked, {value(asked, "matcher"), value(asked, "length"), value(asked, "reason")},
                 {});
         }},
        {{"GET", "/outbox"}, [](Pages& it, Asked asked) { return it.outbox(asked, {}); }},
        {{"GET", "/settings"}, [](Pages& it, Asked asked) { return it.settings(asked); }},
        {{"GET", "/login", Role::None}, [](Pages& it, Asked asked) { return it.login(asked); }},
        {{"GET", "/assets/*", Role::None}, [](Pages& it, Asked asked) { return it.asset(asked); }},
        {{"POST", "/do/check", Role::Operate},
         [](Pages& it, Asked asked) { return it.act(asked, &Pages::checkNow); }},
        {{"POST", "/do/silence", Role::Operate},
         [](Pages& it, Asked asked) { return it.act(asked, &Pages::silence); }},
        {{"POST", "/do/silence/end", Role::Operate},
         [](Pages& it, Asked asked) { return it.act(asked, &Pages::endSilence); }},
        {{"POST", "/do/outbox/retry", Role::Operate},
         [](Pages& it, Asked asked) { return it.act(asked, &Pages::retry); }},
        {{"POST", "/do/outbox/drop", Role::Operate},
         [](Pages& it, Asked asked) { return it.act(asked, &Pages::drop); }},
    };
    return all;
}

std::vector<WebRoute> Pages::routes() {
    std::vector<WebRoute> all;
    for (const auto& endpoint : endpoints()) all.push_back(endpoint.route);
    return all;
}

std::optional<WebResponse> Pages::answer(const WebRequest& request) {
    for (const auto& endpoint : endpoints())
        if (isFor(endpoint.route, request.method, request.path))
            return endpoint.answer(*this, request);
    return std::nullopt;
}

WebResponse Pages::asset(const WebRequest& request) {
    const auto* found = page::assetNamed(request.path[1]);
    if (found == nullptr)
        return message(request, 404, "No such asset", "There is nothing of this name.");
    const std::string tag = "\"" + std::string(found->version) + "\"";
    const bool isThisOne = value(request, "v") == found->version;
    WebResponse response{200, std::string(found->type), std::string(found->text), {}};
    response.headers["ETag"] = tag;
    response.headers["Cache-Control"] =
        isThisOne ? "public, max-age=31536000, immutable" : "no-cache";
    const auto known = request.headers.find("if-none-match");
    if (known != request.headers.end() && known->second == tag) {
        response.status = 304;
        response.body.clear();
    }
    return response;
}

WebResponse Pages::login(const WebRequest& request) {
    auto around = frame(request, "Log in", page::View::Other);
    if (!value(request, "failed").empty())
        around.failed = "Wrong token, or wrong user or password.";
    return html(page::loginPage(around, value(request, "next")));
}

page::Frame Pages::frame(const WebRequest& request, std::string title, page::View view) const {
    const bool isLink = request.method == "GET" || request.method == "HEAD";
    return {std::move(title),
            view,
            {request.caller.name, request.caller.role == Role::Operate, request.caller.csrf},
            isLink ? pathOf(request) : "/",
            value(request, "notice"),
            "",
            world_.clock.now()};
}

WebResponse Pages::message(const WebRequest& request, int status, std::string_view heading,
                           std::string_view text) const {
    return html(
        page::messagePage(frame(request, std::string(heading), page::View::Other), heading, text),
        status);
}

WebResponse Pages::broken(const WebRequest& request, const Error& error) const {
    return message(request, 500, "The state cannot be read", error.message);
}

WebResponse Pages::fleet(const WebRequest& request) {
    const auto lines = world_.overview.stacks();
    const auto filter = page::FleetFilter::from(request.query);
    return html(page::fleetPage(frame(request, "Fleet", page::View::Fleet),
                                {filter, page::select(lines, filter), world_.running.list(),
                                 world_.overview.repositories()}));
}

WebResponse Pages::stack(const WebRequest& request, const std::string& name) {
    const auto line = world_.overview.find(name);
    auto status = line ? world_.store.stacks.status(line->id) : std::optional<StackStatus>();
    if (!status) return broken(request, status.error());
    if (!*status)
        return message(request, 404, "No such stack",
                       "There is no stack of this name, or it is gone from Git.");
    auto explanation = explanationOf(world_, world_.shown(**std::move(status)));
    if (!explanation) return broken(request, explanation.error());
    auto history =
        world_.store.checks.lines(line->id, slice(request, "history", page::checksPerPage));
    if (!history) return broken(request, history.error());
    auto closed = world_.store.incidents.closedFindings(
        line->id, slice(request, "closed", page::closedPerPage));
    if (!closed) return broken(request, closed.error());
    const auto relations = world_.store.estate.relations(line->id);
    if (!relations) return broken(request, relations.error());

    page::StackView view{*std::move(explanation), world_.running.list(), {},
                         *std::move(history),     *std::move(closed),    {}};
    std::erase_if(view.running, [&](const RunningCheck& check) { return check.stack != name; });
    if (!relations->empty()) {
        std::map<std::string, StackLine> byId;
        for (auto& one : world_.overview.stacks()) byId.emplace(one.id, one);
        for (const auto& relation : *relations)
            if (const auto found = byId.find(relation.stackId); found != byId.end())
                view.neighbours.push_back({relation.kind, found->second});
    }
    for (const char* list : {"drifts", "history", "closed"})
        if (auto number = value(request, list); !number.empty()) view.query[list] = number;
    return html(page::stackPage(frame(request, name, page::View::Fleet), view));
}

WebResponse Pages::check(const WebRequest& request, const std::string& name,
                         const std::string& id) {
    const auto line = world_.overview.find(name);
    const auto status = line ? world_.store.stacks.status(line->id) : std::optional<StackStatus>();
    if (!status) return broken(request, status.error());
    const auto found = world_.store.checks.find(id);
    if (!found) return broken(request, found.error());
    if (!*status || !*found || (*found)->stackId != line->id)
        return message(request, 404, "No such check",
                       "It belongs to another stack, or was removed by retention.");
    std::map<std::string, std::string> reasons;
    for (const auto& rule : world_.rules.rules()) reasons.emplace(rule.name, rule.reason);
    return html(page::checkPage(frame(request, "A check of " + name, page::View::Fleet),
                                (*status)->stack, **found, reasons));
}

WebResponse Pages::incidents(const WebRequest& request) {
    page::IncidentsView view;
    view.open = value(request, "state") != "closed";
    auto lines = world_.store.incidents.lines(
        view.open, slice(request, "page", page::incidentsPerPage), page::membersShown);
    if (!lines) return broken(request, lines.error());
    view.incidents = *std::move(lines);
    view.page = page::pageNumber(value(request, "page"),
                                 page::pagesOf(view.incidents.total, page::incidentsPerPage));
    for (const auto& line : world_.overview.stacks()) view.stacks.emplace(line.id, line.stack);
    return html(page::incidentsPage(frame(request, "Incidents", page::View::Incidents), view));
}

WebResponse Pages::incident(const WebRequest& request, const std::string& id) {
    const auto line = world_.store.incidents.find(id, slice(request, "page", page::membersPerPage));
    if (!line) return broken(request, line.error());
    if (!*line)
        return message(request, 404, "No such incident", "There is no incident of this id.");
    std::string subject = (*line)->incident.subject;
    for (const auto& one : world_.overview.stacks())
        if (one.id == subject) subject = one.stack;
    const auto number = page::pageNumber(value(request, "page"),
                                         page::pagesOf((*line)->members, page::membersPerPage));
    return html(page::incidentPage(frame(request, "Incident", page::View::Incidents), **line,
                                   subject, number));
}

WebResponse Pages::ignores(const WebRequest& request) {
    const auto hits = world_.store.quiet.ruleHits();
    if (!hits) return broken(request, hits.error());
    const TimePoint now = world_.clock.now();
    std::vector<page::RuleLine> lines;
    for (auto& rule : world_.rules.rules()) {
        const auto found = hits->find(rule.name);
        const RuleHits counted = found == hits->end() ? RuleHits{now, 0, {}} : found->second;
        std::string origin(originOf(rule));
        std::string state(stateOf(rule, counted, now));
        lines.push_back({std::move(rule), counted, std::move(origin), std::move(state)});
    }
    return html(page::ignoresPage(frame(request, "Ignore rules", page::View::Ignores), lines));
}

Result<page::SilencePreview> Pages::preview(const page::SilenceForm& form) {
    const auto asked = silenceOf(form);
    if (!asked) return std::unexpected(asked.error());
    const auto match = parseMatcher(asked->matcher);
    if (!match) return std::unexpected(match.error());
    return previewOf(world_, *match);
}

WebResponse Pages::silences(const WebRequest& request, page::SilenceForm form, std::string failed) {
    auto around = frame(request, "Silences", page::View::Silences);
    page::SilencesView view;
    view.silences = world_.mutes.silences();
    std::ranges::stable_sort(view.silences, std::greater(), [&](const Silence& silence) {
        return std::pair(silence.until > around.now, silence.from);
    });
    view.on = static_cast<std::size_t>(std::ranges::count_if(
        view.silences, [&](const Silence& silence) { return silence.until > around.now; }));
    view.total = view.silences.size();
    view.page =
        page::pageNumber(value(request, "page"), page::pagesOf(view.total, page::silencesPerPage));
    const auto first = std::min((view.page - 1) * page::silencesPerPage, view.total);
    view.silences.erase(view.silences.begin(),
                        view.silences.begin() + static_cast<std::ptrdiff_t>(first));
    view.silences.resize(std::min(view.silences.size(), page::silencesPerPage));
    view.windows = world_.settings.get()->mutes;

    if (failed.empty() && !form.isEmpty()) {
        auto seen = preview(form);
        if (seen)
            view.preview = *std::move(seen);
        else
            failed = seen.error().message;
    }
    around.failed = std::move(failed);
    view.form = std::move(form);
    const int status = around.failed.empty() ? 200 : 400;
    return html(page::silencesPage(around, view), status);
}

WebResponse Pages::outbox(const WebRequest& request, std::string failed) {
    page::OutboxView view;
    const auto state = deliveryStateFrom(value(request, "state"));
    if (state) view.state = name(*state);
    auto rows =
        world_.store.deliveries.lines(state, slice(request, "page", page::deliveriesPerPage));
    if (!rows) return broken(request, rows.error());
    auto counts = world_.store.deliveries.counts();
    if (!counts) return broken(request, counts.error());
    view.deliveries = *std::move(rows);
    view.counts = *std::move(counts);
    view.page = page::pageNumber(value(request, "page"),
                                 page::pagesOf(view.deliveries.total, page::deliveriesPerPage));
    auto around = frame(request, "Outbox", page::View::Outbox);
    around.failed = std::move(failed);
    const int status = around.failed.empty() ? 200 : 409;
    return html(page::outboxPage(around, view), status);
}

WebResponse Pages::settings(const WebRequest& request) {
    const auto settings = world_.settings.get();
    std::vector<page::RouteLine> routes;
    for (const auto& route : settings->routes) {
        const auto words = matcherText(route.match);
        routes.push_back({words.empty() ? "everything" : words, route.channels, thenOf(route)});
    }
    return html(page::settingsPage(frame(request, "Settings", page::View::Settings), *settings,
                                   routes, sandboxWords(*settings) + "; " + world_.limitsHeld));
}

}  // namespace driftkeeper
