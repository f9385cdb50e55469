#pragma once

#include <string_view>
#include <vector>

#include "parsers/graph/report.hpp"
#include "parsers/source/source_file.hpp"

// A system of record that is as small as one can be: lines NAME=VALUE in stack.sample, and the same
// in a live file.
namespace driftkeeper::sample {

bool isSource(std::string_view path) noexcept;
std::vector<DiscoveredStack> discover(const std::vector<SourceFile>& files);

// Each name whose value is another one, or that is missing live, is a drift.
Report compare(std::string_view wanted, std::string_view live);

}  // namespace driftkeeper::sample
