#include "daemon/api/api.hpp"

#include <algorithm>

#include "daemon/api/alerts_now.hpp"
#include "daemon/api/answers.hpp"
#include "daemon/contract/alert_json.hpp"
#include "daemon/contract/stack_json.hpp"
#include "daemon/contract/stack_object.hpp"

namespace driftkeeper {
namespace {

void write(JsonWriter& writer, const Incident& incident) {
    writer.beginObject().key("id").text(incident.id).key("kind").text(name(incident.kind));
    writer.key("cause").textOrNull(incident.cause).key("subject").text(incident.subject);
    writeTime(writer, "opened", incident.opened);
    writeTime(writer, "closed", incident.closed);
    writer.key("text").textOrNull(incident.text).key("channels").beginArray();
    for (const auto& channel : incident.channels) writer.text(channel);
    writer.endArray().key("members").beginArray();
    for (const auto& member : incident.members) {
        writer.beginObject().key("stack").text(member.stack).key("address").text(member.address);
        writer.key("side").text(name(member.side)).key("change").text(name(member.change));
        writer.key("severity").text(name(member.severity)).endObject();
    }
    writer.endArray().endObject();
}

}  // namespace

// Everything that is answered, and what a caller needs for it. Whatever begins with /hooks has a
// signature of its own.
const std::vector<Api::Endpoint>& Api::endpoints() {
    using Asked = const WebRequest&;
    static const std::vector<Endpoint> all = {
        {{"GET", "/metrics"}, [](Api& api, Asked) { return api.metrics(); }},
        {{"GET", "/-/healthy", Role::None},
         [](Api&, Asked) { return plain(200, "driftkeeper is alive"); }},
        {{"GET", "/-/ready"}, [](Api& api, Asked) { return api.ready(); }},
        {{"POST", "/-/reload", Role::Operate}, [](Api& api, Asked) { return api.reload(); }},
        {{"GET", "/api/v1/stacks"}, [](Api& api, Asked) { return api.stacks(); }},
        {{"GET", "/api/v1/stacks/*"},
         [](Api& api, Asked asked) { return api.stack(asked.path[3]); }},
        {{"GET", "/api/v1/stacks/*/history"},
         [](Api& api, Asked asked) { return api.history(asked.path[3]); }},
        {{"GET", "/api/v1/stacks/*/explain"},
         [](Api& api, Asked asked) { return api.explain(asked.path[3], asked); }},
        {{"POST", "/api/v1/stacks/*/check", Role::Operate},
         [](Api& api, Asked asked) { return api.checkNow(asked.path[3]); }},
        {{"GET", "/api/v1/findings"}, [](Api& api, Asked) { return api.findings(); }},
        {{"GET", "/api/v1/incidents"}, [](Api& api, Asked) { return api.incidents(); }},
        {{"GET", "/api/v1/outbox"}, [](Api& api, Asked asked) { return api.outbox(asked); }},
        {{"GET", "/api/v1/outbox/*"},
         [](Api& api, Asked asked) { return api.delivery(asked.path[3]); }},
        {{"POST", "/api/v1/outbox/*/retry", Role::Operate},
         [](Api& api, Asked asked) { return api.retry(asked.path[3]); }},
        {{"POST", "/api/v1/outbox/*/drop", Role::Operate},
         [](Api& api, Asked asked) { return api.drop(asked.path[3]); }},
        {{"POST", "/api/v1/channels/*/test", Role::Operate},
         [](Api& api, Asked asked) { return api.testChannel(asked.path[3]); }},
        {{"GET", "/api/v1/graph"}, [](Api& api, Asked asked) { return api.graph(asked); }},
        {{"GET", "/api/v1/ignores"}, [](Api& api, Asked) { return api.ignores(); }},
        {{"GET", "/api/v1/ignores/test"},
         [](Api& api, Asked asked) { return api.testRule(asked); }},
        {{"GET", "/api/v1/running"}, [](Api& api, Asked) { return api.running(); }},
        {{"GET", "/api/v1/silences"}, [](Api& api, Asked) { return api.silences(); }},
        {{"POST", "/api/v1/silences", Role::Operate},
         [](Api& api, Asked asked) { return api.silence(asked); }},
        {{"POST", "/api/v1/silences/*/end", Role::Operate},
         [](Api& api, Asked asked) { return api.endSilence(asked.path[3]); }},
        {{"POST", "/hooks/*", Role::None},
         [](Api& api, Asked asked) { return api.hook(asked.path[1], asked); }},
    };
    return all;
}

std::vector<WebRoute> Api::routes() {
    auto all = Pages::routes();
    for (const auto& endpoint : endpoints()) all.push_back(endpoint.route);
    return all;
}

WebResponse Api::answer(const WebRequest& request) {
    if (auto page = pages_.answer(request)) return *std::move(page);
    for (const auto& endpoint : endpoints())
        if (isFor(endpoint.route, request.method, request.path))
            return endpoint.answer(*this, request);
    const bool acts = request.method == "POST" || request.method == "PUT";
    if (acts) return problem(404, "not_found", "there is nothing to do at this path");
    if (request.method == "GET" || request.method == "HEAD")
        return problem(404, "not_found", "there is nothing at this path");
    WebResponse refused =
        problem(405, "method_not_allowed", "GET, HEAD and POST are answered here");
    refused.headers["Allow"] = "GET, HEAD, POST";
    return refused;
}

WebResponse Api::reload() {
    const auto done = world_.reload();
    return done ? plain(200, *done) : plain(500, done.error().message);
}

WebResponse Api::running() {
    return {200, "application/json", runningJson(world_.running.list()) + "\n", {}};
}

WebResponse Api::metrics() {
    const auto counts = world_.store.counts();
    if (!counts) return problem(counts.error());
    const auto alerts = AlertsNow::read(world_);
    if (!alerts) return problem(alerts.error());
    const auto stacks =
        alerts->waiting().empty() ? Result<std::vector<Stack>>() : world_.store.stacks.list();
    if (!stacks) return problem(stacks.error());
    const auto settings = world_.settings.get();
    std::vector<std::string> channels;
    for (const auto& channel : settings->channels) channels.push_back(channel.name);
    const Scrape scrape{.overview = world_.overview,
                        .counts = *counts,
                        .queue = world_.scheduler.queue(),
                        .channels = channels,
                        .findings = alerts->counts(*stacks, world_.overview.stacks()),
                        .stateDirectory = settings->stateDirectory,
                        .checkoutBytes = world_.checkouts.diskUsed(),
                        .checkoutLimit = settings->checkoutDisk};
    return {200, "text/plain; version=0.0.4; charset=utf-8", world_.metrics.text(scrape), {}};
}

WebResponse Api::ready() {
    if (const auto trouble = world_.store.trouble())
        return plain(503, "the state cannot be written: " + trouble->code);
    const auto counts = world_.store.counts();
    return counts ? plain(200, "driftkeeper is ready") : plain(503, "the state cannot be read");
}

Result<std::optional<StackStatus>> Api::find(const std::string& name) {
    const auto line = world_.overview.find(name);
    if (!line) return std::optional<StackStatus>();
    return world_.store.stacks.status(line->id);
}

WebResponse Api::stacks() {
    const auto statuses = world_.store.stacks.statuses();
    if (!statuses) return problem(statuses.error());
    std::vector<StackObject> objects;
    objects.reserve(statuses->size());
    for (const auto& status : *statuses) objects.push_back(stackObject(world_.shown(status)));
    return {200, "application/json", stacksJson(objects) + "\n", {}};
}

WebResponse Api::stack(const std::string& name) {
    const auto status = find(name);
    if (!status) return problem(status.error());
    if (!*status)
        return problem(404, "no_such_stack", "there is no stack of this name: see /api/v1/stacks");
    return {200, "application/json", stacksJson({stackObject(world_.shown(**status))}) + "\n", {}};
}

WebResponse Api::history(const std::string& name) {
    const auto status = find(name);
    if (!status) return problem(status.error());
    if (!*status)
        return problem(404, "no_such_stack", "there is no stack of this name: see /api/v1/stacks");
    const auto checks = world_.store.checks.history((*status)->stack.id, mostRows);
    if (!checks) return problem(checks.error());
    JsonWriter writer = envelope();
    writer.key("stack").text(name).key("stacks").beginArray();
    for (const auto& check : *checks)
        driftkeeper::write(writer, stackObject((*status)->stack, check));
    writer.endArray().endObject();
    return json(std::move(writer));
}

WebResponse Api::findings() {
    const auto statuses = world_.store.stacks.statuses();
    if (!statuses) return problem(statuses.error());
    const auto alerts = AlertsNow::read(world_);
    if (!alerts) return problem(alerts.error());
    JsonWriter writer = envelope();
    writer.key("findings").beginArray();
    for (const auto& status : *statuses) {
        for (const auto& finding : status.open) {
            writer.beginObject()
                .key("id")
                .text(finding.id)
                .key("stack")
                .text(status.stack.fullName());
            writer.key("address").text(finding.drift.address);
            writeTime(writer, "last_seen", finding.lastSeen);
            writer.key("alert");
            driftkeeper::write(writer, alerts->of(finding, status.stack));
            writer.key("drift");
            driftkeeper::write(writer, ShownDrift{finding.drift, finding.firstSeen});
            writer.endObject();
        }
    }
    writer.endArray().endObject();
    return json(std::move(writer));
}

WebResponse Api::incidents() {
    const auto incidents = world_.store.incidents.list(false, mostRows);
    if (!incidents) return problem(incidents.error());
    JsonWriter writer = envelope();
    writer.key("incidents").beginArray();
    for (const auto& incident : *incidents) write(writer, incident);
    writer.endArray().endObject();
    return json(std::move(writer));
}

WebResponse Api::checkNow(const std::string& name) {
    const auto line = world_.overview.find(name);
    if (!line || !world_.scheduler.request(line->id))
        return problem(404, "no_such_stack", "there is no stack of this name: see /api/v1/stacks");
    JsonWriter writer = envelope();
    writer.key("stack").text(name).key("requested").text(utcText(world_.clock.now())).endObject();
    WebResponse accepted = json(std::move(writer));
    accepted.status = 202;
    return accepted;
}

}  // namespace driftkeeper
