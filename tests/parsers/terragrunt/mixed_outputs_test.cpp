#include "parsers/terragrunt/mixed_outputs.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper;

TEST_CASE("mock outputs hold nothing made up when every one of them is there for real") {
    const auto* const outputs =
        "{}\n{\n  \"printed\": {\n\"by\": \"run_cmd\"\n}\n}\n"
        R"({"id":{"type":"string","value":"i"},)"
        R"("net":{"type":"map","value":{"a":"x"}}})";
    struct Row {
        const char* mocks;
        bool isReal;
    };
    for (const Row& row :
         {Row{"{}", true}, Row{R"({ id = "mock" })", true},
          Row{R"({ id = "mock", other = 1 })", false}, Row{R"({ net = { a = "m" } })", true},
          Row{R"({ net = { b = "m" } })", false}, Row{R"({ id = { a = "m" } })", false},
          Row{R"({ for k in ["id"] : k => 1 })", false}, Row{"local.mocks", false}}) {
        CAPTURE(row.mocks);
        CHECK(terragrunt::areAllReal(row.mocks, outputs) == row.isReal);
    }
    CHECK_FALSE(terragrunt::areAllReal("{ id = 1 }", "{}"));
    CHECK_FALSE(terragrunt::areAllReal("{}", "no JSON"));
}
