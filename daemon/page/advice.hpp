#pragma once

#include <string>
#include <string_view>

#include "daemon/contract/stack_object.hpp"

// What to do about a stack, in a sentence or two. Pure.
namespace driftkeeper::page {

std::string adviceFor(const StackObject& stack);

// For a reason code; a general sentence for one that is not known.
std::string_view adviceForReason(std::string_view code) noexcept;

// For a cause of a drift; empty for one that needs none.
std::string_view adviceForCause(std::string_view cause) noexcept;

}  // namespace driftkeeper::page
