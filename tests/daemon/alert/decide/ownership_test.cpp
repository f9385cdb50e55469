#include "daemon/alert/decide/ownership.hpp"

#include "tests/daemon/alert/decide/world.hpp"

using namespace driftkeeper;

namespace ownership_test {
namespace {

using Words = std::vector<std::string>;

DualOwnership owned(const std::string& identity, const Words& stacks = {"a", "b"}) {
    DualOwnership one{identity, {}, true};
    for (const auto& stack : stacks) {
        Claim claim;
        claim.stackId = "id of infra/" + stack;
        claim.stack = "infra/" + stack;
        claim.address = "aws_vpc." + stack;
        one.owners.push_back(claim);
    }
    return one;
}

std::vector<DualOwnership> many(int count) {
    std::vector<DualOwnership> all;
    for (int i = 0; i < count; ++i) all.push_back(owned("aws vpc-" + std::to_string(i)));
    return all;
}

Incident about(const std::string& subject) {
    Incident incident;
    incident.kind = IncidentKind::Ownership;
    incident.subject = subject;
    return incident;
}

Words subjects(const OwnershipNews& news) {
    Words words;
    for (const auto& one : news.opened) words.push_back("+" + one.trouble.subject);
    for (const auto& one : news.closed) words.push_back("-" + one.subject);
    return words;
}

}  // namespace

TEST_CASE("a thing with two owners is one incident that names both stacks and addresses") {
    const auto news = ownershipNews({owned("aws vpc-0ab1")}, {});
    REQUIRE(news.opened.size() == 1);
    const auto& trouble = news.opened[0].trouble;
    CHECK(trouble.kind == IncidentKind::Ownership);
    CHECK(trouble.subject == "aws vpc-0ab1");
    CHECK(trouble.cause == "dual_ownership");
    CHECK(trouble.text ==
          "aws vpc-0ab1 is managed by infra/a (aws_vpc.a) and infra/b (aws_vpc.b): each undoes "
          "what the others apply; "
          "all but one have to let go of it");
    CHECK(news.opened[0].stackIds == Words{"id of infra/a", "id of infra/b"});
}

TEST_CASE("stacks that share many things are one incident") {
    CHECK(subjects(ownershipNews(many(3), {})).size() == 3);
    const auto news = ownershipNews(many(50), {});
    CHECK(subjects(news) == Words{"+infra/a + infra/b"});
    const auto& text = news.opened[0].trouble.text;
    CHECK(text.starts_with("infra/a and infra/b manage the same 50 things"));
    CHECK(text.ends_with("aws vpc-2 in infra/a (aws_vpc.a) and infra/b (aws_vpc.b); and 47 more"));
}

TEST_CASE("what is open is not opened again, and is closed when nobody shares any more") {
    const auto open =
        std::vector{about("aws vpc-0"), about("aws vpc-0"), about("infra/a + infra/b")};
    const struct {
        const char* when;
        std::vector<DualOwnership> now;
        std::vector<Incident> open;
        Words news;
    } rows[] = {
        {"still the same", many(1), {about("aws vpc-0")}, {}},
        {"a fourth one comes: the three stay as they are",
         many(4),
         {about("aws vpc-0"), about("aws vpc-1"), about("aws vpc-2")},
         {"+aws vpc-3"}},
        {"one of many is let go of", many(49), {about("infra/a + infra/b")}, {}},
        {"the last of many is left", many(1), {about("infra/a + infra/b")}, {}},
        {"nothing is shared any more", {}, open, {"-aws vpc-0", "-infra/a + infra/b"}},
        {"not confirmed yet", {{"aws vpc-0", owned("x").owners, false}}, {}, {}},
        {"not confirmed any more, and still claimed",
         {{"aws vpc-0", owned("x").owners, false}},
         {about("aws vpc-0")},
         {}},
    };
    for (const auto& row : rows) {
        CAPTURE(row.when);
        CHECK(subjects(ownershipNews(row.now, row.open)) == row.news);
    }
}

TEST_CASE(
    "an ownership is told to the routes of both stacks, once each, and muted only when both are") {
    World world({"a", "b", "all"});
    const auto route = [](const std::string& stack, const std::string& channel) {
        RouteSettings made;
        made.match.stack = {stack};
        made.channels = {channel};
        return made;
    };
    world.routes = {route("infra/a", "a"), route("infra/b", "b")};
    auto trouble = ownershipNews({owned("aws vpc-0ab1")}, {}).opened.at(0).trouble;
    trouble.stacks = {statusOf(stackOf("infra", "a"), {}), statusOf(stackOf("infra", "b"), {})};
    Words channels;
    for (const auto& delivery : openTrouble({}, trouble, world.context()).deliveries)
        channels.push_back(delivery.channel);
    CHECK(channels == Words{"a", "b"});
    world.routes = {route("infra/*", "all")};
    CHECK(openTrouble({}, trouble, world.context()).deliveries.size() == 1);

    auto context = world.context();
    context.mutedUntil = [&](const RouteSubject& subject) {
        return subject.stack == "infra/a" ? std::optional(world.now) : std::nullopt;
    };
    CHECK_FALSE(isMuted(trouble, context));
    context.mutedUntil = [&](const RouteSubject& subject) {
        return subject.kind == IncidentKind::Ownership ? std::optional(world.now) : std::nullopt;
    };
    CHECK(isMuted(trouble, context));
}

}  // namespace ownership_test
