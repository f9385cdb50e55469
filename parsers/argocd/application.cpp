#include "parsers/argocd/application.hpp"

#include <algorithm>
#include <array>

#include "parsers/gitops/instant.hpp"
#include "parsers/gitops/message.hpp"
#include "parsers/text/url_secrets.hpp"

namespace driftkeeper::argocd {
namespace {

using gitops::instantFrom;
using gitops::summaryOf;

// The message of a condition; nullopt: there is none of the type.
std::optional<std::string> conditionText(const Json& object, std::string_view type) {
    for (const Json& condition : object["status"]["conditions"].items)
        if (condition["type"].string() == type) return summaryOf(condition["message"].string());
    return std::nullopt;
}

// `revision`, or `revisions` of several sources.
std::string revisionOf(const Json& value) {
    if (!value["revision"].string().empty()) return std::string(value["revision"].string());
    std::string all;
    for (const Json& revision : value["revisions"].items)
        all += (all.empty() ? "" : " ") + std::string(revision.string());
    return all;
}

// `source` or `sources`, as canonical text; empty: not given.
std::string sourceText(const Json& value) {
    for (const char* member : {"sources", "source"})
        if (const Json& source = value[member]; !source.isNull() && !source.items.empty())
            return canonicalText(source);
    return {};
}

// The newest entry of status.history, which is sorted by time; else what an operation that
// succeeded says.
const Json& lastSync(const Json& status) {
    const Json& history = status["history"];
    if (!history.items.empty()) return history.items.back();
    const Json& operation = status["operationState"];
    return operation["phase"].string() == "Succeeded" ? operation["syncResult"] : Json::absent();
}

bool isOwnCluster(std::string_view destination) {
    return destination.empty() || destination == "in-cluster" ||
           destination == "https://kubernetes.default.svc";
}

std::string destinationOf(const Json& object) {
    const Json& destination = object["spec"]["destination"];
    const auto server = destination["server"].string();
    const auto given = server.empty() ? destination["name"].string() : server;
    return isOwnCluster(given) ? std::string() : withoutUrlSecrets(given, "");
}

std::string shortCluster(std::string_view destination) {
    const auto scheme = destination.find("://");
    return std::string(scheme == std::string_view::npos ? destination
                                                        : destination.substr(scheme + 3));
}

void readResources(Application& application, const Json& status) {
    for (const Json& item : status["resources"].items) {
        const auto sync = item["status"].string();
        if (sync.empty() || item["hook"].isTrue())
            continue;  // hooks, and what is ignored, have none
        ArgoResource resource;
        resource.name = {std::string(item["kind"].string()), std::string(item["group"].string()),
                         std::string(item["namespace"].string()),
                         std::string(item["name"].string())};
        resource.address = resource.name.address();
        if (!application.destination.empty())
            resource.address += "@" + shortCluster(application.destination);
        resource.outOfSync = sync == "OutOfSync";
        resource.missing = item["health"]["status"].string() == "Missing";
        resource.requiresPruning = item["requiresPruning"].isTrue();
        application.resources.push_back(std::move(resource));
    }
}

// Since 3.0 the health of resources is not in the status (resourceHealthSource: appTree), only the
// worst of it. Where one resource alone is out of sync, that is its own.
void readMissing(Application& application) {
    const auto waits = [](const ArgoResource& resource) {
        return resource.outOfSync && !resource.requiresPruning;
    };
    const bool known = std::ranges::any_of(application.resources, &ArgoResource::missing);
    if (known || application.health != "Missing" ||
        std::ranges::count_if(application.resources, waits) != 1)
        return;
    std::ranges::find_if(application.resources, waits)->missing = true;
}

void addTrouble(Application& application, std::string code, const std::string& text) {
    const std::string name = application.name.forPeople();
    application.troubles.push_back({name, std::move(code), name + " " + text});
}

void setUnreadable(Application& application, std::string code, const std::string& text) {
    if (!application.unreadable)
        application.unreadable = Reason{std::move(code), application.name.forPeople() + " " + text};
}

void readSuspension(Application& application, const Json& object) {
    const bool skipped =
        gitops::annotationOf(object, "argocd.argoproj.io/skip-reconcile") == "true";
    const Json& enabled = object["spec"]["syncPolicy"]["automated"]["enabled"];
    if (skipped) {
        addTrouble(application, "suspended",
                   "is skipped by Argo CD: it has the annotation skip-reconcile");
        setUnreadable(application, "reconciler_suspended",
                      "is skipped by Argo CD (skip-reconcile)");
    } else if (enabled.kind == Json::Kind::Bool && !enabled.isTrue()) {
        addTrouble(application, "suspended", "has its automated sync disabled");
    }
}

void readFailures(Application& application, const Json& object) {
    const Json& operation = object["status"]["operationState"];
    const auto phase = operation["phase"].string();
    if (phase == "Failed" || phase == "Error")
        addTrouble(application, "failing",
                   "could not be synced: " + summaryOf(operation["message"].string()));
    for (const char* type : {"SyncError", "InvalidSpecError", "DeletionError", "UnknownError"})
        if (const auto text = conditionText(object, type)) {
            addTrouble(application, "failing", "has a " + std::string(type) + ": " + *text);
            if (type == std::string_view("InvalidSpecError"))
                setUnreadable(application, "invalid_spec", "cannot be compared: " + *text);
        }
}

void readFreshness(Application& application, const Json& object, std::chrono::sys_seconds now,
                   std::chrono::seconds timeout) {
    const auto reconciled = object["status"]["reconciledAt"].string();
    const auto time = instantFrom(reconciled);
    if (!time) {
        setUnreadable(application, "reconciling", "was not compared by Argo CD yet");
    } else if (now - *time > 2 * timeout) {
        const std::string text = "was last compared at " + std::string(reconciled);
        // A frozen one is old on purpose, and that is said already.
        if (!application.unreadable)
            addTrouble(application, "stale", text + ": check the application controller");
        setUnreadable(application, "reconciler_stale", text);
    }
}

void readComparison(Application& application, const Json& object) {
    const Json& sync = object["status"]["sync"];
    const auto status = sync["status"].string();
    const auto error = conditionText(object, "ComparisonError");
    if (status == "Synced" && !error)
        application.sync = Sync::Synced;
    else if (status == "OutOfSync" && !error)
        application.sync = Sync::OutOfSync;
    else
        setUnreadable(application, "comparison_failed",
                      "cannot be compared: " + error.value_or("its sync status is unknown"));
}

void readDiagnostics(Application& application, const Json& object) {
    const auto add = [&](const std::string& text) {
        application.diagnostics.push_back({Diagnostic::Level::Warning,
                                           application.name.forPeople() + ": " + text,
                                           application.name.address()});
    };
    for (const char* type : {"OrphanedResourceWarning", "SharedResourceWarning",
                             "RepeatedResourceWarning", "ExcludedResourceWarning"})
        if (const auto text = conditionText(object, type)) add(*text);
    if (application.health == "Degraded") add("its health is Degraded");
}

}  // namespace

Application applicationOf(const Json& object, std::chrono::sys_seconds now,
                          std::chrono::seconds timeout) {
    Application application;
    const Json& status = object["status"];
    application.name = gitops::nameOf(object);
    application.health = status["health"]["status"].string();
    application.destination = destinationOf(object);
    application.revision = revisionOf(status["sync"]);
    const Json& last = lastSync(status);
    application.synced = revisionOf(last);
    const std::string source = sourceText(object["spec"]);
    const std::string before = sourceText(last);
    application.sameSource = before.empty() || before == source;
    application.source = application.revision + "\n" + source;
    readResources(application, status);
    readMissing(application);
    readSuspension(application, object);
    readComparison(application, object);
    readFailures(application, object);
    readFreshness(application, object, now, timeout);
    readDiagnostics(application, object);
    return application;
}

}  // namespace driftkeeper::argocd
