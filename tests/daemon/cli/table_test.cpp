#include "daemon/cli/table.hpp"

#include <doctest/doctest.h>

#include <sstream>

using namespace driftkeeper;

TEST_CASE("columns are as wide as their widest cell, without trailing blanks") {
    CHECK(table({"A", "BEE"}, {{"one", "x"}, {"fifteen", ""}}, 0) ==
          "A        BEE\n"
          "one      x\n"
          "fifteen\n");
}

TEST_CASE("code points count, not bytes") {
    CHECK(table({"A", "B"}, {{"ü…", "x"}}, 0) == "A   B\nü…  x\n");
}

TEST_CASE("the widest column gives way to the terminal") {
    const std::string out = table({"STACK", "V"}, {{std::string(60, 'a'), "in_sync"}}, 40);
    std::istringstream lines(out);
    for (std::string line; std::getline(lines, line);) CHECK(line.size() <= 42);  // an ellipsis has three bytes
    CHECK(out.find("…  in_sync") != std::string::npos);
}
