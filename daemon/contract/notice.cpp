#include "daemon/contract/notice.hpp"

#include "daemon/contract/stack_json.hpp"

namespace driftkeeper {
namespace {

void writeAddresses(JsonWriter& json, const std::vector<Notice::Address>& addresses, bool resolved) {
    json.beginArray();
    for (const auto& address : addresses) {
        json.beginObject();
        json.key("stack").text(address.stack);
        json.key("address").text(address.address);
        if (resolved) json.key("resolution").text(address.resolution);
        json.endObject();
    }
    json.endArray();
}

bool readAddresses(JsonSlice json, std::vector<Notice::Address>& addresses) {
    const auto elements = json.elements();
    if (!elements) return false;
    for (const auto element : *elements) {
        const JsonMembers members(element);
        auto& address = addresses.emplace_back();
        if (!readText(members["stack"], address.stack) || !readText(members["address"], address.address) ||
            !readTextOrNull(members["resolution"], address.resolution))
            return false;
    }
    return true;
}

bool readIncident(JsonSlice json, Notice& notice) {
    const JsonMembers members(json);
    const auto kind = incidentKindFrom(members["kind"].text().value_or(""));
    const auto opened = utcFrom(members["opened"].text().value_or(""));
    if (!kind || !opened) return false;
    notice.kind = *kind;
    notice.opened = *opened;
    notice.isTest = members["test"].flag().value_or(false);
    notice.severity = severityFrom(members["severity"].text().value_or("")).value_or(Severity::Warning);
    notice.severityBefore = severityFrom(members["severity_before"].text().value_or(""));
    return readText(members["id"], notice.incidentId) && readTextOrNull(members["cause"], notice.cause) &&
           readTextOrNull(members["subject"], notice.subject) && readTextOrNull(members["text"], notice.text) &&
           readTextOrNull(members["resolution"], notice.resolution);
}

void write(JsonWriter& json, const Notice::Digest& digest) {
    json.beginObject();
    json.key("since").text(utcText(digest.since));
    json.key("open").number(digest.open);
    json.key("opened").number(digest.opened);
    json.key("resolved").number(digest.resolved);
    json.key("stale").number(digest.stale);
    json.key("lines").beginArray();
    for (const auto& line : digest.lines) json.text(line);
    json.endArray().endObject();
}

std::optional<Notice::Digest> digestFrom(JsonSlice json) {
    const JsonMembers members(json);
    const auto since = utcFrom(members["since"].text().value_or(""));
    const auto lines = members["lines"].elements();
    if (!since || !lines) return std::nullopt;
    Notice::Digest digest;
    digest.since = *since;
    digest.open = members["open"].count().value_or(0);
    digest.opened = members["opened"].count().value_or(0);
    digest.resolved = members["resolved"].count().value_or(0);
    digest.stale = members["stale"].count().value_or(0);
    for (const auto& line : *lines) digest.lines.push_back(line.text().value_or(""));
    return digest;
}

}  // namespace

std::string noticeJson(const Notice& notice) {
    JsonWriter json;
    json.beginObject();
    json.key("version").number(std::uint64_t{1});
    json.key("id").text(notice.id);
    json.key("event").text(name(notice.event));
    json.key("incident").beginObject();
    json.key("id").text(notice.incidentId);
    json.key("kind").text(name(notice.kind));
    json.key("cause").textOrNull(notice.cause);
    json.key("opened").text(utcText(notice.opened));
    json.key("severity").text(name(notice.severity));
    if (notice.severityBefore) json.key("severity_before").text(name(*notice.severityBefore));
    json.key("subject").textOrNull(notice.subject);
    json.key("text").textOrNull(notice.text);
    if (notice.isTest) json.key("test").flag(true);
    if (!notice.resolution.empty()) json.key("resolution").text(notice.resolution);
    json.endObject();
    json.key("stacks");
    write(json, notice.stacks);
    json.key("opened");
    writeAddresses(json, notice.openedAddresses, false);
    json.key("resolved");
    writeAddresses(json, notice.resolvedAddresses, true);
    if (notice.digest) write(json.key("digest"), *notice.digest);
    json.endObject();
    return std::move(json).take();
}

std::optional<Notice> noticeFromJson(std::string_view text) {
    const auto json = JsonSlice::of(text);
    if (!json) return std::nullopt;
    const JsonMembers members(*json);
    Notice notice;
    const auto event = eventFrom(members["event"].text().value_or(""));
    if (members["version"].count() != 1 || !event) return std::nullopt;
    notice.event = *event;
    notice.digest = digestFrom(members["digest"]);
    const bool good = readText(members["id"], notice.id) && readIncident(members["incident"], notice) &&
                      read(members["stacks"], notice.stacks) &&
                      readAddresses(members["opened"], notice.openedAddresses) &&
                      readAddresses(members["resolved"], notice.resolvedAddresses);
    return good ? std::optional(std::move(notice)) : std::nullopt;
}

Notice withoutValues(Notice notice) {
    const auto hide = [](Drift& drift) {
        for (AttributeDrift& attribute : drift.attributes) {
            attribute.git = attribute.live = R"({"hidden":true})";
            attribute.before.clear();
        }
    };
    for (StackObject& stack : notice.stacks) {
        for (ShownDrift& shown : stack.drifts) hide(shown.drift);
        for (NotTold& quiet : stack.notTold) hide(quiet.drift);
    }
    return notice;
}

}  // namespace driftkeeper
