#include "daemon/web/seats.hpp"

#include <doctest/doctest.h>

#include <deque>

using namespace driftkeeper;
using namespace std::chrono_literals;
using Doing = Seats::Doing;

namespace seats_test {
namespace {

// Seats only keep who somebody is: a name stands for a connection.
struct Door {
    SteadyTime now{1h};
    Seats seats{4};
    std::deque<std::shared_ptr<std::string>> names;

    Session* at(std::size_t number) { return reinterpret_cast<Session*>(names[number].get()); }
    Session* sit(const std::string& client) {
        names.push_back(std::make_shared<std::string>(client + std::to_string(names.size())));
        Session* session = at(names.size() - 1);
        seats.take(session, std::shared_ptr<Session>(names.back(), session), client, now);
        return session;
    }
    Session* follower(const std::string& client) {
        Session* session = sit(client);
        CHECK(seats.follow(session, now).isThere);
        return session;
    }
    // Who leaves for one more; "nobody", or "wait".
    std::string leaving(const Seats::Place& place) {
        if (!place.isThere) return "wait";
        const auto gone = place.leaves.lock();
        return gone ? *reinterpret_cast<const std::string*>(gone.get()) : "nobody";
    }
};

}  // namespace

TEST_CASE("the client that has most makes room, with what has done nothing for longest") {
    Door door;
    door.sit("a");
    door.now += 1s;
    door.sit("b");
    door.sit("b");
    CHECK(door.leaving(door.seats.place(door.now)) == "nobody");
    door.now += 1s;
    door.sit("b");
    door.now += 1s;
    CHECK(door.leaving(door.seats.place(door.now)) == "b1");
    door.seats.leave(door.at(1));
    door.sit("c");
    door.now += 1s;
    CHECK(door.leaving(door.seats.place(door.now)) == "b2");
}

TEST_CASE("who has just come, or is being answered, keeps the seat") {
    Door door;
    for (int i = 0; i < 4; ++i) door.sit("a");
    CHECK(door.leaving(door.seats.place(door.now)) == "wait");
    door.now += 1s;
    for (std::size_t i = 0; i < 4; ++i) door.seats.note(door.at(i), Doing::Answering, door.now);
    door.now += 1s;
    CHECK(door.leaving(door.seats.place(door.now)) == "wait");
    door.seats.note(door.at(2), Doing::Reading, door.now);
    door.now += 1s;
    CHECK(door.leaving(door.seats.place(door.now)) == "a2");
}

TEST_CASE("half of the seats are for followers, and one client does not keep them all") {
    Door door;
    door.follower("a");
    door.follower("a");
    door.now += 1s;
    CHECK(door.leaving(door.seats.follow(door.sit("a"), door.now)) == "wait");
    Session* other = door.sit("b");
    CHECK(door.leaving(door.seats.follow(other, door.now)) == "a0");
    door.seats.leave(door.at(0));
    CHECK(door.leaving(door.seats.follow(door.sit("c"), door.now)) == "a1");
}

TEST_CASE("a follower makes no room for a request") {
    Door door;
    door.follower("a");
    door.follower("a");
    door.sit("b");
    door.sit("b");
    door.now += 1s;
    CHECK(door.leaving(door.seats.place(door.now)) == "b2");
}

}  // namespace seats_test
