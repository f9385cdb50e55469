#include "daemon/page/fleet_filter.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper;
using namespace driftkeeper::page;
using namespace std::chrono_literals;

namespace fleet_filter_test {
namespace {

StackLine line(std::string stack, std::optional<Verdict> verdict,
               std::vector<std::string> owners = {}) {
    StackLine it;
    it.repository = stack.substr(0, stack.find('/'));
    it.stack = std::move(stack);
    it.provider = "terraform";
    it.verdict = verdict;
    it.owners = std::move(owners);
    return it;
}

std::vector<StackLine> fleet() {
    std::vector<StackLine> lines = {line("a/clean", Verdict::InSync, {"@org/net"}),
                                    line("a/drifted", Verdict::Drifted, {"@org/net", "@org/db"}),
                                    line("a/older", Verdict::Drifted),
                                    line("b/locked", Verdict::Inconclusive),
                                    line("b/new", std::nullopt),
                                    line("b/waits", Verdict::Unapplied)};
    lines[1].oldestDrift = TimePoint(10h);
    lines[1].drifts[static_cast<std::size_t>(Side::Live)][0] = 3;
    lines[2].oldestDrift = TimePoint(5h);
    lines[2].drifts[static_cast<std::size_t>(Side::Both)][1] = 1;
    lines[3].reason = Reason{"state_locked", "The state is locked by ci@host"};
    lines[4].provider = "kubernetes";
    return lines;
}

std::string shown(const FleetFilter& filter) {
    const auto lines = fleet();
    std::string names;
    for (const auto* row : select(lines, filter).rows)
        names += (names.empty() ? "" : " ") + row->stack.substr(2);
    return names;
}

FleetFilter filter(const std::map<std::string, std::string>& query) {
    return FleetFilter::from(query);
}

}  // namespace

TEST_CASE("what is worst comes first, and of the drifted what drifted longest") {
    CHECK(shown({}) == "older drifted locked new waits clean");
    CHECK(shown(filter({{"sort", "name"}})) == "clean drifted older locked new waits");
    CHECK(shown(filter({{"sort", "drifts"}})) == "drifted older clean locked new waits");
    CHECK(shown(filter({{"sort", "age"}})) == "older drifted clean locked new waits");
}

TEST_CASE("every condition narrows what is shown") {
    CHECK(shown(filter({{"verdict", "drifted"}})) == "older drifted");
    CHECK(shown(filter({{"verdict", "inconclusive"}})) == "locked new");
    CHECK(shown(filter({{"repository", "b"}})) == "locked new waits");
    CHECK(shown(filter({{"owner", "@org/db"}})) == "drifted");
    CHECK(shown(filter({{"provider", "kubernetes"}})) == "new");
    CHECK(shown(filter({{"q", "LOCKED ci@HOST"}})) == "locked");
    CHECK(shown(filter({{"q", "locked net"}})).empty());
    CHECK(shown(filter({{"q", "  "}})) == shown({}));
    CHECK(shown(filter({{"verdict", "nonsense"}})) == shown({}));
}

TEST_CASE("counts by verdict heed every condition but the verdict") {
    const auto lines = fleet();
    const auto selection = select(lines, filter({{"verdict", "drifted"}, {"repository", "a"}}));
    CHECK(selection.byVerdict == std::array<std::size_t, 4>{1, 2, 0, 0});
    CHECK(selection.matching == 2);
    CHECK(selection.all == 6);
    CHECK(selection.owners == std::vector<std::string>{"@org/db", "@org/net"});
}

TEST_CASE("a hundred stacks fit one screen, and a page that is not there is the last") {
    std::vector<StackLine> lines;
    for (int i = 0; i < 250; ++i) lines.push_back(line("a/" + std::to_string(i), Verdict::InSync));
    CHECK(select(lines, {}).rows.size() == 100);
    const auto last = select(lines, filter({{"page", "77"}}));
    CHECK(last.page == 3);
    CHECK(last.rows.size() == 50);
    CHECK(select({}, {}).pages == 1);
}

TEST_CASE("the query of a filter gives the filter again, without the page") {
    const auto asked =
        filter({{"q", "a b"}, {"verdict", "drifted"}, {"page", "3"}, {"other", "x"}});
    CHECK(asked.query() ==
          std::map<std::string, std::string>{{"q", "a b"}, {"verdict", "drifted"}});
}

}  // namespace fleet_filter_test
