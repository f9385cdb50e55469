#include "daemon/web/seats.hpp"

#include <chrono>
#include <numeric>
#include <utility>

namespace driftkeeper {
namespace {

using namespace std::chrono_literals;

// For so long nobody takes the seat away.
std::chrono::milliseconds graceOf(Seats::Doing doing) {
    switch (doing) {
        case Seats::Doing::Reading:
            return 250ms;
        case Seats::Doing::Answering:
            return 3s;
        case Seats::Doing::Following:
            return 0s;
    }
    return 0s;
}

std::size_t total(const std::map<std::string, std::size_t>& shares) {
    return std::accumulate(shares.begin(), shares.end(), std::size_t{0},
                           [](std::size_t sum, const auto& share) { return sum + share.second; });
}

}  // namespace

void Seats::take(Session* session, std::weak_ptr<Session> owner, std::string client,
                 SteadyTime now) {
    seats_[session] = {std::move(owner), std::move(client), Doing::Reading, now};
}

void Seats::note(Session* session, Doing doing, SteadyTime now) {
    const auto found = seats_.find(session);
    if (found == seats_.end()) return;
    found->second.doing = doing;
    found->second.since = now;
}

void Seats::leave(Session* session) {
    seats_.erase(session);
}

// By client; without those that leave already.
std::map<std::string, std::size_t> Seats::shares(bool ofFollowers) const {
    std::map<std::string, std::size_t> shares;
    for (const auto& [session, seat] : seats_) {
        const bool isMeant = (seat.doing == Doing::Following) == ofFollowers;
        if (isMeant && !seat.isLeaving) ++shares[seat.client];
    }
    return shares;
}

// The seat that has done nothing for longest, of the client that has most.
Seats::Seat* Seats::greediest(bool amongFollowers, SteadyTime now) {
    const auto taken = shares(amongFollowers);
    Seat* best = nullptr;
    for (auto& [session, seat] : seats_) {
        if (seat.isLeaving || (seat.doing == Doing::Following) != amongFollowers) continue;
        if (now - seat.since < graceOf(seat.doing)) continue;
        const auto rank = [&](const Seat& one) {
            return std::pair(taken.at(one.client), now - one.since);
        };
        if (best == nullptr || rank(seat) > rank(*best)) best = &seat;
    }
    return best;
}

Seats::Place Seats::place(SteadyTime now) {
    if (total(shares(false)) + total(shares(true)) < most_) return {true};
    Seat* seat = greediest(false, now);
    if (seat == nullptr) return {};
    seat->isLeaving = true;
    return {true, seat->owner};
}

Seats::Place Seats::follow(Session* session, SteadyTime now) {
    const auto found = seats_.find(session);
    if (found == seats_.end()) return {};
    const auto followers = shares(true);
    Place place{true};
    if (total(followers) >= most_ / 2) {
        const auto own = followers.find(found->second.client);
        Seat* seat = greediest(true, now);
        const bool hasLess =
            seat != nullptr && (own == followers.end() || own->second < followers.at(seat->client));
        if (!hasLess) return {};
        seat->isLeaving = true;
        place.leaves = seat->owner;
    }
    found->second.doing = Doing::Following;
    found->second.since = now;
    return place;
}

std::vector<std::weak_ptr<Session>> Seats::all() const {
    std::vector<std::weak_ptr<Session>> all;
    for (const auto& [session, seat] : seats_) all.push_back(seat.owner);
    return all;
}

}  // namespace driftkeeper
