#include "daemon/tell/incidents.hpp"

#include <algorithm>

#include "daemon/tell/announce.hpp"

namespace driftkeeper {
namespace {

constexpr std::string_view baselineCause = "baseline";

Severity highestOf(const std::vector<Member>& members) {
    auto highest = Severity::Info;
    for (const auto& member : members) highest = std::max(highest, member.severity);
    return highest;
}

bool holdsStack(const std::vector<Member>& members, const std::string& stackId) {
    return std::ranges::find(members, stackId, &Member::stackId) != members.end();
}

// An open incident and what one check does to it.
struct Course {
    explicit Course(Incident from) : incident(std::move(from)), before(incident.members) {}

    Incident incident;
    std::vector<Member> before;
    bool isNew = false;
    bool isOtherwise = false;  // a member's side or change is another now
    std::vector<Notice::Address> opened;
    std::vector<Notice::Address> resolved;

    [[nodiscard]] std::optional<Event> event() const {
        if (isNew) return Event::Opened;
        if (incident.members.empty() && !resolved.empty()) return Event::Resolved;
        const bool tells =
            isOtherwise || !opened.empty() || !resolved.empty() || highestOf(before) != highestOf(incident.members);
        return tells ? std::optional(Event::Changed) : std::nullopt;
    }
};

class Telling {
public:
    Telling(const Memory& memory, const StackStatus& status, const TellContext& context)
        : memory_(memory), status_(status), context_(context), stack_(status.stack.fullName()) {
        for (const auto& incident : memory.incidents)
            if (incident.isOpen() && incident.kind == IncidentKind::Drift) courses_.emplace_back(incident);
    }

    void apply(const Reconciled::Item& item) {
        switch (item.step) {
            case Step::Opened:
                open(item.finding);
                break;
            case Step::Changed:
            case Step::Updated:
                follow(item.finding);
                break;
            case Step::Closed:
                close(item.finding);
                break;
            case Step::Waiting:
            case Step::Dropped:
                break;
        }
    }

    void decide(Decision& decision) {
        for (auto& course : courses_) {
            const auto event = course.event();
            if (event == Event::Resolved) course.incident.closed = context_.now;
            if (event)
                announce(decision, course.incident, *event, noticeOf(course), context_);
            else if (course.incident.members != course.before)
                decision.incidents.push_back(course.incident);
        }
    }

private:
    void open(const Finding& finding) {
        auto subject = subjectOf(status_.stack);
        subject.type = finding.drift.type;
        subject.side = finding.drift.side;
        subject.change = finding.drift.change;
        subject.severity = finding.drift.severity;
        for (const auto& route : routesOrNone(context_, subject)) {
            auto& course = courseOf(route, finding.baseline);
            const auto& drift = finding.drift;
            course.incident.members.push_back(
                {finding.id, finding.stackId, stack_, drift.address, drift.side, drift.change, drift.severity});
            course.opened.push_back({stack_, drift.address, ""});
        }
    }

    Course& courseOf(const Route& route, bool baseline) {
        const auto cause = baseline ? baselineCause : std::string_view();
        const auto& subject = baseline ? status_.stack.repository : status_.stack.id;
        const auto found = std::ranges::find_if(courses_, [&](const Course& course) {
            const auto& incident = course.incident;
            return incident.route == route.key && incident.cause == cause && incident.subject == subject;
        });
        return found != courses_.end() ? *found : begin(route, cause, subject);
    }

    Course& begin(const Route& route, std::string_view cause, const std::string& subject) {
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

    void follow(const Finding& finding) {
        const auto& drift = finding.drift;
        for (auto& course : courses_)
            for (auto& member : course.incident.members) {
                if (member.findingId != finding.id) continue;
                if (member.address != drift.address) {
                    course.resolved.push_back({member.stack, member.address, "moved"});
                    course.opened.push_back({member.stack, drift.address, ""});
                }
                if (member.side != drift.side || member.change != drift.change) course.isOtherwise = true;
                member.address = drift.address;
                member.side = drift.side;
                member.change = drift.change;
                member.severity = drift.severity;
            }
    }

    void close(const Finding& finding) {
        for (auto& course : courses_)
            std::erase_if(course.incident.members, [&](const Member& member) {
                const bool closes = member.findingId == finding.id;
                if (closes) course.resolved.push_back({member.stack, member.address, finding.resolution});
                return closes;
            });
    }

    [[nodiscard]] Notice noticeOf(const Course& course) const {
        Notice notice;
        notice.subject = course.incident.cause == baselineCause ? course.incident.subject : stack_;
        const auto& members = course.incident.members.empty() ? course.before : course.incident.members;
        notice.severity = highestOf(members);
        if (!course.isNew && highestOf(course.before) != notice.severity)
            notice.severityBefore = highestOf(course.before);
        notice.openedAddresses = course.opened;
        notice.resolvedAddresses = course.resolved;
        notice.stacks.push_back(shown(status_, course.incident));
        for (const auto& other : memory_.others)
            if (other.stack.id != status_.stack.id && holdsStack(course.incident.members, other.stack.id))
                notice.stacks.push_back(shown(other, course.incident));
        std::ranges::sort(notice.stacks, {}, &StackObject::stack);
        return notice;
    }

    // The stack with those of its drifts that belong to the incident.
    static StackObject shown(const StackStatus& status, const Incident& incident) {
        auto object = stackObject(status);
        std::erase_if(object.drifts, [&](const ShownDrift& one) {
            return std::ranges::none_of(incident.members, [&](const Member& member) {
                return member.stackId == status.stack.id && member.address == one.drift.address;
            });
        });
        return object;
    }

    const Memory& memory_;
    const StackStatus& status_;
    const TellContext& context_;
    std::string stack_;  // full name
    std::vector<Course> courses_;
};

}  // namespace

Decision tellDrifts(const Memory& memory, const Reconciled& reconciled, const StackStatus& status,
                    const TellContext& context) {
    Decision decision;
    Telling telling(memory, status, context);
    for (const auto& item : reconciled.items) {
        decision.findings.push_back(item.finding);
        telling.apply(item);
    }
    telling.decide(decision);
    return decision;
}

}  // namespace driftkeeper
