#pragma once

#include <string>
#include <utility>

#include "parsers/graph/drift.hpp"

namespace driftkeeper {

// A difference that a rule keeps quiet, with only what most tests look at.
inline NotTold quiet(std::string address, std::string cause, std::string rule = "") {
    NotTold one;
    one.drift.address = std::move(address);
    one.drift.cause = std::move(cause);
    one.rule = std::move(rule);
    return one;
}

}  // namespace driftkeeper
