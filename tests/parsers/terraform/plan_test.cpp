#include "parsers/terraform/plan.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

// Plans written by hand in the format of terraform 1.11; the recorded ones are in
// plan_golden_test.cpp.
using namespace driftkeeper;
using namespace driftkeeper::terraform;

namespace plan_test {
namespace {

const ValueTags tags("test");

std::string change(const std::string& actions, const std::string& before, const std::string& after,
                   const std::string& more = "") {
    return R"("change":{"actions":)" + actions + R"(,"before":)" + before + R"(,"after":)" + after +
           more + "}";
}

std::string entry(const std::string& address, const std::string& body) {
    return R"({"address":")" + address +
           R"(","mode":"managed","type":"box_item","name":"x","provider_name":"p",)" + body + "}";
}

std::string plan(const std::string& drifts, const std::string& changes,
                 const std::string& root = "{}", const std::string& more = "") {
    return R"({"format_version":"1.2","planned_values":{},"resource_drift":[)" + drifts +
           R"(],"resource_changes":[)" + changes + R"(],"configuration":{"root_module":)" + root +
           "}" + more + "}";
}

Report read(const std::string& text, const PlanContext& context = {}) {
    auto report = readPlan(text, context, tags);
    REQUIRE_MESSAGE(report, text);
    return *report;
}

std::string block(const std::string& name, const std::string& expressions) {
    return R"({"address":"box_item.)" + name + R"(","mode":"managed","expressions":)" +
           expressions + "}";
}

const std::string update = R"(["update"])";
const std::string noOp = R"(["no-op"])";

// One attribute x: what the state says, what is live, what Git wants; null entries are JSON texts.
struct ThreeWay {
    std::string state, live, git, unknown, expressions;
    std::string expected;  // side cause, and git|live of each attribute
};

std::string outcome(const Report& report) {
    std::string out;
    for (const auto& drift : report.drifts) {
        out += std::string(name(drift.side)) + ' ' + drift.cause;
        for (const auto& one : drift.attributes)
            out += ' ' + one.path + '=' + one.git + '|' + one.live;
        out += ';';
    }
    CHECK(report.notTold.empty());
    return out;
}

std::string driftAndChange(const ThreeWay& row) {
    const auto x = [](const std::string& value) {
        return value.empty() ? "{}" : R"({"x":)" + value + "}";
    };
    const bool drifted = row.state != row.live;
    const bool changes = row.git != row.live || !row.unknown.empty();
    return plan(
        drifted ? entry("box_item.a", change(update, x(row.state), x(row.live))) : "",
        entry("box_item.a",
              change(changes ? update : noOp, x(row.live), x(row.git),
                     row.unknown.empty() ? "" : R"(,"after_unknown":{"x":)" + row.unknown + "}")),
        R"({"resources":[)" + block("a", row.expressions) + "]}");
}

}  // namespace

TEST_CASE("each attribute is judged from state, live and Git") {
    const std::string set = R"({"x":{"constant_value":1}})";
    const std::vector<ThreeWay> table = {
        {"1", "2", "1", "", set, "live out_of_band x=1|2;"},
        {"1", "2", "1", "", "{}", "live out_of_band x=1|2;"},
        {"1", "2", "3", "", set, "both conflict x=3|2;"},
        {"1", "1", "3", "", set, "git unapplied_commit x=3|1;"},
        {"1", "2", "2", "", set, "live converged x=2|2;"},
        {"1", "2", "2.0", "", set, "live converged x=2.0|2;"},
        {"1", "2", "1e0", "", set, "live out_of_band x=1|2;"},
        {"1", "2", "", "true", set, "live out_of_band x=1|2;"},
        {"1", "1", "", "true", set, "git unapplied_commit x={\"unknown\":true}|1;"},
        {"1", "null", "1", "", set, "live out_of_band x=1|null;"},
        {"[1,2,3]", "[1,3]", "[1,2,3]", "", set, "live out_of_band x[1]=2|null;"},
        {"[1,3]", "[1,2,3]", "[1,3]", "", set, "live out_of_band x[1]=null|2;"},
        {"[1,2]", "[1,3]", "[1,2]", "", set, "live out_of_band x[1]=2|3;"},
        {R"([{"p":1},{"p":2}])", R"([{"p":3},{"p":1}])", R"([{"p":1},{"p":2}])", "", set,
         "live out_of_band x[0].p=2|3;"},
        {R"({"a b":1})", R"({"a b":2})", R"({"a b":1})", "", set,
         R"(live out_of_band x["a b"]=1|2;)"},
        {"null", R"({"k":1})", "null", "", set, "live out_of_band x.k=null|1;"},
        {"null", "{}", "null", "", set, "live out_of_band x=null|{};"},
        {"1", "{}", "1", "", set, "live out_of_band x=1|{};"},
        {"[1]", "[2,3]", "[4,5,6]", "", set, "both conflict x=[4,5,6]|[2,3];"},
    };
    for (const auto& row : table) {
        CAPTURE(driftAndChange(row));
        CHECK(outcome(read(driftAndChange(row))) == row.expected);
    }
}

TEST_CASE("what Git leaves open is told unless the schema says that it is purely computed") {
    const ThreeWay row{"1", "2", "2", "", "{}", ""};
    const auto withFlags = [&](AttributeFlags flags) {
        PlanContext context;
        context.schemas = [=](const std::vector<std::string>& types) -> Result<ResourceSchemas> {
            CHECK(types == std::vector<std::string>{"box_item"});
            return ResourceSchemas{{"box_item", {{"x", flags}}}};
        };
        return outcome(read(driftAndChange(row), context));
    };
    CHECK(withFlags({.computed = true}) == "live computed x=1|2;");
    CHECK(withFlags({.optional = true, .computed = true}) == "live out_of_band x=1|2;");
    CHECK(withFlags({.optional = true}) == "live converged x=2|2;");
    CHECK(outcome(read(driftAndChange(row))) == "live out_of_band x=1|2;");
    PlanContext failing;
    failing.schemas = [](const std::vector<std::string>&) -> Result<ResourceSchemas> {
        return failure(Remedy::Retry, "x", "x");
    };
    CHECK(outcome(read(driftAndChange(row), failing)) == "live out_of_band x=1|2;");
}

TEST_CASE("the schema is not asked for when every drifted attribute is set by the configuration") {
    PlanContext context;
    bool asked = false;
    context.schemas = [&](const std::vector<std::string>&) -> Result<ResourceSchemas> {
        asked = true;
        return ResourceSchemas{};
    };
    read(driftAndChange({"1", "2", "2", "", R"({"x":{"constant_value":1}})", ""}), context);
    read(driftAndChange({"1", "2", "1", "", "{}", ""}), context);
    CHECK_FALSE(asked);
}

TEST_CASE("ignore_changes covers an attribute, a path, or all, by the address without keys") {
    const auto outcomeWith = [](std::vector<std::string> ignored) {
        PlanContext context;
        context.ignoreChanges = {{"box_item.a", std::move(ignored)}};
        const auto value = R"({"x":{"k":1}})";
        const auto live = R"({"x":{"k":2}})";
        return outcome(
            read(plan(entry("box_item.a[0]", change(update, value, live)),
                      entry("box_item.a[0]", change(noOp, live, live)),
                      R"({"resources":[)" + block("a", R"({"x":{"constant_value":{}}})") + "]}"),
                 context));
    };
    CHECK(outcomeWith({"x"}) == "live ignore_changes x.k=1|2;");
    CHECK(outcomeWith({R"(x["k"])"}) == "live ignore_changes x.k=1|2;");
    CHECK(outcomeWith({"x.k"}) == "live ignore_changes x.k=1|2;");
    CHECK(outcomeWith({"all"}) == "live ignore_changes x.k=1|2;");
    CHECK(outcomeWith({"x.other"}) == "live converged x.k=2|2;");
    CHECK(outcomeWith({}) == "live converged x.k=2|2;");
}

TEST_CASE(
    "a change that a data source's new answer explains is not told, whatever lies between them") {
    const std::string root =
        R"({"outputs":{},"resources":[{"address":"data.box_lookup.d","mode":"data","expressions":{}}],)"
        R"("module_calls":{"m":{"expressions":{"in":{"references":["local.l"]}},"module":{"outputs":{"out":{"expression":{"references":["var.in"]}}},)"
        R"("variables":{},"resources":[]}}}})";
    const auto withBlock = [&](const std::string& expressions) {
        auto text = root;
        text.insert(text.find("{\"address\":\"data."), block("a", expressions) + ",");
        return plan("", entry("box_item.a", change(update, R"({"x":1,"y":1})", R"({"x":2,"y":1})")),
                    text);
    };
    PlanFileStates states;
    states.before.dataSources = {{"data.box_lookup.d", "old"}};
    states.after.dataSources = {{"data.box_lookup.d", "new"}};
    PlanContext context;
    context.source = SourceSince::Changed;
    context.states = &states;
    context.locals = {{"", {{"l", {"data.box_lookup.d.value"}}}}};
    const auto viaModule =
        withBlock(R"({"x":{"references":["module.m.out","module.m"]},"y":{"constant_value":1}})");
    const auto direct =
        withBlock(R"({"x":{"references":["data.box_lookup.d.value","data.box_lookup.d"]}})");
    CHECK(outcome(read(viaModule, context)) == "live data_source x=2|1;");
    CHECK(outcome(read(direct, context)) == "live data_source x=2|1;");

    SUBCASE("the same answer as before explains nothing") {
        states.after.dataSources = states.before.dataSources;
        CHECK(outcome(read(direct, context)) == "git unapplied_commit x=2|1;");
    }
    SUBCASE("a data source that was not read before explains nothing") {
        states.before.dataSources.clear();
        CHECK(outcome(read(direct, context)) == "git unapplied_commit x=2|1;");
    }
    SUBCASE("without states only unchanged files and nothing but data sources do") {
        context.states = nullptr;
        CHECK(outcome(read(direct, context)) == "git unapplied_commit x=2|1;");
        context.source = SourceSince::Unchanged;
        CHECK(outcome(read(direct, context)) == "live data_source x=2|1;");
    }
    SUBCASE("beside another change only that one is told") {
        const auto mixed = plan(
            "", entry("box_item.a", change(update, R"({"x":1,"y":1})", R"({"x":2,"y":2})")),
            R"({"resources":[)" +
                block(
                    "a",
                    R"({"x":{"references":["data.box_lookup.d.value"]},"y":{"constant_value":2}})") +
                R"(,{"address":"data.box_lookup.d","mode":"data"}]})");
        CHECK(outcome(read(mixed, context)) ==
              "git unapplied_commit y=2|1;live data_source x=2|1;");
    }
}

TEST_CASE("what follows a data source's new answer goes with it") {
    PlanFileStates states;
    states.before.dataSources = {{"data.box_lookup.d", "old"}};
    states.after.dataSources = {{"data.box_lookup.d", "new"}};
    PlanContext context;
    context.source = SourceSince::Changed;
    context.states = &states;
    const auto before = R"({"tags":{"o":"a"},"tags_all":{"o":"a"},"y":1})";
    const auto of = [&](const std::string& after, const std::string& expressions) {
        return plan("", entry("box_item.a", change(update, before, after)),
                    R"({"resources":[)" + block("a", expressions) +
                        R"(,{"address":"data.box_lookup.d","mode":"data"}]})");
    };
    const std::string answered = R"("tags":{"references":["data.box_lookup.d.value"]})";
    const std::string after = R"({"tags":{"o":"b"},"tags_all":{"o":"b"},"y":1})";
    CHECK(outcome(read(of(after, "{" + answered + "}"), context)) ==
          R"(live data_source tags.o="b"|"a" tags_all.o="b"|"a";)");
    // A commit is why as well: what the provider made of both is told.
    const std::string both = R"({"tags":{"o":"b"},"tags_all":{"o":"b"},"y":2})";
    CHECK(outcome(read(of(both, "{" + answered + R"(,"y":{"constant_value":2}})"), context)) ==
          R"(git unapplied_commit tags_all.o="b"|"a" y=2|1;live data_source tags.o="b"|"a";)");
    // Through another object of the same plan.
    const auto chain = plan(
        "",
        entry("box_item.a", change(update, R"({"x":1})", R"({"x":2})")) + "," +
            entry("box_item.b", change(update, R"({"z":1})", R"({"z":2})")),
        R"({"resources":[)" + block("a", R"({"x":{"references":["data.box_lookup.d.value"]}})") +
            "," + block("b", R"({"z":{"references":["box_item.a.x","box_item.a"]}})") +
            R"(,{"address":"data.box_lookup.d","mode":"data"}]})");
    CHECK(outcome(read(chain, context)) == "live data_source x=2|1;live data_source z=2|1;");
}

TEST_CASE("what the provider fills in by itself is no wish of Git's") {
    const auto gone = [](const std::string& expressions) {
        return plan(entry("box_item.a", change(R"(["delete"])", R"({"x":1,"m":null})", "null")),
                    entry("box_item.a", change(R"(["create"])", "null", R"({"x":1,"m":"IN"})")),
                    R"({"resources":[)" + block("a", expressions) + "]}");
    };
    CHECK(outcome(read(gone(R"({"x":{"constant_value":1}})"))) == "live out_of_band;");
    CHECK(outcome(read(gone(R"({"x":{"constant_value":1},"m":{"constant_value":"IN"}})"))) ==
          R"(both conflict m="IN"|null;)");
    const auto replaced = [](const std::string& expressions) {
        return plan(entry("box_item.a", change(update, R"({"x":1,"m":""})", R"({"x":2,"m":""})")),
                    entry("box_item.a", change(R"(["delete","create"])", R"({"x":2,"m":""})",
                                               R"({"x":1,"m":"IN"})")),
                    R"({"resources":[)" + block("a", expressions) + "]}");
    };
    CHECK(outcome(read(replaced(R"({"x":{"constant_value":1}})"))) ==
          R"(live out_of_band m="IN"|"" x=1|2;)");
    CHECK(outcome(read(replaced(R"({"x":{"constant_value":1},"m":{"constant_value":"IN"}})"))) ==
          R"(both conflict m="IN"|"" x=1|2;)");
}

TEST_CASE("an object whose time is over was deleted by nobody") {
    const auto ofType = [](const std::string& type, const std::string& drift,
                           const std::string& change) {
        const auto one = [&](const std::string& body) {
            return R"({"address":")" + type + R"(.a","mode":"managed","type":")" + type +
                   R"(","name":"a","provider_name":"p",)" + body + "}";
        };
        return plan(one(drift), one(change),
                    R"({"resources":[{"address":")" + type +
                        R"(.a","mode":"managed","expressions":{"d":{"constant_value":1}}}]})",
                    R"(,"timestamp":"2026-11-30T13:00:00Z")");
    };
    const auto deleted = [&](const std::string& type, const std::string& was) {
        return outcome(read(ofType(type, change(R"(["delete"])", was, "null"),
                                   change(R"(["create"])", "null", R"({"d":1})"))));
    };
    CHECK(deleted("time_rotating", R"({"d":1})") == "live expired;");
    CHECK(deleted("gitlab_project_access_token", R"({"d":1,"expires_at":"2026-11-29"})") ==
          "live expired;");
    CHECK(deleted("gitlab_project_access_token", R"({"d":1,"expires_at":"2027-01-01"})") ==
          "live out_of_band;");
    CHECK(deleted("azuread_application_password", R"({"d":1,"end_date":"2026-11-30T13:00:01Z"})") ==
          "live out_of_band;");
    CHECK(deleted("box_item", R"({"d":1,"expires_at":"2026-01-01"})") == "live out_of_band;");
    const auto renewed = [&](const std::string& was, const std::string& is) {
        return outcome(
            read(ofType("tls_self_signed_cert", change(update, was, is),
                        change(R"(["delete","create"])", is, R"({"d":1})",
                               R"(,"after_unknown":{"ready_for_renewal":true,"cert_pem":true})"))));
    };
    const std::string was = R"({"d":1,"ready_for_renewal":false,"cert_pem":"c"})";
    CHECK(renewed(was, R"({"d":1,"ready_for_renewal":true,"cert_pem":"c"})") == "live expired;");
    CHECK(
        renewed(was, R"({"d":2,"ready_for_renewal":true,"cert_pem":"c"})").contains("out_of_band"));
}

TEST_CASE(
    "noise beside a real difference is a drift of its own, behind the real one, and what is "
    "computed follows it") {
    PlanContext context;
    context.ignoreChanges = {{"box_item.a", {"i"}}};
    context.schemas = [](const std::vector<std::string>&) -> Result<ResourceSchemas> {
        return ResourceSchemas{{"box_item", {{"c", {.computed = true}}}}};
    };
    const auto state = R"({"i":1,"c":1,"m":1,"x":1,"u":1})";
    const auto live = R"({"i":2,"c":2,"m":2,"x":2,"u":1})";
    const auto git = R"({"i":2,"c":2,"m":2,"x":1})";
    const auto set =
        R"({"i":{"constant_value":1},"m":{"constant_value":2},"x":{"constant_value":1},)"
        R"("u":{"references":["box_item.b.id","box_item.b"]}})";
    const auto text =
        plan(entry("box_item.a", change(update, state, live)),
             entry("box_item.a", change(update, live, git, R"(,"after_unknown":{"u":true})")) +
                 "," + entry("box_item.b", change(R"(["create"])", "null", "{}")),
             R"({"resources":[)" + block("a", set) + "," + block("b", "{}") + "]}");
    const auto report = read(text, context);
    CHECK(outcome(report) ==
          R"(live out_of_band x=1|2;git cascade u={"unknown":true}|1;)"
          R"(live converged m=2|2;live ignore_changes i=1|2;git unapplied_commit;)");
    for (std::size_t i = 1; i < 4; ++i) CHECK(report.drifts.at(i).address == "box_item.a");
}

TEST_CASE("another spelling is cosmetic, on either side, as long as nothing is destroyed") {
    const std::string unset = "{}";
    const std::string zero = R"({"x":{"constant_value":""}})";
    const std::string one = R"({"x":{"constant_value":1}})";
    const std::string reference = R"({"x":{"references":["var.x"]}})";
    const std::vector<ThreeWay> table = {
        {"null", R"("")", "null", "", unset, R"(live cosmetic x=null|"";)"},
        {"null", R"("")", R"("")", "", unset, R"(live cosmetic x=null|"";)"},
        {"0", "null", "0", "", reference, "live cosmetic x=0|null;"},
        {"null", "false", "null", "", zero, "live cosmetic x=null|false;"},
        {"null", "null", "[]", "", unset, "git cosmetic x=[]|null;"},
        {"{}", "{}", "null", "", unset, "git cosmetic x=null|{};"},
        {"null", "0", R"("a")", "", reference, R"(git unapplied_commit x="a"|0;)"},
        {R"("a")", "null", R"("")", "", reference, R"(live converged x=""|null;)"},
        {"null", R"("a")", R"("")", "", reference, R"(live out_of_band x=null|"a";)"},
        {"null", "0", "null", "", one, "live out_of_band x=null|0;"},
        {"null", "0", "1", "", one, "git unapplied_commit x=1|0;"},
        {"null", "0", "", "true", one, R"(live out_of_band x=null|0;)"},
        {"null", "0", "", "true", reference, R"(git unapplied_commit x={"unknown":true}|0;)"},
        {"true", "false", "true", "", unset, "live out_of_band x=true|false;"},
        {"[]", R"([""])", "[]", "", unset, R"(live out_of_band x[0]=null|"";)"},
        {"{}", R"({"k":""})", "{}", "", unset, R"(live out_of_band x.k=null|"";)"},
        {R"({"k":null})", R"({"k":""})", R"({"k":null})", "", unset,
         R"(live cosmetic x.k=null|"";)"},
        {R"("{\"a\":1}")", R"("{ \"a\": 1}")", R"("{\"a\":1}")", "", one,
         R"(live cosmetic x="{\"a\":1}"|"{ \"a\": 1}";)"},
    };
    for (const auto& row : table) {
        CAPTURE(driftAndChange(row));
        CHECK(outcome(read(driftAndChange(row))) == row.expected);
    }
    const auto changed = [](const std::string& actions, const std::string& more) {
        return outcome(read(
            plan("", entry("box_item.a", change(actions, R"({"x":null})", R"({"x":""})", more)))));
    };
    CHECK(changed(update, "") == R"(git cosmetic x=""|null;)");
    CHECK(changed(R"(["delete","create"])", "") == R"(git unapplied_commit x=""|null;)");
    const auto secret = R"(,"before_sensitive":{"x":true},"after_sensitive":{"x":true,"y":{}})";
    CHECK(changed(update, secret).starts_with("git cosmetic"));
    const auto moved = R"(,"before_sensitive":{"x":true},"after_sensitive":{})";
    CHECK(changed(update, moved).starts_with("git unapplied_commit"));
}

TEST_CASE(
    "a reordered list is cosmetic when the schema calls it a set, and told as a whole when not") {
    const auto withFlags = [](const ThreeWay& row, AttributeFlags flags) {
        PlanContext context;
        int calls = 0;
        context.schemas = [&](const std::vector<std::string>&) -> Result<ResourceSchemas> {
            ++calls;
            return ResourceSchemas{{"box_item", {{"x", flags}}}};
        };
        const auto result = outcome(read(driftAndChange(row), context));
        return std::to_string(calls) + ' ' + result;
    };
    const std::string set = R"({"x":{"constant_value":[1]}})";
    const ThreeWay live{"[1,2]", "[2,1]", "[1,2]", "", set, ""};
    const ThreeWay git{"[1,2]", "[1,2]", "[2,1]", "", set, ""};
    const ThreeWay other{"[1,2]", "[2,3]", "[1,2]", "", set, ""};
    CHECK(withFlags(live, {.optional = true, .set = true}) == "1 live cosmetic x=[1,2]|[2,1];");
    CHECK(withFlags(git, {.optional = true, .set = true}) == "1 git cosmetic x=[2,1]|[1,2];");
    CHECK(withFlags(live, {.optional = true}) == "1 live out_of_band x=[1,2]|[2,1];");
    CHECK(withFlags(git, {.optional = true}) == "1 git unapplied_commit x=[2,1]|[1,2];");
    CHECK(withFlags(other, {.optional = true, .set = true}).starts_with("0 live out_of_band"));
    CHECK(outcome(read(driftAndChange(live))) == "live out_of_band x=[1,2]|[2,1];");
}

TEST_CASE("what was last applied is shown where Git asks for something else") {
    const std::string set = R"({"x":{"constant_value":1}})";
    const std::vector<std::pair<ThreeWay, std::string>> table = {
        {{"1", "2", "1", "", set, ""}, ""},      // Git still asks for it
        {{"1", "2", "3", "", set, ""}, "1"},     // conflict
        {{"1", "1", "3", "", set, ""}, "1"},     // not applied yet
        {{"1", "1", "", "true", set, ""}, "1"},  // not known yet
        {{"1", "2", "2", "", set, ""}, "1"},     // converged
        {{"null", "null", "3", "", set, ""}, "null"},
    };
    for (const auto& [row, before] : table) {
        CAPTURE(driftAndChange(row));
        CHECK(read(driftAndChange(row)).drifts.at(0).attributes.at(0).before == before);
    }
}

TEST_CASE("what a mask or a name calls secret leaves as a tag, also where lists shift") {
    const auto report = read(plan(
        entry(
            "box_item.a",
            change(
                update,
                R"({"id":"i","list":["s1","s2"],"db_password":"p1","blocks":[{"n":1,"k":"c1"}],"plain":1})",
                R"({"id":"i","list":["s0","s1","s2"],"db_password":"p2","blocks":[{"n":2,"k":"c2"}],"plain":2})",
                R"(,"before_sensitive":{"id":true,"list":[true,false],"blocks":[{"k":true}]},"after_sensitive":{})")),
        entry(
            "box_item.a",
            change(
                update,
                R"({"id":"i","list":["s0","s1","s2"],"db_password":"p2","blocks":[{"n":2,"k":"c2"}],"plain":2})",
                R"({"id":"i","list":["s1","s2"],"db_password":"p1","blocks":[{"n":1,"k":"c1"}],"plain":1})"))));
    REQUIRE(report.drifts.size() == 1);
    std::string all;
    for (const auto& one : report.drifts[0].attributes) {
        all += one.path + (one.sensitive ? "! " : " ");
        for (const auto secret : {"s0", "s1", "s2", "p1", "p2", "c1", "c2"}) {
            CHECK(one.git.find('"' + std::string(secret) + '"') == std::string::npos);
            CHECK(one.live.find('"' + std::string(secret) + '"') == std::string::npos);
        }
    }
    CHECK(all == "blocks[0].k! blocks[0].n db_password! list[0]! plain ");
}

TEST_CASE("a masked id is left empty") {
    const auto idOf = [](const std::string& mask) {
        const auto report =
            read(plan("", entry("box_item.a", change(R"(["delete"])", R"({"id":"i"})", "null",
                                                     R"(,"before_sensitive":)" + mask))));
        return report.drifts.at(0).id + '/' + report.graph.resources().at(0).id;
    };
    CHECK(idOf("{}") == "i/i");
    CHECK(idOf("false") == "i/i");
    CHECK(idOf(R"({"id":true})") == "/");
    CHECK(idOf("true") == "/");
}

TEST_CASE("at most 200 attributes are listed, and long values become digests") {
    std::string before = R"({"big":")" + std::string(5000, 'a') + '"';
    std::string after = R"({"big":")" + std::string(5000, 'b') + '"';
    for (int i = 0; i < 300; ++i) {
        before += ",\"k" + std::to_string(i) + "\":1";
        after += ",\"k" + std::to_string(i) + "\":2";
    }
    const auto report =
        read(plan("", entry("box_item.a", change(update, before + "}", after + "}"))));
    REQUIRE(report.drifts.size() == 1);
    CHECK(report.drifts[0].attributes.size() == 200);
    CHECK(report.drifts[0].attributes[0].git.starts_with(R"({"digest":"hmac:)"));
}

TEST_CASE("edges follow references through variables, outputs and data sources") {
    const auto resource = [](const std::string& address) {
        return entry(address, change(noOp, "{}", "{}"));
    };
    const std::string root =
        R"({"resources":[)" + block("a", "{}") + "," +
        block("b", R"({"x":{"references":["data.box_lookup.d.v"]}})") +
        R"(,{"address":"data.box_lookup.d","mode":"data","expressions":{"k":{"references":["module.m.out"]}}}],)"
        R"("module_calls":{"m":{"expressions":{"in":{"references":["box_item.a.id","box_item.a"]}},"module":{"outputs":{"out":{"expression":{"references":["box_item.c.id"]}}},)"
        R"("resources":[)" +
        block("c", R"({"x":{"references":["var.in"]}})") + R"(]}}}})";
    const auto report = read(plan("",
                                  resource("box_item.a") + "," + resource("box_item.b[0]") + "," +
                                      resource("module.m.box_item.c[\\\"k\\\"]"),
                                  root));
    CHECK(report.resources == 3);
    CHECK(report.graph.dependentsOf("box_item.a") ==
          std::vector<std::string>{"module.m.box_item.c[\"k\"]"});
    CHECK(report.graph.dependentsOf("module.m.box_item.c[\"k\"]") ==
          std::vector<std::string>{"box_item.b[0]"});
    CHECK(report.graph.countDependents("box_item.a") == 2);
}

TEST_CASE("a plan that is not whole is partial and never in sync") {
    for (const auto more : {R"(,"errored":true)", R"(,"complete":false)"}) {
        const auto report = read(plan("", "", "{}", more));
        CHECK(report.completeness == Completeness::Partial);
        CHECK(verdictOf(report) == Verdict::Inconclusive);
    }
    CHECK(verdictOf(read(plan("", ""))) == Verdict::InSync);
}

TEST_CASE("what is no managed resource, and what is postponed, is a drift too") {
    const auto report = read(
        plan("", "", "{}",
             R"(,"deferred_changes":[{"reason":"unknown","resource_change":)" +
                 entry("box_item.d", change(update, "{}", "{}")) +
                 R"(}],"output_changes":{"o":{"actions":["update"]},"same":{"actions":["no-op"]}},)"
                 R"("checks":[{"address":{"kind":"check","to_display":"check.c"},"status":"fail"},)"
                 R"({"address":{"kind":"resource","to_display":"box_item.a"},"status":"fail"}])"));
    std::string found;
    for (const auto& one : report.drifts)
        found += one.address + ' ' + one.type + ' ' + std::string(name(one.side)) + ' ' +
                 one.cause + ';';
    CHECK(found ==
          "box_item.d box_item git deferred;check.c check live check_block;output.o output git "
          "output_only;");
}

TEST_CASE("format versions 0 and 1 are read, others and other JSON are refused") {
    const std::vector<std::pair<std::string, std::string>> table = {
        {R"({"format_version":"0.1","planned_values":{}})", ""},
        {R"({"format_version":"1.2","configuration":{}})", ""},
        {R"({"format_version":"1.99","planned_values":{},"errored":false,"new_key":[{}]})", ""},
        {R"({"format_version":"2.0","planned_values":{}})", "unsupported_plan_format"},
        {R"({"format_version":"10.0","planned_values":{}})", "unsupported_plan_format"},
        {R"({"format_version":"x","planned_values":{}})", "unsupported_plan_format"},
        {R"({"format_version":"1.2"})", "invalid_plan"},
        {R"({"planned_values":{}})", "invalid_plan"},
        {R"({"format_version":1.2,"planned_values":{}})", "invalid_plan"},
        {R"({"format_version":"1.2","planned_values":{},"planned_values":{}})", "invalid_plan"},
        {R"({"format_version":"1.2","planned_values":{},"resource_changes":{}})", "invalid_plan"},
        {"{\"format_version\":\"1.2\",\"planned_values\":\"\xff\"}", "invalid_plan"},
        {plan("", entry("box_item.a", change(update, R"({"x":1,"x":2})", "{}"))), "invalid_plan"},
        {plan("", entry("box_item.a", change(update, R"({"x":01})", "{}"))), "invalid_plan"},
        {plan("", entry("box_item.a",
                        change(update, std::string(10'000, '[') + std::string(10'000, ']'), "{}"))),
         "invalid_plan"},
        {R"({"format_version":"1.2","planned_values":)" + std::string(10'000, '[') +
             std::string(10'000, ']') + "}",
         ""},
        {"", "invalid_plan"},
        {"[]", "invalid_plan"},
        {"No state.", "invalid_plan"},
    };
    for (const auto& [text, code] : table) {
        CAPTURE(text.substr(0, 200));
        const auto report = readPlan(text, {}, tags);
        CHECK((report ? "" : report.error().code) == code);
    }
}

TEST_CASE("huge numbers are compared by their digits") {
    const auto of = [](const std::string& before, const std::string& after) {
        return outcome(read(plan("", entry("box_item.a", change(update, R"({"x":)" + before + "}",
                                                                R"({"x":)" + after + "}")))));
    };
    const std::string huge(1000, '9');
    CHECK(of(huge, huge + ".0") == "git cosmetic;");
    CHECK(of(huge, huge + "0").starts_with("git unapplied_commit x=999"));
    CHECK(of("1e400", "1e401") == "git unapplied_commit x=1e401|1e400;");
}

TEST_CASE("a plan that is cut off at any byte is refused") {
    std::ifstream in(std::string(DRIFTKEEPER_SOURCE_DIR) +
                     "/tests/parsers/terraform/golden/modified/plan.json");
    std::ostringstream out;
    out << in.rdbuf();
    auto text = out.str();
    while (!text.empty() && text.back() == '\n') text.pop_back();
    REQUIRE(text.size() > 1000);
    for (std::size_t size = 0; size < text.size(); ++size) {
        const auto report = readPlan(text.substr(0, size), {}, tags);
        if (report) FAIL("read although cut off at byte " << size);
    }
    CHECK(readPlan(text, {}, tags));
}

}  // namespace plan_test
