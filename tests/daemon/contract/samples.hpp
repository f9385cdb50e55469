#pragma once

#include "daemon/contract/notice.hpp"
#include "tests/daemon/quiet.hpp"

namespace driftkeeper::samples {

inline TimePoint at(std::string_view utc) {
    return utcFrom(utc).value();
}

inline Drift openedGroup() {
    Drift drift;
    drift.address = "aws_security_group.web";
    drift.type = "aws_security_group";
    drift.id = "sg-0ab1";
    drift.side = Side::Live;
    drift.cause = "out_of_band";
    drift.dependents = 3;
    drift.attributes = {
        {"ingress[0].cidr_blocks[0]", R"("10.0.0.0/8")", R"("0.0.0.0/0")", false},
        {"tags[\"a b\"]", "null", R"("x")", false},
        {"password", R"({"redacted":"hmac:1f3a"})", R"({"redacted":"hmac:77aa"})", true}};
    return drift;
}

inline StackObject network() {
    StackObject stack;
    stack.stack = "infra/prod/network";
    stack.repository = "infra";
    stack.path = "prod/network";
    stack.provider = "terraform";
    stack.workspace = "default";
    stack.commit = "3f2c1ab09d";
    stack.started = at("2026-11-22T19:07:00Z");
    stack.durationSeconds = 2.41;
    stack.verdict = Verdict::Drifted;
    stack.complete = true;
    stack.resources = 42;
    stack.coverage = {42, 0, 0};
    stack.drifts = {{openedGroup(), std::nullopt}};
    stack.notTold = {quiet("output.url", "output_only", "builtin/output_only")};
    stack.diagnostics = {{Diagnostic::Level::Warning, "Deprecated attribute", ""}};
    return stack;
}

}  // namespace driftkeeper::samples
