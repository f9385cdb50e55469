#include "daemon/page.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper;

TEST_CASE("the page shows verdicts and attribute differences, and hostile text stays text") {
    StackObject stack;
    stack.stack = "infra/<script>alert(1)</script>";
    stack.verdict = Verdict::Drifted;
    ShownDrift shown;
    shown.drift.address = "box_item.a";
    shown.drift.side = Side::Live;
    shown.drift.attributes = {{"content", "\"<b>\"", "\"open\"", false}};
    stack.drifts = {shown};
    const std::string page = statusPage({stack}, {}, TimePoint(std::chrono::seconds(5)));
    CHECK(page.find("<script>") == std::string::npos);
    CHECK(page.find("&lt;script&gt;") != std::string::npos);
    CHECK(page.find("&lt;b&gt;") != std::string::npos);
    CHECK(page.find("1 drifted") != std::string::npos);
    CHECK(page.find("box_item.a") != std::string::npos);
}
