#include "daemon/contract/notice.hpp"

#include "daemon/contract/stack_json.hpp"

namespace driftkeeper {
namespace {

void writeAddresses(JsonWriter& json, const std::vector<Notice::Address>& addresses,
                    bool resolved) {
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

bool readAddresses(const Json& json, std::vector<Notice::Address>& addresses) {
    if (!json.isArray()) return false;
    for (const Json& element : json.elements()) {
        auto& address = addresses.emplace_back();
        if (!readText(element["stack"], address.stack) ||
            !readText(element["address"], address.address) ||
            !readTextOrNull(element["resolution"], address.resolution))
            return false;
    }
    return true;
}

bool readIncident(const Json& json, Notice& notice) {
    const auto kind = incidentKindFrom(json["kind"].string());
    const auto opened = utcFrom(json["opened"].string());
    if (!kind || !opened) return false;
    notice.kind = *kind;
    notice.opened = *opened;
    notice.isTest = json["test"].isTrue();
    notice.severity = severityFrom(json["severity"].string()).value_or(Severity::Warning);
    notice.severityBefore = severityFrom(json["severity_before"].string());
    return readText(json["id"], notice.incidentId) && readTextOrNull(json["cause"], notice.cause) &&
           readTextOrNull(json["subject"], notice.subject) &&
           readTextOrNull(json["text"], notice.text) &&
           readTextOrNull(json["resolution"], notice.resolution);
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

std::optional<Notice::Digest> digestFrom(const Json& json) {
    const auto since = utcFrom(json["since"].string());
    const Json& lines = json["lines"];
    if (!since || !lines.isArray()) return std::nullopt;
    Notice::Digest digest;
    digest.since = *since;
    digest.open = json["open"].count().value_or(0);
    digest.opened = json["opened"].count().value_or(0);
    digest.resolved = json["resolved"].count().value_or(0);
    digest.stale = json["stale"].count().value_or(0);
    for (const Json& line : lines.elements()) digest.lines.emplace_back(line.string());
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
    const Json json = readContract(text);
    Notice notice;
    const auto event = eventFrom(json["event"].string());
    if (json["version"].count() != 1 || !event) return std::nullopt;
    notice.event = *event;
    notice.digest = digestFrom(json["digest"]);
    const bool good = readText(json["id"], notice.id) && readIncident(json["incident"], notice) &&
                      read(json["stacks"], notice.stacks) &&
                      readAddresses(json["opened"], notice.openedAddresses) &&
                      readAddresses(json["resolved"], notice.resolvedAddresses);
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
