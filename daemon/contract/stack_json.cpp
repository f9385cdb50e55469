#include "daemon/contract/stack_json.hpp"

#include <algorithm>

#include "parsers/graph/reason_code.hpp"
#include "parsers/json/json_string.hpp"

namespace driftkeeper {
namespace {

constexpr std::string_view levelName(Diagnostic::Level level) {
    return level == Diagnostic::Level::Error ? "error" : "warning";
}

void write(JsonWriter& json, const AttributeDrift& attribute) {
    json.beginObject();
    json.key("path").text(attribute.path);
    json.key("git").raw(attribute.git);
    json.key("live").raw(attribute.live);
    if (!attribute.before.empty()) json.key("before").raw(attribute.before);
    json.key("sensitive").flag(attribute.sensitive);
    json.endObject();
}

void write(JsonWriter& json, const Reason& reason) {
    json.beginObject();
    json.key("code").text(reason.code);
    json.key("text").text(reason.text);
    json.key("what_to_do").text(adviceForReason(reason.code));
    json.endObject();
}

void write(JsonWriter& json, const Touch& touch) {
    json.beginObject();
    json.key("commit").text(touch.commit);
    json.key("author").text(touch.author);
    json.key("when").text(utcText(touch.when));
    json.key("summary").text(touch.summary);
    json.endObject();
}

void write(JsonWriter& json, const LastConclusive& last) {
    json.beginObject();
    json.key("verdict").text(name(last.verdict));
    json.key("commit").textOrNull(last.commit);
    json.key("finished").text(utcText(last.finished));
    json.endObject();
}

bool readFlag(const Json& json, bool& flag) {
    flag = json.isTrue();
    return json.kind == Json::Kind::Bool;
}

bool readCount(const Json& json, std::size_t& count) {
    const auto value = json.count();
    if (value) count = *value;
    return value.has_value();
}

bool readNumber(const Json& json, double& number) {
    const auto value = json.number();
    if (value) number = *value;
    return value.has_value();
}

// One of the words that `from` knows.
template <class Word, class Target>
bool readWord(const Json& json, std::optional<Word> (*from)(std::string_view) noexcept,
              Target& target) {
    const auto word = json.isString() ? from(json.text) : std::nullopt;
    if (word) target = *word;
    return word.has_value();
}

// A time; `optional` ones may be null.
bool readTime(const Json& json, TimePoint& time) {
    const auto value = utcFrom(json.string());
    if (value) time = *value;
    return value.has_value();
}

bool readTime(const Json& json, std::optional<TimePoint>& time) {
    time.reset();
    return json.isNull() || readTime(json, time.emplace());
}

bool read(const Json& json, std::optional<Touch>& touch) {
    touch.reset();
    if (json.isNull()) return true;
    auto& read = touch.emplace();
    return readText(json["commit"], read.commit) && readText(json["author"], read.author) &&
           readTime(json["when"], read.when) && readText(json["summary"], read.summary);
}

// A value as it went in. Its text is canonical, except for the stand-in of a long value
// (ValueTags::shown).
std::string valueText(const Json& value) {
    const auto digest = value["digest"].string();
    if (!digest.starts_with("hmac:") || value.keys.size() != 2 || !value["bytes"].count())
        return canonicalText(value);
    return R"({"digest":)" + jsonString(digest) + R"(,"bytes":)" + value["bytes"].text + "}";
}

bool read(const Json& json, AttributeDrift& attribute) {
    attribute.git = valueText(json["git"]);
    attribute.live = valueText(json["live"]);
    attribute.before = json.has("before") ? valueText(json["before"]) : "";
    return readText(json["path"], attribute.path) &&
           readFlag(json["sensitive"], attribute.sensitive);
}

bool read(const Json& json, std::optional<Reason>& reason) {
    reason.reset();
    if (json.isNull()) return true;
    auto& value = reason.emplace();
    return readText(json["code"], value.code) && readText(json["text"], value.text);
}

// `owner` is the first of them: what came before `owners`, and what labels and simple receivers
// want.
void writeOwners(JsonWriter& json, const std::vector<std::string>& owners) {
    if (owners.empty()) return;
    json.key("owner").text(owners.front());
    json.key("owners").beginArray();
    for (const auto& owner : owners) json.text(owner);
    json.endArray();
}

// A delivery that an earlier version wrote has one owner only.
bool readOwners(const Json& json, std::vector<std::string>& owners) {
    owners.clear();
    if (json["owners"].isNull())
        return json["owner"].isNull() || readText(json["owner"], owners.emplace_back());
    return json["owners"].isArray() &&
           std::ranges::all_of(json["owners"].elements(), [&](const Json& owner) {
               return readText(owner, owners.emplace_back());
           });
}

bool read(const Json& json, std::optional<LastConclusive>& last) {
    last.reset();
    if (json.isNull()) return true;
    auto& value = last.emplace();
    return readWord(json["verdict"], verdictFrom, value.verdict) &&
           readTextOrNull(json["commit"], value.commit) &&
           readTime(json["finished"], value.finished);
}

bool readBothChanges(const Json& json, Drift& drift) {
    if (drift.side != Side::Both) return true;
    return readWord(json["live_change"], changeFrom, drift.liveChange) &&
           readWord(json["git_change"], changeFrom, drift.gitChange);
}

void writeAttributes(JsonWriter& json, const Drift& drift) {
    json.key("attributes").beginArray();
    for (const auto& attribute : drift.attributes) write(json, attribute);
    json.endArray();
}

bool readAttributes(const Json& json, Drift& drift) {
    if (json.isNull()) return true;
    return json.isArray() && std::ranges::all_of(json.elements(), [&](const Json& attribute) {
               return read(attribute, drift.attributes.emplace_back());
           });
}

void writeElsewhere(JsonWriter& json, const std::vector<Elsewhere>& list) {
    if (list.empty()) return;
    json.key("dependents_elsewhere").beginArray();
    for (const auto& one : list)
        json.beginObject()
            .key("stack")
            .text(one.stack)
            .key("address")
            .text(one.address)
            .endObject();
    json.endArray();
}

bool readElsewhere(const Json& json, std::vector<Elsewhere>& list) {
    list.clear();
    if (json.isNull()) return true;
    return json.isArray() && std::ranges::all_of(json.elements(), [&](const Json& element) {
               auto& one = list.emplace_back();
               return readText(element["stack"], one.stack) &&
                      readText(element["address"], one.address);
           });
}

void writeMembers(JsonWriter& json, const Drift& drift) {
    json.key("address").text(drift.address);
    if (!drift.previousAddress.empty()) json.key("previous_address").text(drift.previousAddress);
    json.key("type").text(drift.type);
    json.key("id").textOrNull(drift.id);
    json.key("side").text(name(drift.side));
    json.key("change").text(name(drift.change));
    if (drift.side == Side::Both) {
        json.key("live_change").text(name(drift.liveChange.value_or(drift.change)));
        json.key("git_change").text(name(drift.gitChange.value_or(Change::Modified)));
    }
    json.key("cause").text(drift.cause);
    json.key("replace").flag(drift.replace);
    json.key("severity").text(name(drift.severity));
    json.key("dependents").number(drift.dependents);
    writeAttributes(json, drift);
    if (!drift.note.empty()) json.key("note").text(drift.note);
    if (!drift.changedBy.empty()) json.key("changed_by").text(drift.changedBy);
    writeElsewhere(json, drift.dependentsElsewhere);
}

bool readMembers(const Json& json, Drift& drift) {
    return json.has("attributes") && readAttributes(json["attributes"], drift) &&
           readText(json["address"], drift.address) &&
           readTextOrNull(json["previous_address"], drift.previousAddress) &&
           readText(json["type"], drift.type) && readTextOrNull(json["id"], drift.id) &&
           readWord(json["side"], sideFrom, drift.side) &&
           readWord(json["change"], changeFrom, drift.change) && readBothChanges(json, drift) &&
           readText(json["cause"], drift.cause) && readFlag(json["replace"], drift.replace) &&
           readWord(json["severity"], severityFrom, drift.severity) &&
           readCount(json["dependents"], drift.dependents) &&
           readTextOrNull(json["note"], drift.note) &&
           readTextOrNull(json["changed_by"], drift.changedBy) &&
           readElsewhere(json["dependents_elsewhere"], drift.dependentsElsewhere);
}

}  // namespace

Json readContract(std::string_view text) {
    constexpr int aboveValues =
        16;  // an attribute's value may be as deep as any, and stands in lists in objects
    return readJson(text, deepestJson + aboveValues).value_or(Json());
}

bool readText(const Json& json, std::string& text) {
    text = json.string();
    return json.isString();
}

bool readTextOrNull(const Json& json, std::string& text) {
    text.clear();
    return json.isNull() || readText(json, text);
}

void write(JsonWriter& json, const ShownDrift& shown) {
    json.beginObject();
    writeMembers(json, shown.drift);
    if (shown.firstSeen) json.key("first_seen").text(utcText(*shown.firstSeen));
    json.endObject();
}

void write(JsonWriter& json, const NotTold& notTold) {
    const auto& drift = notTold.drift;
    json.beginObject();
    json.key("address").text(drift.address);
    json.key("cause").text(drift.cause);
    json.key("rule").text(notTold.rule);
    json.key("type").text(drift.type);
    json.key("side").text(name(drift.side));
    json.key("change").text(name(drift.change));
    if (!drift.attributes.empty()) writeAttributes(json, drift);
    json.endObject();
}

void write(JsonWriter& json, const Diagnostic& diagnostic) {
    json.beginObject();
    json.key("severity").text(levelName(diagnostic.level));
    json.key("summary").text(diagnostic.summary);
    json.key("address").textOrNull(diagnostic.address);
    json.endObject();
}

void write(JsonWriter& json, const Coverage& coverage) {
    json.beginObject();
    json.key("checked").number(coverage.checked);
    json.key("unsupported").number(coverage.unsupported);
    json.key("unreadable").number(coverage.unreadable);
    json.endObject();
}

void write(JsonWriter& json, const StackObject& stack) {
    json.beginObject();
    json.key("stack").text(stack.stack);
    json.key("repository").text(stack.repository);
    json.key("path").text(stack.path);
    json.key("provider").text(stack.provider);
    json.key("workspace").text(stack.workspace);
    writeOwners(json, stack.owners);
    json.key("commit").textOrNull(stack.commit);
    if (stack.touch) {
        json.key("last_touched");
        write(json, *stack.touch);
    }
    json.key("started").textOrNull(stack.started ? utcText(*stack.started) : "");
    json.key("duration_seconds").number(stack.durationSeconds);
    json.key("verdict").text(name(stack.verdict));
    json.key("complete").flag(stack.complete);
    json.key("reason");
    if (stack.reason)
        write(json, *stack.reason);
    else
        json.null();
    json.key("resources").number(stack.resources);
    json.key("coverage");
    write(json, stack.coverage);
    json.key("drifts");
    write(json, stack.drifts);
    json.key("not_told");
    write(json, stack.notTold);
    json.key("diagnostics");
    write(json, stack.diagnostics);
    if (stack.lastConclusive) {
        json.key("last_conclusive");
        write(json, *stack.lastConclusive);
    }
    json.endObject();
}

bool read(const Json& json, ShownDrift& shown) {
    return readMembers(json, shown.drift) && readTime(json["first_seen"], shown.firstSeen);
}

bool read(const Json& json, NotTold& notTold) {
    auto& drift = notTold.drift;
    return readText(json["address"], drift.address) && readText(json["cause"], drift.cause) &&
           readText(json["rule"], notTold.rule) && readTextOrNull(json["type"], drift.type) &&
           (json["side"].isNull() || readWord(json["side"], sideFrom, drift.side)) &&
           (json["change"].isNull() || readWord(json["change"], changeFrom, drift.change)) &&
           readAttributes(json["attributes"], drift);
}

bool read(const Json& json, Diagnostic& diagnostic) {
    std::string level;
    if (!readText(json["severity"], level)) return false;
    diagnostic.level = level == "error" ? Diagnostic::Level::Error : Diagnostic::Level::Warning;
    return (level == "error" || level == "warning") &&
           readText(json["summary"], diagnostic.summary) &&
           readTextOrNull(json["address"], diagnostic.address);
}

bool read(const Json& json, Coverage& coverage) {
    return readCount(json["checked"], coverage.checked) &&
           readCount(json["unsupported"], coverage.unsupported) &&
           readCount(json["unreadable"], coverage.unreadable);
}

bool read(const Json& json, StackObject& stack) {
    return readText(json["stack"], stack.stack) && readText(json["repository"], stack.repository) &&
           readText(json["path"], stack.path) && readText(json["provider"], stack.provider) &&
           readText(json["workspace"], stack.workspace) && readOwners(json, stack.owners) &&
           readTextOrNull(json["commit"], stack.commit) &&
           read(json["last_touched"], stack.touch) && readTime(json["started"], stack.started) &&
           readNumber(json["duration_seconds"], stack.durationSeconds) &&
           readWord(json["verdict"], verdictFrom, stack.verdict) &&
           readFlag(json["complete"], stack.complete) && read(json["reason"], stack.reason) &&
           readCount(json["resources"], stack.resources) &&
           read(json["coverage"], stack.coverage) && read(json["drifts"], stack.drifts) &&
           read(json["not_told"], stack.notTold) && read(json["diagnostics"], stack.diagnostics) &&
           read(json["last_conclusive"], stack.lastConclusive);
}

std::string stacksJson(const std::vector<StackObject>& stacks) {
    JsonWriter json;
    json.beginObject().key("version").number(std::uint64_t{1}).key("stacks");
    write(json, stacks);
    json.endObject();
    return std::move(json).take();
}

std::string stackJson(const StackObject& stack) {
    JsonWriter json;
    write(json, stack);
    return std::move(json).take();
}

std::optional<std::vector<StackObject>> stacksFromJson(std::string_view text) {
    const Json json = readContract(text);
    std::vector<StackObject> stacks;
    const bool good = json["stacks"].isNull()
                          ? read(json, stacks.emplace_back())
                          : json["version"].count() == 1 && read(json["stacks"], stacks);
    return good ? std::optional(std::move(stacks)) : std::nullopt;
}

}  // namespace driftkeeper
