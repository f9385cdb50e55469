#pragma once

#include <string>
#include <vector>

#include "daemon/contract/stack_object.hpp"

namespace driftkeeper {

// What `check` found, as a test report for pipelines: a testsuite a stack. Its first testcase is
// "complete look", an error where the look was partial or failed; then a testcase a drift, a
// failure; then one a difference that a rule keeps quiet, skipped. Well-formed XML 1.0 in UTF-8
// whatever the names hold, in the shape of Jenkins' junit-10.xsd (jenkinsci/xunit-plugin), which
// GitLab, GitHub actions and Azure read as well.
std::string junitXml(const std::vector<StackObject>& stacks);

}  // namespace driftkeeper
