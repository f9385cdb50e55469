#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/alert/decide/announce.hpp"
#include "daemon/alert/decide/cause_key.hpp"
#include "daemon/alert/decide/incidents.hpp"

namespace driftkeeper {

// What becomes of the open drift incidents of a memory while findings open, go on and close, and
// what has to be alerted of it. Used by one thread, for one decision.
class IncidentUpdates {
public:
    // `stacks`: those whose findings move; they count before the memory's `others`.
    IncidentUpdates(const Memory& memory, std::vector<StackStatus> stacks,
                    const AlertContext& context);

    // Into the incident of each of its routes: the one of the shared cause when `shares` says so
    // for the route, the repository's baseline, or its stack's.
    using Shares = std::map<std::string, CauseKey>;  // by key of the route
    void open(const Finding& finding, const Shares& shares = {});
    void follow(const Finding& finding);
    void close(const Finding& finding);

    // True: an incident of this cause is open for the route.
    [[nodiscard]] bool isOpen(const std::string& route, const CauseKey& key) const;

    // Adds the incidents that moved and the notices about them.
    void decide(Decision& decision);

    // Reminds of the incidents whose time has come.
    void remind(Decision& decision);

private:
    // An open incident and what happens to it.
    struct Course {
        explicit Course(Incident from) : incident(std::move(from)), before(incident.members) {}
        Incident incident;
        std::vector<Member> before;
        bool isNew = false;
        bool isOtherwise = false;          // a member's side or change is another now
        std::vector<std::string> touched;  // ids of the stacks whose findings moved
        std::vector<Notice::Address> opened;
        std::vector<Notice::Address> resolved;
        std::vector<std::string> remarks;  // sentences for the notice

        [[nodiscard]] std::optional<Event> event() const;
    };

    Course& courseOf(const Route& route, const std::string& cause, const std::string& subject);
    void touch(Course& course, const std::string& stackId);
    [[nodiscard]] const StackStatus* statusOf(const std::string& stackId);
    [[nodiscard]] bool isMuted(const Course& course);
    [[nodiscard]] Notice noticeOf(const Course& course);
    [[nodiscard]] std::vector<StackObject> shownStacks(const Course& course);

    const Memory& memory_;
    const AlertContext& context_;
    std::map<std::string, StackStatus> stacks_;  // by id
    bool othersRead_ = false;
    std::vector<Course> courses_;
};

}  // namespace driftkeeper
