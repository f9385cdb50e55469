#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "daemon/model/time.hpp"
#include "parsers/graph/drift.hpp"

// What stacks have to do with each other.
namespace driftkeeper {

// What is reached from one resource against the arrows, across stacks.
struct Dependents {
    std::size_t count = 0;             // in its own stack and in others
    std::vector<Elsewhere> elsewhere;  // the first of other stacks, nearest first
};

// A stack that says it manages a real thing.
struct Claim {
    std::string identity;
    std::string stackId;
    std::string stack;  // full name
    std::string repository;
    std::string provider;
    std::string address;
    std::string type;
    TimePoint since{};   // start of the look that showed it first
    TimePoint looked{};  // start of the stack's last look that was not failed
};

// Every thing that more than one stack claims, in order of identity and stack.
struct Claims {
    std::int64_t version = 0;  // another one when claims came or went
    std::vector<Claim> claims;
    // Stack id -> keys of the Terraform states that it reads.
    std::map<std::string, std::set<std::string>> states;
    // The same of states that more than one stack writes: `identity` is the key.
    std::vector<Claim> sharedStates{};
};

}  // namespace driftkeeper
