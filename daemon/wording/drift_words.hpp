#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "parsers/graph/drift.hpp"
#include "parsers/graph/report.hpp"

// What is said of a drift in the same words everywhere. Not escaped for any place.
namespace driftkeeper {

std::string_view wordOf(Verdict verdict) noexcept;              // "in sync", as people read it
std::string counted(std::size_t count, std::string_view noun);  // "1 stack", "2 stacks"

// "also used by infra/prod/app: aws_instance.web (+3 more)"; empty when nothing in another stack
// depends on it.
std::string alsoUsedBy(const Drift& drift);

// "changed by kubectl-edit, 2026-11-22T10:00:00Z"; empty when nobody knows.
std::string changedBy(const Drift& drift);

// "modified live", "deleted in Git", "conflict: modified live, deleted in Git".
std::string changedWhere(const Drift& drift);

}  // namespace driftkeeper
