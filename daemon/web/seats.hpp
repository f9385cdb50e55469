#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "daemon/web/buckets.hpp"

namespace driftkeeper {

class Session;

// The connections that came by one door. When all seats are taken, whoever has most of them makes
// room, so that nobody is shut out by somebody else. Half of them may be of followers of the
// events, which keep theirs as long as they like. One thread at a time.
class Seats {
public:
    enum class Doing { Reading, Answering, Following };

    explicit Seats(std::size_t most) : most_(most) {}

    // `client`: whose connections count together.
    void take(Session* session, std::weak_ptr<Session> owner, std::string client, SteadyTime now);
    void note(Session* session, Doing doing, SteadyTime now);
    void leave(Session* session);

    // Whether there is a place, and who has to go for it: the caller closes that connection. A
    // place is not taken from who has just come (0.25 s) or is being answered (3 s).
    struct Place {
        bool isThere = false;
        std::weak_ptr<Session> leaves{};
    };
    [[nodiscard]] Place place(SteadyTime now);
    // The same among the followers, for one who has a seat and becomes one.
    [[nodiscard]] Place follow(Session* session, SteadyTime now);

    [[nodiscard]] std::vector<std::weak_ptr<Session>> all() const;

private:
    struct Seat {
        std::weak_ptr<Session> owner;
        std::string client;
        Doing doing = Doing::Reading;
        SteadyTime since{};
        bool isLeaving = false;
    };
    [[nodiscard]] std::map<std::string, std::size_t> shares(bool ofFollowers) const;
    Seat* greediest(bool amongFollowers, SteadyTime now);

    std::size_t most_;
    std::map<Session*, Seat> seats_;
};

}  // namespace driftkeeper
