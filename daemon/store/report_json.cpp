#include "daemon/store/report_json.hpp"

#include <chrono>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

namespace driftkeeper {
namespace {

using Json = nlohmann::ordered_json;

std::string compact(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// Runs `read` on the parsed text; what nlohmann or a missing word throws ends here.
template <class Read>
auto reading(std::string_view text, Read read) -> std::optional<decltype(read(Json()))> {
    try {
        return read(Json::parse(text));
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

template <class Word>
Word known(std::optional<Word> word) {
    if (!word) throw std::invalid_argument("unknown word");
    return *word;
}

template <class T>
void read(const Json& json, const char* key, T& value) {
    if (const auto it = json.find(key); it != json.end()) it->get_to(value);
}

template <class T, class Convert>
void readAll(const Json& json, const char* key, std::vector<T>& values, Convert convert) {
    if (const auto it = json.find(key); it != json.end())
        for (const Json& element : *it) values.push_back(convert(element));
}

template <class T, class Convert>
void writeAll(Json& json, const char* key, const std::vector<T>& values, Convert convert) {
    if (values.empty()) return;
    Json& list = json[key] = Json::array();
    for (const T& value : values) list.push_back(convert(value));
}

void write(Json& json, const char* key, const std::string& text) {
    if (!text.empty()) json[key] = text;
}

Json attributeOut(const AttributeDrift& attribute) {
    Json json = {{"path", attribute.path}, {"git", attribute.git}, {"live", attribute.live}};
    write(json, "before", attribute.before);
    if (attribute.sensitive) json["sensitive"] = true;
    return json;
}

AttributeDrift attributeIn(const Json& json) {
    AttributeDrift attribute;
    json.at("path").get_to(attribute.path);
    json.at("git").get_to(attribute.git);
    json.at("live").get_to(attribute.live);
    read(json, "before", attribute.before);
    read(json, "sensitive", attribute.sensitive);
    return attribute;
}

Json elsewhereOut(const Elsewhere& one) {
    return {one.stack, one.address};
}

Elsewhere elsewhereIn(const Json& json) {
    return {json.at(0).get<std::string>(), json.at(1).get<std::string>()};
}

Json driftOut(const Drift& drift) {
    Json json = {{"address", drift.address},
                 {"side", name(drift.side)},
                 {"change", name(drift.change)},
                 {"severity", name(drift.severity)}};
    write(json, "previous", drift.previousAddress);
    write(json, "type", drift.type);
    write(json, "id", drift.id);
    write(json, "cause", drift.cause);
    if (drift.liveChange) json["live_change"] = name(*drift.liveChange);
    if (drift.gitChange) json["git_change"] = name(*drift.gitChange);
    if (drift.replace) json["replace"] = true;
    if (drift.dependents != 0) json["dependents"] = drift.dependents;
    writeAll(json, "attributes", drift.attributes, attributeOut);
    write(json, "note", drift.note);
    write(json, "changed_by", drift.changedBy);
    writeAll(json, "elsewhere", drift.dependentsElsewhere, elsewhereOut);
    return json;
}

std::optional<Change> changeIn(const Json& json, const char* key) {
    const auto it = json.find(key);
    if (it == json.end()) return std::nullopt;
    return known(changeFrom(it->get<std::string>()));
}

Drift driftIn(const Json& json) {
    Drift drift;
    json.at("address").get_to(drift.address);
    drift.side = known(sideFrom(json.at("side").get<std::string>()));
    drift.change = known(changeIn(json, "change"));
    drift.severity = known(severityFrom(json.at("severity").get<std::string>()));
    read(json, "previous", drift.previousAddress);
    read(json, "type", drift.type);
    read(json, "id", drift.id);
    read(json, "cause", drift.cause);
    drift.liveChange = changeIn(json, "live_change");
    drift.gitChange = changeIn(json, "git_change");
    read(json, "replace", drift.replace);
    read(json, "dependents", drift.dependents);
    readAll(json, "attributes", drift.attributes, attributeIn);
    read(json, "note", drift.note);
    read(json, "changed_by", drift.changedBy);
    readAll(json, "elsewhere", drift.dependentsElsewhere, elsewhereIn);
    return drift;
}

Json quietOut(const NotTold& quiet) {
    Json json = driftOut(quiet.drift);
    json["rule"] = quiet.rule;
    return json;
}

NotTold quietIn(const Json& json) {
    NotTold quiet;
    json.at("rule").get_to(quiet.rule);
    if (json.contains("side")) {
        quiet.drift = driftIn(json);
    } else {  // written before differences that are not told were kept whole
        json.at("address").get_to(quiet.drift.address);
        json.at("cause").get_to(quiet.drift.cause);
    }
    return quiet;
}

Json diagnosticOut(const Diagnostic& diagnostic) {
    Json json = {{"error", diagnostic.level == Diagnostic::Level::Error},
                 {"summary", diagnostic.summary}};
    write(json, "address", diagnostic.address);
    return json;
}

Diagnostic diagnosticIn(const Json& json) {
    Diagnostic diagnostic;
    diagnostic.level =
        json.at("error").get<bool>() ? Diagnostic::Level::Error : Diagnostic::Level::Warning;
    json.at("summary").get_to(diagnostic.summary);
    read(json, "address", diagnostic.address);
    return diagnostic;
}

Json evidenceOut(const Evidence& evidence) {
    Json json = Json::object();
    write(json, "tool", evidence.toolVersion);
    write(json, "lineage", evidence.stateLineage);
    if (evidence.stateSerial != 0) json["serial"] = evidence.stateSerial;
    write(json, "lock", evidence.lockDigest);
    for (const auto& [provider, version] : evidence.providerVersions)
        json["providers"][provider] = version;
    for (const auto& [address, tag] : evidence.rendered) json["rendered"][address] = tag;
    for (const auto& [name, tag] : evidence.inputs) json["inputs"][name] = tag;
    return json;
}

Evidence evidenceIn(const Json& json) {
    Evidence evidence;
    if (!json.is_object()) throw std::invalid_argument("no object");
    read(json, "tool", evidence.toolVersion);
    read(json, "lineage", evidence.stateLineage);
    read(json, "serial", evidence.stateSerial);
    read(json, "lock", evidence.lockDigest);
    read(json, "providers", evidence.providerVersions);
    read(json, "rendered", evidence.rendered);
    read(json, "inputs", evidence.inputs);
    read(json, "remembered", evidence.remembered);
    return evidence;
}

Json reconcilerOut(const ReconcilerTrouble& trouble) {
    return {trouble.name, trouble.code, trouble.text};
}

ReconcilerTrouble reconcilerIn(const Json& json) {
    return {json.at(0).get<std::string>(), json.at(1).get<std::string>(),
            json.at(2).get<std::string>()};
}

Json touchOut(const Touch& touch) {
    using std::chrono::microseconds;
    const auto when = std::chrono::duration_cast<microseconds>(touch.when.time_since_epoch());
    return {{"commit", touch.commit},
            {"author", touch.author},
            {"when", when.count()},
            {"summary", touch.summary}};
}

Touch touchIn(const Json& json) {
    Touch touch;
    json.at("commit").get_to(touch.commit);
    json.at("author").get_to(touch.author);
    touch.when = TimePoint(std::chrono::microseconds(json.at("when").get<std::int64_t>()));
    json.at("summary").get_to(touch.summary);
    return touch;
}

Json reportOut(const Report& report) {
    Json json = {{"completeness", name(report.completeness)}};
    if (report.reason)
        json["reason"] = {{"code", report.reason->code}, {"text", report.reason->text}};
    json["resources"] = report.resources;
    json["coverage"] = {report.coverage.checked, report.coverage.unsupported,
                        report.coverage.unreadable};
    writeAll(json, "drifts", report.drifts, driftOut);
    writeAll(json, "not_told", report.notTold, quietOut);
    writeAll(json, "diagnostics", report.diagnostics, diagnosticOut);
    writeAll(json, "reconcilers", report.reconcilers, reconcilerOut);
    json["evidence"] = evidenceOut(report.evidence);
    return json;
}

Report reportIn(const Json& json) {
    Report report;
    report.completeness = known(completenessFrom(json.at("completeness").get<std::string>()));
    if (const auto it = json.find("reason"); it != json.end())
        report.reason =
            Reason{it->at("code").get<std::string>(), it->at("text").get<std::string>()};
    read(json, "resources", report.resources);
    if (const auto it = json.find("coverage"); it != json.end())
        report.coverage = {it->at(0).get<std::size_t>(), it->at(1).get<std::size_t>(),
                           it->at(2).get<std::size_t>()};
    readAll(json, "drifts", report.drifts, driftIn);
    readAll(json, "not_told", report.notTold, quietIn);
    readAll(json, "diagnostics", report.diagnostics, diagnosticIn);
    readAll(json, "reconcilers", report.reconcilers, reconcilerIn);
    if (const auto it = json.find("evidence"); it != json.end()) report.evidence = evidenceIn(*it);
    return report;
}

Json tiesOut(const std::vector<Tie>& ties) {
    Json json = Json::array();
    for (const Tie& tie : ties) json.push_back({tie.address, tie.key});
    return json;
}

// One array a resource: address, type, id, provider, identity, then the addresses that use it.
Json graphOut(const ResourceGraph& graph) {
    Json resources = Json::array();
    for (const Resource& resource : graph.resources()) {
        Json row = {resource.address, resource.type, resource.id, resource.provider,
                    resource.identity};
        for (auto& user : graph.dependentsOf(resource.address)) row.push_back(std::move(user));
        resources.push_back(std::move(row));
    }
    Json json = {{"resources", std::move(resources)}};
    if (!graph.offers().empty()) json["offers"] = tiesOut(graph.offers());
    if (!graph.needs().empty()) json["needs"] = tiesOut(graph.needs());
    return json;
}

// What was written before graphs had identities is the list of resources alone, without them.
ResourceGraph graphIn(const Json& json) {
    const bool isOld = json.is_array();
    const Json& rows = isOld ? json : json.at("resources");
    const std::size_t firstUser = isOld ? 4 : 5;
    ResourceGraph graph;
    graph.reserve(rows.size());
    for (const Json& row : rows)
        graph.add({row.at(0).get<std::string>(), row.at(1).get<std::string>(),
                   row.at(2).get<std::string>(), row.at(3).get<std::string>(),
                   isOld ? std::string() : row.at(4).get<std::string>()});
    for (const Json& row : rows)
        for (std::size_t i = firstUser; i < row.size(); ++i)
            graph.link(row.at(i).get<std::string>(), row.at(0).get<std::string>());
    if (isOld) return graph;
    for (const Json& tie : json.value("offers", Json::array()))
        graph.offer(tie.at(0).get<std::string>(), tie.at(1).get<std::string>());
    for (const Json& tie : json.value("needs", Json::array()))
        graph.need(tie.at(0).get<std::string>(), tie.at(1).get<std::string>());
    return graph;
}

}  // namespace

std::string reportJson(const Report& report) {
    return compact(reportOut(report));
}
std::optional<Report> reportFromJson(std::string_view text) {
    return reading(text, reportIn);
}

std::string driftJson(const Drift& drift) {
    return compact(driftOut(drift));
}
std::optional<Drift> driftFromJson(std::string_view text) {
    return reading(text, driftIn);
}

std::string evidenceJson(const Evidence& evidence) {
    Json json = evidenceOut(evidence);
    write(json, "remembered", evidence.remembered);
    return compact(json);
}
std::optional<Evidence> evidenceFromJson(std::string_view text) {
    return reading(text, evidenceIn);
}

std::string touchJson(const Touch& touch) {
    return compact(touchOut(touch));
}
std::optional<Touch> touchFromJson(std::string_view text) {
    return reading(text, touchIn);
}

std::string logJson(const std::vector<RunStep>& log) {
    Json json = Json::array();
    for (const RunStep& step : log) json.push_back({step.after.count(), step.text});
    return compact(json);
}
std::optional<std::vector<RunStep>> logFromJson(std::string_view text) {
    return reading(text, [](const Json& json) {
        std::vector<RunStep> log;
        for (const Json& step : json)
            log.push_back({std::chrono::milliseconds(step.at(0).get<std::int64_t>()),
                           step.at(1).get<std::string>()});
        return log;
    });
}

std::string graphJson(const ResourceGraph& graph) {
    return compact(graphOut(graph));
}
std::optional<ResourceGraph> graphFromJson(std::string_view text) {
    return reading(text, graphIn);
}

std::string wordsJson(const std::map<std::string, std::string>& words) {
    return compact(Json(words));
}
std::optional<std::map<std::string, std::string>> wordsFromJson(std::string_view text) {
    return reading(text,
                   [](const Json& json) { return json.get<std::map<std::string, std::string>>(); });
}

std::string listsJson(const std::map<std::string, std::vector<std::string>>& lists) {
    return compact(Json(lists));
}
std::optional<std::map<std::string, std::vector<std::string>>> listsFromJson(
    std::string_view text) {
    return reading(text, [](const Json& json) {
        return json.get<std::map<std::string, std::vector<std::string>>>();
    });
}

std::string listJson(const std::vector<std::string>& list) {
    return compact(Json(list));
}
std::optional<std::vector<std::string>> listFromJson(std::string_view text) {
    return reading(text, [](const Json& json) { return json.get<std::vector<std::string>>(); });
}

}  // namespace driftkeeper
