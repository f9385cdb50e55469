#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "parsers/cloudformation/discovery.hpp"
#include "providers/cloudformation/look.hpp"
#include "providers/cloudformation/reasons.hpp"
#include "providers/look/redacted.hpp"

namespace driftkeeper::cloudformation {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::string_view nestedType = "AWS::CloudFormation::Stack";
constexpr seconds usualDetection{600};
constexpr int mostTries = 6;
constexpr int mostPages = 1000;
constexpr std::ptrdiff_t deepest = 20;

seconds detectionTime(const ProviderOptions& options) {
    const std::string text = optionOf(options, "detection_timeout");
    long value = usualDetection.count();
    std::from_chars(text.data(), text.data() + text.size(), value);
    return seconds(value);
}

// What ends a whole look, and not only a part of it.
bool endsAll(const Reason& reason) {
    return reason.code == "timeout" || reason.code == "stopped" || reason.code == "credentials" ||
           reason.code == "disk_full";
}

std::vector<ResourceDrift> allUnknown(const StackSides& sides) {
    std::vector<ResourceDrift> drifts;
    for (const auto& resource : sides.resources)
        drifts.push_back({resource.logicalId, "UNKNOWN", {}, {}, {}, {}});
    return drifts;
}

}  // namespace

// Answers of the CLI. What AWS throttles is asked again, later each time and by nobody meanwhile.
Outcome<std::string> Look::ask(const ToolCall& call) {
    for (int tries = 1;; ++tries) {
        if (!budget_.take(budgetPlace_, runner_.left(), runner_.stop()))
            return std::unexpected(
                reason(runner_.stop().stop_requested() ? "stopped" : "throttled"));
        auto result = runner_.run(call);
        if (!result) return std::unexpected(result.error());
        if (result->status == 0) return std::move(result->out);
        const Reason why = reasonFor(result->err, secrets_);
        if (why.code != "throttled") return std::unexpected(why);
        budget_.throttled(budgetPlace_);
        const milliseconds pause =
            std::min(milliseconds(seconds(1 << tries)), milliseconds(seconds(30)));
        if (tries == mostTries || pause > runner_.left()) return std::unexpected(why);
        pace_.wait(pause, runner_.stop());
    }
}

Outcome<void> Look::orTrouble(const Reason& why) {
    if (endsAll(why)) return std::unexpected(why);
    troubles_.push_back(why);
    return {};
}

Outcome<StackDescription> Look::describe(const std::string& stack) {
    const auto answer = ask(describeStackCall(session_, stack));
    if (!answer) return std::unexpected(answer.error());
    auto description = readStack(*answer);
    if (!description) return because(description.error(), toolName);
    const std::string place(arnPart(description->id, 4));
    if (!place.empty())
        budget_.join(budgetPlace_, fmt::format("{} {}", place, arnPart(description->id, 3)));
    return *std::move(description);
}

Outcome<void> Look::visit(StackDescription stack, const Place& place, Template git,
                          StackSettings settings) {
    StackSides sides;
    sides.prefix = place.prefix;
    sides.stack = std::move(stack);
    const auto& id = sides.stack.id;
    progress("reading " + sides.stack.name);
    const auto listed = ask(listResourcesCall(session_, id));
    if (!listed) return std::unexpected(listed.error());
    auto resources = readResources(*listed);
    if (!resources) return because(resources.error(), toolName);
    sides.resources = *std::move(resources);

    // Without the deployed template Git cannot be compared, and live still can.
    const auto body = ask(getTemplateCall(session_, id));
    auto deployed = body ? readTemplateAnswer(*body) : Result<Template>(git);
    Outcome<void> noted;
    if (!body) noted = orTrouble(body.error());
    if (!deployed) noted = orTrouble(reason("output_unreadable", deployed.error().message));
    if (!noted) return noted;
    const bool isKnown = body && deployed;
    sides.deployed = isKnown ? *std::move(deployed) : git;
    sides.git = place.file.empty() ? sides.deployed : std::move(git);
    if (isKnown) sides.gitParameters = std::move(settings.parameters);
    sides.tags = std::move(settings.tags);

    auto drifts = detect(sides);
    if (!drifts)
        if (noted = orTrouble(drifts.error()); !noted) return noted;
    sides.checked = drifts ? *std::move(drifts) : allUnknown(sides);
    stacks_.push_back(std::move(sides));
    return visitNested(stacks_.back(), place);
}

Outcome<void> Look::visitNested(const StackSides& parent, const Place& place) {
    if (std::ranges::count(parent.prefix, '/') >= deepest) return {};
    for (const auto& resource : parent.resources) {
        if (resource.type != nestedType || resource.physicalId.empty()) continue;
        if (auto seen = visitOneNested(parent, resource, place); !seen) {
            ++unseen_;
            if (auto noted = orTrouble(seen.error()); !noted) return noted;
        }
    }
    return {};
}

Outcome<void> Look::visitOneNested(const StackSides& parent, const StackResource& resource,
                                   const Place& place) {
    auto stack = describe(resource.physicalId);
    const auto isDeleted = [&](const ResourceDrift& one) {
        return one.logicalId == resource.logicalId && one.status == "DELETED";
    };
    const bool isGone =
        stack ? stack->status == "DELETE_COMPLETE" : stack.error().code == "stack_missing";
    // The drift of its parent tells it.
    if (isGone && std::ranges::any_of(parent.checked, isDeleted)) return {};
    if (!stack) return std::unexpected(stack.error());
    Place inner{parent.prefix + resource.logicalId + "/", {}};
    Template git;
    const auto paths = nestedTemplates(parent.git);
    if (const auto path = paths.find(resource.logicalId);
        path != paths.end() && !place.file.empty()) {
        auto nested = readNested(workspace_, place.file, path->second);
        if (!nested) return std::unexpected(nested.error());
        if (*nested) std::tie(inner.file, git) = **std::move(nested);
    }
    return visit(*std::move(stack), inner, std::move(git), {});
}

Outcome<std::vector<ResourceDrift>> Look::detect(const StackSides& sides) {
    progress("detecting the drift of " + sides.stack.name);
    const auto slot = budget_.detection(budgetPlace_, runner_.left(), runner_.stop());
    if (!slot)
        return std::unexpected(
            reason(runner_.stop().stop_requested() ? "stopped" : "detection_timeout"));
    const auto deadline =
        pace_.now() + std::min<milliseconds>(detectionTime(workspace_.options), runner_.left());
    const auto id = startDetection(sides.stack.id, deadline);
    if (!id) return std::unexpected(id.error());
    const auto detection = awaitDetection(*id, deadline);
    if (!detection) return std::unexpected(detection.error());
    auto drifts = fetchDrifts(sides.stack.id);
    if (drifts && detection->status == "DETECTION_FAILED") noteFailure(sides, *detection, *drifts);
    return drifts;
}

// Only one detection of a stack runs at a time, and the id of another's is not to be had: this one
// starts when that one is through.
Outcome<std::string> Look::startDetection(const std::string& stack, Pace::Time deadline) {
    while (true) {
        const auto answer = ask(detectDriftCall(session_, stack));
        if (answer) {
            auto id = readDetectionId(*answer);
            if (!id) return because(id.error(), toolName);
            return *std::move(id);
        }
        if (answer.error().code != "detection_running") return std::unexpected(answer.error());
        if (auto rested = rest(deadline, "detection_running"); !rested)
            return std::unexpected(rested.error());
    }
}

Outcome<Detection> Look::awaitDetection(const std::string& id, Pace::Time deadline) {
    while (true) {
        const auto answer = ask(detectionCall(session_, id));
        if (!answer) return std::unexpected(answer.error());
        auto detection = readDetection(*answer);
        if (!detection) return because(detection.error(), toolName);
        if (detection->status != "DETECTION_IN_PROGRESS") return *std::move(detection);
        if (auto rested = rest(deadline, "detection_timeout"); !rested)
            return std::unexpected(rested.error());
    }
}

Outcome<void> Look::rest(Pace::Time deadline, std::string_view codeAtTheEnd) {
    if (pace_.now() + pace_.pollEvery > deadline) return std::unexpected(reason(codeAtTheEnd));
    pace_.wait(pace_.pollEvery, runner_.stop());
    if (runner_.stop().stop_requested()) return std::unexpected(reason("stopped"));
    return {};
}

Outcome<std::vector<ResourceDrift>> Look::fetchDrifts(const std::string& stack) {
    std::vector<ResourceDrift> all;
    std::string token;
    for (int page = 0; page < mostPages; ++page) {
        const auto answer = ask(resourceDriftsCall(session_, stack, token));
        if (!answer) return std::unexpected(answer.error());
        auto drifts = readResourceDrifts(*answer);
        if (!drifts) return because(drifts.error(), toolName);
        std::ranges::move(drifts->drifts, std::back_inserter(all));
        if (drifts->nextToken.empty()) return all;
        token = std::move(drifts->nextToken);
    }
    return std::unexpected(reason("output_too_large"));
}

// What worked counts. What the reason names, or what should have been there, could not be read.
void Look::noteFailure(const StackSides& sides, const Detection& detection,
                       std::vector<ResourceDrift>& drifts) {
    const auto isThere = [&](const std::string& id) {
        return std::ranges::find(drifts, id, &ResourceDrift::logicalId) != drifts.end();
    };
    for (const auto& resource : sides.resources)
        if (!isThere(resource.logicalId) && detection.reason.contains(resource.logicalId))
            drifts.push_back({resource.logicalId, "UNKNOWN", detection.reason, {}, {}, {}});
    troubles_.push_back(reason("detection_failed", redacted(detection.reason, secrets_)));
}

}  // namespace driftkeeper::cloudformation
