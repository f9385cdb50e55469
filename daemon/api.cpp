#include "daemon/api.hpp"

#include <algorithm>

#include "daemon/api_answers.hpp"
#include "daemon/page.hpp"
#include "daemon/present/stack_json.hpp"
#include "daemon/present/stack_object.hpp"

namespace driftkeeper {
namespace {

constexpr std::size_t mostRows = 1000;

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

bool isPath(const WebRequest& request, std::initializer_list<std::string_view> path) {
    return std::ranges::equal(request.path, path);
}

}  // namespace

WebResponse Api::answer(const WebRequest& request) {
    if (request.method == "GET" || request.method == "HEAD") return read(request);
    if (request.method == "POST" || request.method == "PUT") return act(request);
    WebResponse refused = problem(405, "method_not_allowed", "GET, HEAD and POST are answered here");
    refused.headers["Allow"] = "GET, HEAD, POST";
    return refused;
}

WebResponse Api::read(const WebRequest& request) {
    const auto& path = request.path;
    if (path.empty()) return page();
    if (isPath(request, {"metrics"})) return metrics();
    if (isPath(request, {"-", "healthy"})) return plain(200, "driftkeeper is alive");
    if (isPath(request, {"-", "ready"})) return ready();
    if (isPath(request, {"api", "v1", "stacks"})) return stacks();
    if (isPath(request, {"api", "v1", "findings"})) return findings();
    if (isPath(request, {"api", "v1", "incidents"})) return incidents();
    if (isPath(request, {"api", "v1", "outbox"})) return outbox(request);
    if (isPath(request, {"api", "v1", "graph"})) return graph(request);
    if (isPath(request, {"api", "v1", "ignores"})) return ignores();
    if (isPath(request, {"api", "v1", "ignores", "test"})) return testRule(request);
    if (isPath(request, {"api", "v1", "silences"})) return silences();
    if (path.size() == 4 && path[0] == "api" && path[1] == "v1" && path[2] == "outbox") return delivery(path[3]);
    const bool oneStack = path.size() >= 4 && path[0] == "api" && path[1] == "v1" && path[2] == "stacks";
    if (oneStack && path.size() == 4) return stack(path[3]);
    if (oneStack && path.size() == 5 && path[4] == "history") return history(path[3]);
    if (oneStack && path.size() == 5 && path[4] == "explain") return explain(path[3], request);
    return problem(404, "not_found", "there is nothing at this path");
}

WebResponse Api::act(const WebRequest& request) {
    const auto& path = request.path;
    if (isPath(request, {"-", "reload"})) {
        const auto done = world_.reload();
        return done ? plain(200, *done) : plain(500, done.error().message);
    }
    if (path.size() == 5 && path[0] == "api" && path[1] == "v1" && path[2] == "stacks" && path[4] == "check")
        return checkNow(path[3]);
    if (path.size() == 5 && path[0] == "api" && path[1] == "v1" && path[2] == "outbox") {
        if (path[4] == "retry") return retry(path[3]);
        if (path[4] == "drop") return drop(path[3]);
    }
    if (path.size() == 5 && path[0] == "api" && path[1] == "v1" && path[2] == "channels" && path[4] == "test")
        return testChannel(path[3]);
    if (isPath(request, {"api", "v1", "silences"})) return silence(request);
    if (path.size() == 5 && path[0] == "api" && path[1] == "v1" && path[2] == "silences" && path[4] == "end")
        return endSilence(path[3]);
    return problem(404, "not_found", "there is nothing to do at this path");
}

WebResponse Api::metrics() {
    const auto counts = world_.store.counts();
    if (!counts) return problem(counts.error());
    std::vector<std::string> channels;
    const auto settings = world_.settings.get();
    for (const auto& channel : settings->channels) channels.push_back(channel.name);
    return {
        200, "text/plain; version=0.0.4; charset=utf-8", world_.metrics.text(world_.overview, *counts, channels), {}};
}

WebResponse Api::ready() {
    const auto counts = world_.store.counts();
    return counts ? plain(200, "driftkeeper is ready") : plain(503, "the state cannot be read");
}

Result<std::optional<StackStatus>> Api::find(const std::string& name) {
    const auto lines = world_.overview.stacks();
    const auto it = std::ranges::find(lines, name, &StackLine::stack);
    if (it == lines.end()) return std::optional<StackStatus>();
    return world_.store.status(it->id);
}

WebResponse Api::stacks() {
    const auto statuses = world_.store.statuses();
    if (!statuses) return problem(statuses.error());
    std::vector<StackObject> objects;
    objects.reserve(statuses->size());
    for (const auto& status : *statuses) objects.push_back(stackObject(status));
    return {200, "application/json", stacksJson(objects) + "\n", {}};
}

WebResponse Api::stack(const std::string& name) {
    const auto status = find(name);
    if (!status) return problem(status.error());
    if (!*status) return problem(404, "no_such_stack", "there is no stack of this name: see /api/v1/stacks");
    return {200, "application/json", stacksJson({stackObject(**status)}) + "\n", {}};
}

WebResponse Api::history(const std::string& name) {
    const auto status = find(name);
    if (!status) return problem(status.error());
    if (!*status) return problem(404, "no_such_stack", "there is no stack of this name: see /api/v1/stacks");
    const auto checks = world_.store.history((*status)->stack.id, mostRows);
    if (!checks) return problem(checks.error());
    JsonWriter writer = envelope();
    writer.key("stack").text(name).key("stacks").beginArray();
    for (const auto& check : *checks) driftkeeper::write(writer, stackObject((*status)->stack, check));
    writer.endArray().endObject();
    return json(std::move(writer));
}

WebResponse Api::findings() {
    const auto statuses = world_.store.statuses();
    if (!statuses) return problem(statuses.error());
    JsonWriter writer = envelope();
    writer.key("findings").beginArray();
    for (const auto& status : *statuses) {
        for (const auto& finding : status.open) {
            writer.beginObject().key("id").text(finding.id).key("stack").text(status.stack.fullName());
            writer.key("address").text(finding.drift.address);
            writeTime(writer, "last_seen", finding.lastSeen);
            writer.key("drift");
            driftkeeper::write(writer, ShownDrift{finding.drift, finding.firstSeen});
            writer.endObject();
        }
    }
    writer.endArray().endObject();
    return json(std::move(writer));
}

WebResponse Api::incidents() {
    const auto incidents = world_.store.incidents(false, mostRows);
    if (!incidents) return problem(incidents.error());
    JsonWriter writer = envelope();
    writer.key("incidents").beginArray();
    for (const auto& incident : *incidents) write(writer, incident);
    writer.endArray().endObject();
    return json(std::move(writer));
}

WebResponse Api::page() {
    const auto statuses = world_.store.statuses();
    if (!statuses) return problem(statuses.error());
    std::vector<StackObject> objects;
    for (const auto& status : *statuses) objects.push_back(stackObject(status));
    return {
        200, "text/html; charset=utf-8", statusPage(objects, world_.overview.repositories(), world_.clock.now()), {}};
}

WebResponse Api::checkNow(const std::string& name) {
    const auto lines = world_.overview.stacks();
    const auto it = std::ranges::find(lines, name, &StackLine::stack);
    if (it == lines.end() || !world_.scheduler.request(it->id))
        return problem(404, "no_such_stack", "there is no stack of this name: see /api/v1/stacks");
    JsonWriter writer = envelope();
    writer.key("stack").text(name).key("requested").text(utcText(world_.clock.now())).endObject();
    WebResponse accepted = json(std::move(writer));
    accepted.status = 202;
    return accepted;
}

}  // namespace driftkeeper
