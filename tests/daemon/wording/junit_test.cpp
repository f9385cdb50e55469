#include "daemon/wording/junit.hpp"

#include <doctest/doctest.h>

#include "parsers/graph/reason_code.hpp"
#include "tests/daemon/contract/samples.hpp"

using namespace driftkeeper;

TEST_CASE("a drift is a failure of its stack's suite, and what a rule keeps quiet is skipped") {
    CHECK(junitXml({samples::network()}) ==
          R"xml(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="driftkeeper" tests="3" failures="1" errors="0" skipped="1" time="2.410">
  <testsuite name="infra/prod/network" tests="3" failures="1" errors="0" skipped="1" time="2.410" timestamp="2026-11-22T19:07:00">
    <testcase classname="infra/prod/network" name="complete look" time="2.410"/>
    <testcase classname="infra/prod/network" name="aws_security_group.web" time="0.000">
      <failure type="out_of_band" message="modified live (out_of_band, warning)">Apply to undo the live change, or commit it.
ingress[0].cidr_blocks[0]: Git 10.0.0.0/8, live 0.0.0.0/0
tags[&quot;a b&quot;]: Git not set, live x
password: Git (sensitive), live (sensitive)
</failure>
    </testcase>
    <testcase classname="infra/prod/network" name="output.url" time="0.000">
      <skipped message="output_only, suppressed by rule builtin/output_only"/>
    </testcase>
    <system-err>warning: Deprecated attribute
</system-err>
  </testsuite>
</testsuites>
)xml");
}

TEST_CASE("what was not looked at completely is an error, also beside drifts, and never a pass") {
    StackObject failed;
    failed.stack = "infra/db";
    failed.reason = Reason{"state_locked", "The state is locked by ci@host."};
    const std::string error =
        R"(<error type="state_locked" message="The state is locked by ci@host.">)" +
        std::string(adviceForReason("state_locked")) + "</error>";
    CHECK(junitXml({failed}).find(error) != std::string::npos);
    CHECK(junitXml({failed}).find(R"(tests="1" failures="0" errors="1")") != std::string::npos);
    StackObject partial = samples::network();
    partial.complete = false;
    partial.reason = failed.reason;
    CHECK(junitXml({partial}).find(error) != std::string::npos);
    CHECK(junitXml({partial}).find(R"(tests="3" failures="1" errors="1")") != std::string::npos);
}

TEST_CASE("names that are no XML are escaped, and bytes that XML cannot hold are replaced") {
    StackObject stack = samples::network();
    stack.stack = "a\"b<c>&d]]>\x01\xff\xef\xbf\xbf\n";
    const std::string xml = junitXml({stack});
    CHECK(xml.find("a&quot;b&lt;c&gt;&amp;d]]&gt;\\x01\xef\xbf\xbd\xef\xbf\xbd\\n") !=
          std::string::npos);
    CHECK(xml.find("\xef\xbf\xbf") == std::string::npos);
}
