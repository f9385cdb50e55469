#include <algorithm>
#include <iterator>

#include "daemon/cli/grammar.hpp"

namespace driftkeeper {
namespace {

struct Example {
    std::string_view path;
    std::string_view line;
};

// In the order in which they are shown. Tests run every line through the parser.
constexpr Example examples[] = {
    {"",
     "driftkeeper init                          # find the stacks of this tree and write settings "
     "for it"},
    {"", "driftkeeper check                         # check the stacks here and below, once"},
    {"", "driftkeeper serve --config FILE           # the daemon"},
    {"", "driftkeeper stacks --watch                # what it knows"},
    {"", "driftkeeper doctor                        # what is wrong with the installation"},
    {"serve", "driftkeeper serve --config /etc/driftkeeper/driftkeeper.yaml"},
    {"check",
     "driftkeeper check                         # the stack in this folder and all below it"},
    {"check", "driftkeeper check live/prod --format junit > drift.xml"},
    {"check", "driftkeeper check --config FILE --stack infra/prod/network"},
    {"config check", "driftkeeper config check"},
    {"config check", "driftkeeper config check ./driftkeeper.yaml"},
    {"config check", "driftkeeper config check --format json"},
    {"config show", "driftkeeper config show"},
    {"config example", "driftkeeper config example > driftkeeper.yaml"},
    {"config schema", "driftkeeper config schema > driftkeeper.schema.json"},
    {"init", "driftkeeper init                          # this tree, into ./driftkeeper.yaml"},
    {"init", "driftkeeper init https://git.example.com/infra.git --output -"},
    {"doctor", "driftkeeper doctor"},
    {"doctor", "driftkeeper doctor --config ./driftkeeper.yaml --online"},
    {"stacks", "driftkeeper stacks"},
    {"stacks", "driftkeeper stacks --watch"},
    {"stacks",
     "driftkeeper stacks --format json | jq '.stacks[] | select(.verdict != \"in_sync\").stack'"},
    {"findings", "driftkeeper findings"},
    {"findings", "driftkeeper findings --format json"},
    {"incidents", "driftkeeper incidents --watch"},
    {"show", "driftkeeper show infra/prod/network"},
    {"show", "driftkeeper show infra/prod/network --watch"},
    {"explain", "driftkeeper explain infra/prod/network"},
    {"explain", "driftkeeper explain infra/prod/network aws_security_group.web"},
    {"ignores", "driftkeeper ignores"},
    {"ignores test",
     "driftkeeper ignores test '{type: \"aws_autoscaling_*\", attribute: desired_capacity}'"},
    {"ignores test", "driftkeeper ignores test settings/autoscaling"},
    {"silences", "driftkeeper silences"},
    {"run", "driftkeeper run infra/prod/network"},
    {"outbox", "driftkeeper outbox"},
    {"outbox", "driftkeeper outbox list --state dead"},
    {"outbox list", "driftkeeper outbox list --state dead"},
    {"outbox list", "driftkeeper outbox list --watch"},
    {"outbox show", "driftkeeper outbox show 0b7f6c1e-8a43-4a55-9d1c-2f1f2f0a7c11"},
    {"outbox retry", "driftkeeper outbox retry 0b7f6c1e-8a43-4a55-9d1c-2f1f2f0a7c11"},
    {"outbox drop", "driftkeeper outbox drop 0b7f6c1e-8a43-4a55-9d1c-2f1f2f0a7c11"},
    {"channels test", "driftkeeper channels test chat"},
    {"routes show", "driftkeeper routes show"},
    {"routes test",
     "driftkeeper routes test --stack infra/prod/network --side live --severity critical"},
    {"graph", "driftkeeper graph | dot -Tsvg > estate.svg"},
    {"graph", "driftkeeper graph infra/prod/network --format mermaid"},
    {"silence", "driftkeeper silence 'stack=infra/dev/**' --for 2h --reason 'load test'"},
    {"silence", "driftkeeper silence --end 0b7f6c1e-8a43-4a55-9d1c-2f1f2f0a7c11"},
};

}  // namespace

std::vector<std::string_view> examplesOf(std::string_view path) {
    std::vector<std::string_view> lines;
    for (const auto& example : examples)
        if (example.path == path) lines.push_back(example.line);
    return lines;
}

}  // namespace driftkeeper
