#include "daemon/contract/stack_json.hpp"

#include <algorithm>

#include "parsers/graph/reason_code.hpp"

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

bool readFlag(JsonSlice json, bool& flag) {
    const auto value = json.flag();
    if (value) flag = *value;
    return value.has_value();
}

bool readCount(JsonSlice json, std::size_t& count) {
    const auto value = json.count();
    if (value) count = *value;
    return value.has_value();
}

bool readNumber(JsonSlice json, double& number) {
    const auto value = json.number();
    if (value) number = *value;
    return value.has_value();
}

// One of the words that `from` knows.
template <class Word, class Target>
bool readWord(JsonSlice json, std::optional<Word> (*from)(std::string_view) noexcept, Target& target) {
    const auto text = json.text();
    const auto word = text ? from(*text) : std::nullopt;
    if (word) target = *word;
    return word.has_value();
}

// A time; `optional` ones may be null.
bool readTime(JsonSlice json, TimePoint& time) {
    const auto text = json.text();
    const auto value = text ? utcFrom(*text) : std::nullopt;
    if (value) time = *value;
    return value.has_value();
}

bool readTime(JsonSlice json, std::optional<TimePoint>& time) {
    time.reset();
    return json.isNull() || readTime(json, time.emplace());
}

bool read(JsonSlice json, std::optional<Touch>& touch) {
    touch.reset();
    if (json.isNull()) return true;
    const JsonMembers members(json);
    auto& read = touch.emplace();
    return readText(members["commit"], read.commit) && readText(members["author"], read.author) &&
           readTime(members["when"], read.when) && readText(members["summary"], read.summary);
}

bool read(JsonSlice json, AttributeDrift& attribute) {
    const JsonMembers members(json);
    attribute.git = members["git"].raw();
    attribute.live = members["live"].raw();
    attribute.before = members.has("before") ? members["before"].raw() : "";
    return readText(members["path"], attribute.path) && readFlag(members["sensitive"], attribute.sensitive);
}

bool read(JsonSlice json, std::optional<Reason>& reason) {
    reason.reset();
    if (json.isNull()) return true;
    const JsonMembers members(json);
    auto& value = reason.emplace();
    return readText(members["code"], value.code) && readText(members["text"], value.text);
}

// `owner` is the first of them: what came before `owners`, and what labels and simple receivers want.
void writeOwners(JsonWriter& json, const std::vector<std::string>& owners) {
    if (owners.empty()) return;
    json.key("owner").text(owners.front());
    json.key("owners").beginArray();
    for (const auto& owner : owners) json.text(owner);
    json.endArray();
}

// A delivery that an earlier version wrote has one owner only.
bool readOwners(const JsonMembers& members, std::vector<std::string>& owners) {
    owners.clear();
    if (members["owners"].isNull())
        return members["owner"].isNull() || readText(members["owner"], owners.emplace_back());
    const auto elements = members["owners"].elements();
    return elements &&
           std::ranges::all_of(*elements, [&](JsonSlice owner) { return readText(owner, owners.emplace_back()); });
}

bool read(JsonSlice json, std::optional<LastConclusive>& last) {
    last.reset();
    if (json.isNull()) return true;
    const JsonMembers members(json);
    auto& value = last.emplace();
    return readWord(members["verdict"], verdictFrom, value.verdict) &&
           readTextOrNull(members["commit"], value.commit) && readTime(members["finished"], value.finished);
}

bool readBothChanges(const JsonMembers& members, Drift& drift) {
    if (drift.side != Side::Both) return true;
    return readWord(members["live_change"], changeFrom, drift.liveChange) &&
           readWord(members["git_change"], changeFrom, drift.gitChange);
}

void writeAttributes(JsonWriter& json, const Drift& drift) {
    json.key("attributes").beginArray();
    for (const auto& attribute : drift.attributes) write(json, attribute);
    json.endArray();
}

bool readAttributes(JsonSlice json, Drift& drift) {
    if (json.isNull()) return true;
    const auto attributes = json.elements();
    if (!attributes) return false;
    return std::ranges::all_of(*attributes,
                               [&](JsonSlice attribute) { return read(attribute, drift.attributes.emplace_back()); });
}

void writeElsewhere(JsonWriter& json, const std::vector<Elsewhere>& list) {
    if (list.empty()) return;
    json.key("dependents_elsewhere").beginArray();
    for (const auto& one : list)
        json.beginObject().key("stack").text(one.stack).key("address").text(one.address).endObject();
    json.endArray();
}

bool readElsewhere(JsonSlice json, std::vector<Elsewhere>& list) {
    list.clear();
    if (json.isNull()) return true;
    const auto elements = json.elements();
    return elements && std::ranges::all_of(*elements, [&](JsonSlice element) {
               const JsonMembers members(element);
               auto& one = list.emplace_back();
               return readText(members["stack"], one.stack) && readText(members["address"], one.address);
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

bool readMembers(const JsonMembers& members, Drift& drift) {
    return members.has("attributes") && readAttributes(members["attributes"], drift) &&
           readText(members["address"], drift.address) &&
           readTextOrNull(members["previous_address"], drift.previousAddress) &&
           readText(members["type"], drift.type) && readTextOrNull(members["id"], drift.id) &&
           readWord(members["side"], sideFrom, drift.side) && readWord(members["change"], changeFrom, drift.change) &&
           readBothChanges(members, drift) && readText(members["cause"], drift.cause) &&
           readFlag(members["replace"], drift.replace) && readWord(members["severity"], severityFrom, drift.severity) &&
           readCount(members["dependents"], drift.dependents) && readTextOrNull(members["note"], drift.note) &&
           readTextOrNull(members["changed_by"], drift.changedBy) &&
           readElsewhere(members["dependents_elsewhere"], drift.dependentsElsewhere);
}

}  // namespace

bool readText(JsonSlice json, std::string& text) {
    auto value = json.text();
    if (value) text = std::move(*value);
    return value.has_value();
}

bool readTextOrNull(JsonSlice json, std::string& text) {
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

bool read(JsonSlice json, ShownDrift& shown) {
    const JsonMembers members(json);
    return readMembers(members, shown.drift) && readTime(members["first_seen"], shown.firstSeen);
}

bool read(JsonSlice json, NotTold& notTold) {
    const JsonMembers members(json);
    auto& drift = notTold.drift;
    return readText(members["address"], drift.address) && readText(members["cause"], drift.cause) &&
           readText(members["rule"], notTold.rule) && readTextOrNull(members["type"], drift.type) &&
           (members["side"].isNull() || readWord(members["side"], sideFrom, drift.side)) &&
           (members["change"].isNull() || readWord(members["change"], changeFrom, drift.change)) &&
           readAttributes(members["attributes"], drift);
}

bool read(JsonSlice json, Diagnostic& diagnostic) {
    const JsonMembers members(json);
    std::string level;
    if (!readText(members["severity"], level)) return false;
    diagnostic.level = level == "error" ? Diagnostic::Level::Error : Diagnostic::Level::Warning;
    return (level == "error" || level == "warning") && readText(members["summary"], diagnostic.summary) &&
           readTextOrNull(members["address"], diagnostic.address);
}

bool read(JsonSlice json, Coverage& coverage) {
    const JsonMembers members(json);
    return readCount(members["checked"], coverage.checked) && readCount(members["unsupported"], coverage.unsupported) &&
           readCount(members["unreadable"], coverage.unreadable);
}

bool read(JsonSlice json, StackObject& stack) {
    const JsonMembers members(json);
    return readText(members["stack"], stack.stack) && readText(members["repository"], stack.repository) &&
           readText(members["path"], stack.path) && readText(members["provider"], stack.provider) &&
           readText(members["workspace"], stack.workspace) && readOwners(members, stack.owners) &&
           readTextOrNull(members["commit"], stack.commit) && read(members["last_touched"], stack.touch) &&
           readTime(members["started"], stack.started) &&
           readNumber(members["duration_seconds"], stack.durationSeconds) &&
           readWord(members["verdict"], verdictFrom, stack.verdict) && readFlag(members["complete"], stack.complete) &&
           read(members["reason"], stack.reason) && readCount(members["resources"], stack.resources) &&
           read(members["coverage"], stack.coverage) && read(members["drifts"], stack.drifts) &&
           read(members["not_told"], stack.notTold) && read(members["diagnostics"], stack.diagnostics) &&
           read(members["last_conclusive"], stack.lastConclusive);
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
    const auto json = JsonSlice::of(text);
    if (!json) return std::nullopt;
    const JsonMembers members(*json);
    std::vector<StackObject> stacks;
    const bool good = members["stacks"].isNull() ? read(*json, stacks.emplace_back())
                                                 : members["version"].count() == 1 && read(members["stacks"], stacks);
    return good ? std::optional(std::move(stacks)) : std::nullopt;
}

}  // namespace driftkeeper
