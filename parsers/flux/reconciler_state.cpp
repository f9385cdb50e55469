#include "parsers/flux/reconciler_state.hpp"

#include <algorithm>
#include <string>

#include "parsers/gitops/field_owners.hpp"
#include "parsers/gitops/instant.hpp"
#include "parsers/gitops/message.hpp"

namespace driftkeeper::flux {
namespace {

using namespace std::chrono;
using gitops::Condition;
using gitops::instantFrom;

struct Question {
    const Json& object;
    const gitops::ObjectName& name;
    sys_seconds now;
    Condition ready;
    ReconcilerState& state;

    void trouble(std::string code, std::string text) const {
        state.troubles.push_back(
            {name.forPeople(), std::move(code), name.forPeople() + " " + std::move(text)});
    }
    void unreadable(std::string code, std::string text) const {
        if (!state.unreadable)
            state.unreadable = Reason{std::move(code), name.forPeople() + " " + std::move(text)};
    }
    [[nodiscard]] bool isOld(std::optional<sys_seconds> time) const {
        const auto interval =
            gitops::durationFrom(object["spec"]["interval"].string()).value_or(minutes(10));
        return time && now - *time > std::max<milliseconds>(2 * interval, minutes(10));
    }
};

std::string said(const Condition& condition) {
    const std::string summary = gitops::summaryOf(condition.message);
    if (condition.reason.empty()) return summary;
    return summary.empty() ? condition.reason : condition.reason + ": " + summary;
}

// A status of an older spec: the controller has not seen the change yet, or is dead.
bool isBehind(const Question& question) {
    const auto generation = gitops::numberOf(question.object["metadata"]["generation"]);
    const auto ofCondition = question.ready.observedGeneration;
    const auto observed = ofCondition != 0
                              ? ofCondition
                              : gitops::numberOf(question.object["status"]["observedGeneration"]);
    return observed != 0 && observed < generation;
}

std::string_view transitionOf(const Json& object) {
    for (const Json& condition : object["status"]["conditions"].items)
        if (condition["type"].string() == "Ready") return condition["lastTransitionTime"].string();
    return {};
}

std::optional<sys_seconds> lastReconciled(const Json& object) {
    std::optional<sys_seconds> last;
    for (const Json& entry : object["status"]["history"].items)
        if (const auto time = instantFrom(entry["lastReconciled"].string());
            time && (!last || *time > *last))
            last = time;
    return last;
}

void judgeWaiting(const Question& question) {
    const bool behind = isBehind(question);
    const auto since =
        behind ? gitops::lastWriteOf(question.object) : instantFrom(transitionOf(question.object));
    const std::string what =
        behind ? "has a status that is older than its spec" : "is still being reconciled";
    question.unreadable("reconciling", what + "; the next check will show");
    if (question.isOld(since)) question.trouble("stale", what + ": check its controller");
}

void judgeFailed(const Question& question, const Condition& stalled) {
    const bool isStalled = stalled.is("True");
    const Condition& condition = isStalled ? stalled : question.ready;
    question.state.failed = true;
    question.trouble(
        isStalled ? "stalled" : "failing",
        (isStalled ? "is stalled and waits for a change: " : "cannot be reconciled: ") +
            said(condition));
    // Applied, and not healthy afterwards: what was applied is known.
    if (!isStalled && question.ready.reason == "HealthCheckFailed") return;
    question.unreadable(isStalled ? "reconciler_stalled" : "reconciler_failing",
                        "does not reconcile: " + said(condition));
}

void judgeFreshness(const Question& question) {
    const auto requested = gitops::annotationOf(question.object, "reconcile.fluxcd.io/requestedAt");
    const auto handled = question.object["status"]["lastHandledReconcileAt"].string();
    const bool ignored = requested != handled && question.isOld(instantFrom(requested));
    const bool silent = question.isOld(lastReconciled(question.object));
    if (!ignored && !silent) return;
    const std::string text = ignored ? "does not answer a request of " + std::string(requested)
                                     : "was not reconciled for two intervals";
    question.trouble("stale", text + ": check its controller");
    question.unreadable("reconciler_stale", text);
}

// They are looked at when a chart is fetched, and have no status.
bool hasNoStatus(const Json& object, const gitops::ObjectName& name) {
    return name.kind == "HelmRepository" && object["spec"]["type"].string() == "oci";
}

}  // namespace

ReconcilerState stateOf(const Json& object, const gitops::ObjectName& name, sys_seconds now) {
    ReconcilerState state;
    const Question question{object, name, now, gitops::conditionOf(object, "Ready"), state};
    const Condition stalled = gitops::conditionOf(object, "Stalled");
    if (object["spec"]["suspend"].isTrue()) {
        state.suspended = true;
        question.trouble("suspended",
                         "is suspended: nothing of it is applied or repaired until it is resumed");
    } else if (!hasNoStatus(object, name)) {
        const bool decided = question.ready.is("True") || question.ready.is("False");
        if (isBehind(question))
            judgeWaiting(question);
        else if (stalled.is("True") ||
                 (question.ready.is("False") && question.ready.reason != "DependencyNotReady"))
            judgeFailed(question, stalled);
        else if (!decided || question.ready.is("False"))
            judgeWaiting(question);
        else
            judgeFreshness(question);
    }
    return state;
}

}  // namespace driftkeeper::flux
