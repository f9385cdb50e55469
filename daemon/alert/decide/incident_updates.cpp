#include "daemon/alert/decide/incident_updates.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace driftkeeper {
namespace {

constexpr std::string_view baselineCause = "baseline";
constexpr std::size_t mostStacksInDetail =
    50;  // a notice must not grow with the square of the fleet

Severity highestOf(const std::vector<Member>& members) {
    auto highest = Severity::Info;
    for (const auto& member : members) highest = std::max(highest, member.severity);
    return highest;
}

bool isShared(const Incident& incident) noexcept {
    return !incident.cause.empty() && incident.cause != baselineCause;
}

// The stack with those of its drifts that belong to the incident.
StackObject shown(const StackStatus& status, const Incident& incident) {
    std::set<std::string_view> addresses;
    for (const auto& member : incident.members)
        if (member.stackId == status.stack.id) addresses.insert(member.address);
    auto object = stackObject(status);
    std::erase_if(object.drifts,
                  [&](const ShownDrift& one) { return !addresses.contains(one.drift.address); });
    return object;
}

// How far the drifts of a stack reach, and since when: what comes first in an incident of many
// stacks.
std::pair<std::size_t, TimePoint> weightOf(const StackObject& stack) {
    std::size_t dependents = 0;
    TimePoint oldest = TimePoint::max();
    for (const auto& shown : stack.drifts) {
        dependents += shown.drift.dependents;
        oldest = std::min(oldest, shown.firstSeen.value_or(TimePoint::max()));
    }
    return {dependents, oldest};
}

void rank(std::vector<StackObject>& stacks) {
    std::ranges::stable_sort(stacks, [](const StackObject& one, const StackObject& other) {
        const auto [dependents, oldest] = weightOf(one);
        const auto [otherDependents, otherOldest] = weightOf(other);
        return dependents != otherDependents ? dependents > otherDependents : oldest < otherOldest;
    });
}

}  // namespace

std::optional<Event> IncidentUpdates::Course::event() const {
    if (isNew) return Event::Opened;
    if (incident.members.empty() && !resolved.empty()) return Event::Resolved;
    const bool isNews = isOtherwise || incident.owesChange || !opened.empty() ||
                        !resolved.empty() || highestOf(before) != highestOf(incident.members);
    return isNews ? std::optional(Event::Changed) : std::nullopt;
}

IncidentUpdates::IncidentUpdates(const Memory& memory, std::vector<StackStatus> stacks,
                                 const AlertContext& context)
    : memory_(memory), context_(context) {
    for (auto& status : stacks) {
        auto id = status.stack.id;
        stacks_.emplace(std::move(id), std::move(status));
    }
    for (const auto& incident : memory.incidents)
        if (incident.isOpen() && incident.kind == IncidentKind::Drift)
            courses_.emplace_back(incident);
}

void IncidentUpdates::open(const Finding& finding, const Shares& shares) {
    const auto* status = statusOf(finding.stackId);
    if (status == nullptr) return;
    const auto& drift = finding.drift;
    const auto stack = status->stack.fullName();
    for (const auto& route : routesOrNone(context_, subjectOf(status->stack, drift))) {
        const auto shared = shares.find(route.key);
        CauseKey key{"", status->stack.id};
        if (finding.baseline) key = {std::string(baselineCause), status->stack.repository};
        if (shared != shares.end()) key = shared->second;
        auto& course = courseOf(route, key.cause, key.subject);
        course.incident.members.push_back({finding.id, finding.stackId, stack, drift.address,
                                           drift.side, drift.change, drift.severity, context_.now});
        course.opened.push_back({stack, drift.address, ""});
        if (!drift.note.empty()) course.remarks.push_back(drift.address + ": " + drift.note);
        touch(course, finding.stackId);
    }
}

void IncidentUpdates::follow(const Finding& finding) {
    const auto& drift = finding.drift;
    for (auto& course : courses_)
        for (auto& member : course.incident.members) {
            if (member.findingId != finding.id) continue;
            if (member.address != drift.address) {
                course.resolved.push_back({member.stack, member.address, "moved"});
                // Its end bears the name that it was opened under; what opens, that of now.
                if (const auto* status = statusOf(finding.stackId))
                    member.stack = status->stack.fullName();
                course.opened.push_back({member.stack, drift.address, ""});
            }
            if (member.side != drift.side || member.change != drift.change)
                course.isOtherwise = true;
            member.address = drift.address;
            member.side = drift.side;
            member.change = drift.change;
            member.severity = drift.severity;
            touch(course, finding.stackId);
        }
}

void IncidentUpdates::close(const Finding& finding) {
    for (auto& course : courses_) {
        const auto closed = std::erase_if(course.incident.members, [&](const Member& member) {
            const bool closes = member.findingId == finding.id;
            if (closes)
                course.resolved.push_back({member.stack, member.address, finding.resolution});
            return closes;
        });
        if (closed == 0) continue;
        touch(course, finding.stackId);
        if (finding.resolution != "ignored" || !context_.aboutIgnored) continue;
        const auto* status = statusOf(finding.stackId);
        if (status == nullptr || !status->last) continue;
        for (const auto& quiet : status->last->report.notTold)
            if (quiet.drift.address == finding.drift.address && !quiet.rule.starts_with("builtin/"))
                course.remarks.push_back(finding.drift.address + ": " +
                                         context_.aboutIgnored(quiet.rule));
    }
}

bool IncidentUpdates::isOpen(const std::string& route, const CauseKey& key) const {
    return std::ranges::any_of(courses_, [&](const Course& course) {
        const auto& incident = course.incident;
        return incident.route == route && incident.cause == key.cause &&
               incident.subject == key.subject;
    });
}

void IncidentUpdates::decide(Decision& decision) {
    for (auto& course : courses_) {
        const auto event = course.event();
        auto& incident = course.incident;
        if (!event) {
            if (incident.members != course.before) decision.incidents.push_back(incident);
            continue;
        }
        // News of what people know already waits for the end of a mute; an end never does.
        const bool keepsQuiet =
            event == Event::Changed && course.opened.empty() && course.resolved.empty();
        if (keepsQuiet && isMuted(course)) {
            const bool wasOwed = std::exchange(incident.owesChange, true);
            if (!wasOwed || incident.members != course.before)
                decision.incidents.push_back(incident);
            continue;
        }
        incident.owesChange = false;
        if (event == Event::Resolved) incident.closed = context_.now;
        announce(decision, incident, *event, noticeOf(course), context_);
    }
}

void IncidentUpdates::remind(Decision& decision) {
    for (const auto& course : courses_)
        if (isReminderDue(course.incident, context_) && !isMuted(course))
            announce(decision, course.incident, Event::Reminder, noticeOf(course), context_);
}

IncidentUpdates::Course& IncidentUpdates::courseOf(const Route& route, const std::string& cause,
                                                   const std::string& subject) {
    const auto found = std::ranges::find_if(courses_, [&](const Course& course) {
        const auto& incident = course.incident;
        return incident.route == route.key && incident.cause == cause &&
               incident.subject == subject;
    });
    if (found != courses_.end()) return *found;
    Incident incident;
    incident.id = context_.makeId();
    incident.cause = cause;
    incident.subject = subject;
    incident.route = route.key;
    incident.channels = route.channels;
    incident.opened = context_.now;
    auto& course = courses_.emplace_back(std::move(incident));
    course.isNew = true;
    return course;
}

void IncidentUpdates::touch(Course& course, const std::string& stackId) {
    if (std::ranges::find(course.touched, stackId) == course.touched.end())
        course.touched.push_back(stackId);
}

const StackStatus* IncidentUpdates::statusOf(const std::string& stackId) {
    auto it = stacks_.find(stackId);
    if (it == stacks_.end() && !othersRead_) {
        othersRead_ = true;
        for (auto& status : memory_.others()) {
            auto id = status.stack.id;
            stacks_.emplace(std::move(id), std::move(status));
        }
        it = stacks_.find(stackId);
    }
    return it == stacks_.end() ? nullptr : &it->second;
}

// One member that is not muted is enough to notify.
bool IncidentUpdates::isMuted(const Course& course) {
    if (!context_.mutedUntil) return false;
    return std::ranges::all_of(course.incident.members, [&](const Member& member) {
        const auto* status = statusOf(member.stackId);
        if (status == nullptr) return false;
        auto subject = subjectOf(status->stack);
        subject.side = member.side;
        subject.change = member.change;
        subject.severity = member.severity;
        return context_.mutedUntil(subject).has_value();
    });
}

std::vector<StackObject> IncidentUpdates::shownStacks(const Course& course) {
    std::set<std::string_view> ids(course.touched.begin(), course.touched.end());
    for (const auto& member : course.incident.members) ids.insert(member.stackId);
    std::vector<StackObject> stacks;
    for (const auto id : ids)
        if (const auto* status = statusOf(std::string(id)))
            stacks.push_back(shown(*status, course.incident));
    std::ranges::sort(stacks, {}, &StackObject::stack);
    if (isShared(course.incident)) rank(stacks);
    for (std::size_t i = mostStacksInDetail; i < stacks.size(); ++i) {
        stacks[i].notTold.clear();
        stacks[i].diagnostics.clear();
        for (auto& one : stacks[i].drifts) one.drift.attributes.clear();
    }
    return stacks;
}

Notice IncidentUpdates::noticeOf(const Course& course) {
    const auto& incident = course.incident;
    Notice notice;
    const auto& members = incident.members.empty() ? course.before : incident.members;
    notice.severity = highestOf(members);
    if (!course.isNew && highestOf(course.before) != notice.severity)
        notice.severityBefore = highestOf(course.before);
    notice.openedAddresses = course.opened;
    notice.resolvedAddresses = course.resolved;
    notice.stacks = shownStacks(course);
    const auto* own = incident.cause.empty() ? statusOf(incident.subject) : nullptr;
    notice.subject = own != nullptr ? own->stack.fullName() : incident.subject;
    notice.text = fmt::format("{}", fmt::join(course.remarks, "; "));
    return notice;
}

}  // namespace driftkeeper
