#include "daemon/store/delivery_store.hpp"

#include "tests/daemon/store/fixture.hpp"

using namespace driftkeeper;
using namespace driftkeeper::testing;

namespace delivery_rows_test {
namespace {

// A store with two open incidents and what is to be sent about them.
struct Post : Home {
    Stack about = stack("a");
    Incident one = incidentAbout(about.id);
    Incident two = incidentAbout(about.id);

    Post() { remember(about, {.incidents = {one, two}}); }

    Delivery sends(const Incident& incident, const std::string& channel = "chat",
                   TimePoint when = noon) const {
        const Delivery delivery = deliveryOf(incident, channel, when);
        remember(about, {.deliveries = {delivery}});
        return delivery;
    }
    void ends(Delivery delivery, DeliveryState state) const {
        delivery.state = state;
        must(store->deliveries.noteOutcome(delivery));
    }
    [[nodiscard]] Names due(TimePoint now = noon, const std::string& channel = "chat",
                            std::size_t most = 99) const {
        return namesOf(must(store->deliveries.due(channel, now, most)), &Delivery::id);
    }
    [[nodiscard]] Names lastDelivered(TimePoint since = noon) const {
        return namesOf(must(store->deliveries.lastDelivered("chat", since)), &Delivery::id);
    }
};

}  // namespace

TEST_CASE("a delivery comes back as it was, with its place in the order") {
    Post post;
    Delivery delivery = deliveryOf(post.one);
    delivery.event = Event::Changed;
    delivery.attempts = 3;
    delivery.nextAttempt = noon - 1s;
    delivery.lastOutcome = "transient: no answer";
    post.remember(post.about, {.deliveries = {delivery}});
    const Delivery back = must(post->deliveries.due("chat", noon, 9)).at(0);
    CHECK(back.id == delivery.id);
    CHECK(back.incidentId == post.one.id);
    CHECK(back.channel == "chat");
    CHECK(back.event == Event::Changed);
    CHECK(back.notice == delivery.notice);
    CHECK(back.created == noon);
    CHECK(back.order > 0);
    CHECK(back.state == DeliveryState::Pending);
    CHECK(back.attempts == 3);
    CHECK(back.nextAttempt == noon - 1s);
    CHECK(back.lastOutcome == "transient: no answer");
}

TEST_CASE("of each incident on a channel only the oldest undelivered one is due") {
    Post post;
    const auto first = post.sends(post.one);
    const auto second = post.sends(post.one);
    const auto other = post.sends(post.two);
    const auto mail = post.sends(post.one, "mail");
    CHECK(post.due() == Names{first.id, other.id});
    CHECK(post.due(noon, "mail") == Names{mail.id});
    CHECK(post.due(noon, "chat", 1) == Names{first.id});
    post.ends(first, DeliveryState::Delivered);
    CHECK(post.due() == Names{second.id, other.id});
}

TEST_CASE("one that waits for its next attempt holds back what comes behind it") {
    Post post;
    const auto first = post.sends(post.one, "chat", noon + 60s);
    post.sends(post.one, "chat", noon);
    CHECK(post.due().empty());
    CHECK(post.due(noon + 60s) == Names{first.id});
}

TEST_CASE("dead and dropped ones do not block") {
    for (const auto state :
         {DeliveryState::Dead, DeliveryState::Dropped, DeliveryState::Accepted}) {
        Post post;
        const auto first = post.sends(post.one);
        const auto second = post.sends(post.one);
        post.ends(first, state);
        CHECK(post.due() == Names{second.id});
    }
}

TEST_CASE(
    "an attempt whose outcome was lost in a crash is due again, with the same id and before the "
    "next") {
    Post post;
    const auto first = post.sends(post.one);
    post.sends(post.one);
    must(post->deliveries.noteAttempt(first.id, noon));
    post.reopen();
    CHECK(post.due() == Names{first.id});
    CHECK(must(post->deliveries.due("chat", noon, 9)).at(0).state == DeliveryState::Sending);
}

TEST_CASE("an outcome is kept, and with it when to try again") {
    Post post;
    auto delivery = post.sends(post.one);
    must(post->deliveries.noteAttempt(delivery.id, noon));
    delivery.state = DeliveryState::Pending;
    delivery.attempts = 1;
    delivery.nextAttempt = noon + 4s;
    delivery.lastOutcome = "transient: refused";
    must(post->deliveries.noteOutcome(delivery));
    CHECK(post.due().empty());
    const Delivery back = must(post->deliveries.due("chat", noon + 4s, 9)).at(0);
    CHECK(back.attempts == 1);
    CHECK(back.lastOutcome == "transient: refused");
}

TEST_CASE("what is said of a delivery that nobody knows is refused") {
    Post post;
    CHECK(codeOf(post->deliveries.noteAttempt("stranger", noon)) == "store_failed");
    CHECK(codeOf(post->deliveries.noteOutcome(deliveryOf(post.one))) == "store_failed");
}

TEST_CASE(
    "a delivery of an incident that nobody knows is refused, and nothing of its decision is kept") {
    Post post;
    const auto refused = post->decide(IncidentKind::Drift, post.about.id,
                                      says({.findings = {findingOf(post.about, "x")},
                                            .deliveries = {deliveryOf(incidentAbout("nowhere"))}}));
    CHECK(codeOf(refused) == "store_failed");
    CHECK(post.memory(post.about.id).findings.empty());
}

TEST_CASE("the outbox shows first what did not arrive, then the newest") {
    Post post;
    const auto delivered = post.sends(post.one);
    const auto dead = post.sends(post.one);
    const auto newest = post.sends(post.two);
    const auto pending = post.sends(post.one);
    post.ends(delivered, DeliveryState::Delivered);
    post.ends(dead, DeliveryState::Dead);
    post.ends(newest, DeliveryState::Accepted);
    CHECK(namesOf(must(post->deliveries.list(9)), &Delivery::id) ==
          Names{pending.id, dead.id, newest.id, delivered.id});
    CHECK(must(post->deliveries.list(1)).size() == 1);
}

TEST_CASE("the last notice of each incident is the newest one that arrived") {
    Post post;
    const auto first = post.sends(post.one);
    const auto second = post.sends(post.one);
    const auto third = post.sends(post.one);
    const auto mail = post.sends(post.two, "mail");
    CHECK(post.lastDelivered().empty());
    post.ends(first, DeliveryState::Delivered);
    post.ends(second, DeliveryState::Accepted);
    post.ends(third, DeliveryState::Dead);
    post.ends(mail, DeliveryState::Delivered);
    CHECK(post.lastDelivered() == Names{second.id});
}

TEST_CASE("the last notice of a closed incident is told of for as long as asked") {
    Post post;
    post.ends(post.sends(post.one), DeliveryState::Delivered);
    post.one.closed = noon;
    post.remember(post.about, {.incidents = {post.one}});
    CHECK(post.lastDelivered(noon - 1s).size() == 1);
    CHECK(post.lastDelivered(noon).empty());
}

TEST_CASE(
    "what a channel knows of an incident is there for the next delivery to it, and for no other") {
    Post post;
    auto first = post.sends(post.one);
    post.sends(post.one);
    const auto other = post.sends(post.two);
    first.step = 1;
    first.memo = {{"channel", "C1"}, {"ts", "15.2"}};
    post.ends(first, DeliveryState::Pending);
    CHECK(must(post.store->deliveries.find(first.id))->step == 1);
    post.ends(first, DeliveryState::Delivered);
    const auto due = must(post.store->deliveries.due("chat", noon, 9));
    REQUIRE(due.size() == 2);
    for (const auto& delivery : due) {
        CHECK(delivery.step == 0);
        CHECK(delivery.memo == (delivery.id == other.id ? Memo() : first.memo));
    }
    first.memo.clear();
    post.ends(first, DeliveryState::Delivered);
    for (const auto& delivery : must(post.store->deliveries.due("chat", noon, 9)))
        CHECK(delivery.memo.empty());
}

TEST_CASE("what was given up can be tried again, and what waits can be dropped") {
    Post post;
    const auto first = post.sends(post.one, "chat", noon + 60s);
    const auto second = post.sends(post.one);
    CHECK(must(post.store->deliveries.drop(first.id)));
    CHECK(post.due() == Names{second.id});
    CHECK_FALSE(must(post.store->deliveries.drop(first.id)));
    CHECK_FALSE(must(post.store->deliveries.retry(first.id, noon)));

    post.ends(second, DeliveryState::Dead);
    CHECK(post.due().empty());
    CHECK(must(post.store->deliveries.retry(second.id, noon + 5s)));
    CHECK(post.due(noon + 5s) == Names{second.id});
    must(post.store->deliveries.noteAttempt(second.id, noon));
    CHECK_FALSE(must(post.store->deliveries.drop(second.id)));  // it is under way
    post.ends(second, DeliveryState::Delivered);
    CHECK_FALSE(must(post.store->deliveries.retry(second.id, noon)));
    CHECK_FALSE(must(post.store->deliveries.find("nobody")).has_value());
}

TEST_CASE("a reminder is left out while anything of its incident is on its way there") {
    Post post;
    const auto first = post.sends(post.one);
    Delivery reminder = deliveryOf(post.one);
    reminder.event = Event::Reminder;
    post.remember(post.about, {.deliveries = {reminder}});
    CHECK(must(post.store->deliveries.list(9)).size() == 1);
    Delivery elsewhere = deliveryOf(post.one, "pager");
    elsewhere.event = Event::Reminder;
    post.remember(post.about, {.deliveries = {elsewhere}});
    CHECK(must(post.store->deliveries.list(9)).size() == 2);
    post.ends(first, DeliveryState::Delivered);
    post.remember(post.about, {.deliveries = {reminder}});
    CHECK(post.due() == Names{reminder.id});
}

TEST_CASE(
    "what was told long ago is found for a reminder, with everything that is open and told to "
    "somebody") {
    Post post;
    post.one.announcedAt = noon - 2h;
    post.two.announcedAt = noon;
    Incident silent = incidentAbout(post.about.id);
    silent.channels.clear();
    silent.announcedAt = noon - 2h;
    Incident ended = incidentAbout(post.about.id);
    ended.announcedAt = noon - 2h;
    ended.closed = noon - 1h;
    post.remember(post.about, {.incidents = {post.one, post.two, silent, ended}});
    Names seen;
    Names stacks;
    const auto decision = post.store->remind(noon - 1h, [&](const Memory& memory) {
        seen = namesOf(memory.incidents, &Incident::id);
        for (const auto& status : memory.others()) stacks.push_back(status.stack.id);
        Decision made;
        made.incidents = memory.incidents;
        made.incidents[0].announcedAt = noon + 1h;
        return made;
    });
    REQUIRE(decision.has_value());
    CHECK(seen == Names{post.one.id});
    CHECK(stacks == Names{post.about.id});
    seen.clear();
    must(post.store->remind(noon - 1h, [&](const Memory& memory) {
        seen = namesOf(memory.incidents, &Incident::id);
        return Decision{};
    }));
    CHECK(seen.empty());
}

}  // namespace delivery_rows_test
