#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "parsers/terraform/plan.hpp"

// Which side moved, by what was wanted and read at the last in_sync look.
using namespace driftkeeper;
using namespace driftkeeper::terraform;

namespace movement_test {
namespace {

const ValueTags tags("test");

Json json(const std::string& text) {
    auto value = readJson(text);
    REQUIRE_MESSAGE(value, text);
    return *value;
}

struct Object {
    std::string actions = R"(["update"])";
    std::string live = R"({"size":1})";  // null: not in the state
    std::string git = R"({"size":2})";   // null: Git does not want it
    std::string expressions = R"({"size":{"references":["var.size"]}})";
    std::string address = "box_item.a";
    std::string more{};
};

// A plan of one object, whose attribute follows from the variable `size`.
std::string planOf(const Object& object) {
    return R"({"format_version":"1.2","resource_changes":[{"address":")" + object.address +
           R"(","mode":"managed","type":"box_item","name":"a","provider_name":"p")" + object.more +
           R"(,"change":{"actions":)" + object.actions + R"(,"before":)" + object.live +
           R"(,"after":)" + object.git +
           R"(}}],"configuration":{"root_module":{"resources":[{"address":"box_item.a",)" +
           R"("mode":"managed","expressions":)" + object.expressions +
           R"(}],"variables":{"size":{},"other":{}}}}})";
}

SinceClean sinceClean(const std::string& then, const std::string& address = "box_item.a") {
    SinceClean since;
    if (!then.empty()) since.then.add(address, json(then), tags);
    since.then.add("box_item.other", json(R"({"size":9})"), tags);  // so that there is a memory
    since.isSameCommit = true;
    return since;
}

std::string outcome(const Object& object, SourceSince source, std::optional<SinceClean> since) {
    PlanContext context;
    context.source = source;
    context.sinceClean = std::move(since);
    RememberedValues values;
    const auto report = readPlan(planOf(object), context, tags, &values);
    REQUIRE(report);
    std::string text;
    for (const auto& drift : report->drifts)
        text += std::string(name(drift.side)) + ' ' + std::string(name(drift.change)) + ' ' +
                drift.cause + (drift.note.empty() ? "" : ": " + drift.note) + ';';
    return text;
}

SinceClean with(SinceClean since, MovedInput input) {
    since.inputs.push_back(std::move(input));
    return since;
}

constexpr auto same = SourceSince::Unchanged;
constexpr auto other = SourceSince::Changed;
const MovedInput size{"environment variable TF_VAR_size", "size", ""};
const MovedInput unrelated{"environment variable TF_VAR_other", "other", ""};
const MovedInput module{"module vpc (git::https://x?ref=main)", "", "module.vpc"};

}  // namespace

TEST_CASE("live that moved is somebody else's apply, whatever a commit did to other files") {
    for (const auto files : {same, other})
        CHECK(outcome({}, files, sinceClean(R"({"size":2})")) ==
              "live modified applied_elsewhere;");
}

TEST_CASE("Git that moved is an unapplied commit, also where no file of the stack moved") {
    auto since = sinceClean(R"({"size":1})");
    CHECK(outcome({}, other, since) == "git modified unapplied_commit;");
    since.isSameCommit = false;
    CHECK(outcome({}, same, since) == "git modified unapplied_commit;");
}

TEST_CASE("both sides that moved: a commit was applied between two looks, or nobody committed") {
    CHECK(outcome({}, other, sinceClean(R"({"size":7})")) == "git modified unapplied_commit;");
    CHECK(outcome({}, same, sinceClean(R"({"size":7})")) == "live modified applied_elsewhere;");
}

TEST_CASE("what moved outside of the repository is named, and only where Git's wish follows it") {
    const auto then = sinceClean(R"({"size":1})");
    CHECK(outcome({}, same, with(then, size)) ==
          "git modified inputs_changed: changed outside of the repository: environment variable "
          "TF_VAR_size;");
    CHECK(outcome({}, other, with(then, size)).starts_with("git modified inputs_changed"));
    CHECK(outcome({}, other, with(then, unrelated)) == "git modified unapplied_commit;");
    CHECK(outcome({}, same, with(then, unrelated)).starts_with("git modified inputs_changed"));
    CHECK(outcome({}, same, then).find("what changed is not in the settings either") !=
          std::string::npos);
    CHECK(outcome({}, same, with(sinceClean(R"({"size":2})"), size)) ==
          "live modified applied_elsewhere;");
}

TEST_CASE("what is in a module that moved follows from the module") {
    Object object;
    object.address = "module.vpc.box_item.a";
    const auto then = sinceClean(R"({"size":1})", object.address);
    CHECK(outcome(object, other, with(then, module)).starts_with("git modified inputs_changed"));
    object.address = "module.vpc2.box_item.a";
    const auto beside = sinceClean(R"({"size":1})", object.address);
    CHECK(outcome(object, other, with(beside, module)) == "git modified unapplied_commit;");
}

TEST_CASE("an object that comes or goes: who had it at the last look decides") {
    Object wanted{R"(["create"])", "null"};
    CHECK(outcome(wanted, other, sinceClean("")) == "git created unapplied_commit;");
    CHECK(outcome(wanted, other, sinceClean(R"({"size":2})")) == "live deleted applied_elsewhere;");
    Object unwanted{R"(["delete"])", R"({"size":1})", "null"};
    CHECK(outcome(unwanted, other, sinceClean("")) == "live created applied_elsewhere;");
    CHECK(outcome(unwanted, other, sinceClean(R"({"size":1})")) == "git deleted unapplied_commit;");
}

TEST_CASE("an object that moved is known under its address of then") {
    Object object;
    object.more = R"(,"previous_address":"box_item.old")";
    CHECK(outcome(object, other, sinceClean(R"({"size":2})", "box_item.old"))
              .starts_with("live modified applied_elsewhere"));
}

TEST_CASE("each attribute knows which side moved: two that disagree are a conflict") {
    const Object object{R"(["update"])", R"({"size":1,"name":"x"})", R"({"size":2,"name":"y"})",
                        R"({"size":{"constant_value":2},"name":{"constant_value":"y"}})"};
    CHECK(outcome(object, other, sinceClean(R"({"size":2,"name":"x"})")) ==
          "both modified conflict;");
    CHECK(outcome(object, other, sinceClean(R"({"size":2,"name":"y"})")) ==
          "live modified applied_elsewhere;");
    CHECK(outcome(object, other, sinceClean(R"({"size":1,"name":"x"})")) ==
          "git modified unapplied_commit;");
}

TEST_CASE("a list is one value, a map is its members") {
    Object list{R"(["update"])", R"({"l":[1,2]})", R"({"l":[1,3]})",
                R"({"l":{"constant_value":[1,3]}})"};
    CHECK(outcome(list, other, sinceClean(R"({"l":[1,3]})")) == "live modified applied_elsewhere;");
    Object map{R"(["update"])", R"({"t":{"a":"1","b":"2"}})", R"({"t":{"a":"1","b":"3"}})",
               R"({"t":{"constant_value":{"a":"1","b":"3"}}})"};
    CHECK(outcome(map, other, sinceClean(R"({"t":{"a":"0","b":"3"}})")) ==
          "live modified applied_elsewhere;");
    CHECK(outcome(map, other, sinceClean(R"({"t":{"a":"0","b":"2"}})")) ==
          "git modified unapplied_commit;");
}

TEST_CASE("without a memory the files decide") {
    CHECK(outcome({}, same, std::nullopt) == "live modified applied_elsewhere;");
    CHECK(outcome({}, other, std::nullopt) == "git modified unapplied_commit;");
    CHECK(outcome({}, SourceSince::NoCleanCheck, std::nullopt) == "git modified unapplied_commit;");
}

TEST_CASE("what Git asks for otherwise is remembered beside what was read") {
    RememberedValues values;
    REQUIRE(readPlan(planOf({}), {}, tags, &values));
    CHECK(values.read("box_item.a", "size") == RememberedValues::tagOf(json("1"), tags));
    CHECK(values.asked("box_item.a", "size") == RememberedValues::tagOf(json("2"), tags));
}

}  // namespace movement_test
