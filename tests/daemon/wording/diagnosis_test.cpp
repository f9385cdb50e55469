#include "daemon/wording/diagnosis.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper;

namespace diagnosis_test {
namespace {

const std::vector<Diagnosis> all = {
    {"settings", Diagnosis::Level::Ok, "no mistakes", ""},
    {"git infra", Diagnosis::Level::Problem, "the server does\nnot let us in", "set credentials"},
    {"kernel", Diagnosis::Level::Warning, "no Landlock", "use a newer kernel"},
};

}  // namespace

TEST_CASE("each finding is a line with its fix below it, and totals close the list") {
    CHECK(diagnosisText(all, false) ==
          "ok       settings   no mistakes\n"
          "problem  git infra  the server does\\nnot let us in\n"
          "                    → set credentials\n"
          "warning  kernel     no Landlock\n"
          "                    → use a newer kernel\n"
          "\n1 ok, 1 warning, 1 problem\n");
    CHECK(diagnosisText(all, true).find("\x1b[31mproblem\x1b[0m  git infra") != std::string::npos);
    CHECK(hasProblem(all));
    CHECK(!hasProblem({all[0], all[2]}));
}

TEST_CASE("as JSON a finding keeps its words, and no fix is null") {
    CHECK(
        diagnosisJson({all[0], all[2]}) ==
        R"({"version":1,"ok":1,"warnings":1,"problems":0,"checks":[)"
        R"({"area":"settings","level":"ok","text":"no mistakes","fix":null},)"
        R"({"area":"kernel","level":"warning","text":"no Landlock","fix":"use a newer kernel"}]})");
}

}  // namespace diagnosis_test
