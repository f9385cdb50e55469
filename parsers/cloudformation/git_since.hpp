#pragma once

#include <string>
#include <utility>

#include "parsers/cloudformation/stack_sides.hpp"
#include "parsers/json/remembered_values.hpp"
#include "parsers/json/value_tags.hpp"

namespace driftkeeper::cloudformation {

// Whether Git asks for something else than at the last look that was in sync. What is remembered of
// that look decides, resource by resource; without it the files do.
class GitSince {
public:
    // `filesMoved`: the stack's files are not those of that look, or there was none.
    GitSince(bool filesMoved) : filesMoved_(filesMoved) {}  // NOLINT: the short way to say it
    GitSince(bool filesMoved, bool isSameCommit, RememberedValues then)
        : filesMoved_(filesMoved), isSameCommit_(isSameCommit), then_(std::move(then)) {}

    // `address`: of a resource, Parameters.NAME or Tags, with the prefix of its stack.
    [[nodiscard]] bool hasMoved(const std::string& address, const Json& asked,
                                const ValueTags& tags) const;

    // Whether no commit can be why: the files and the commit are those of that look.
    [[nodiscard]] bool isOutsideGit() const noexcept {
        return !then_.isEmpty() && !filesMoved_ && isSameCommit_;
    }

private:
    bool filesMoved_ = true;
    bool isSameCommit_ = false;
    RememberedValues then_;
};

// What Git asks for at an address, with the values of the parameters that it names; null: nothing.
Json askedAt(const StackSides& sides, const std::string& id);

// All of it, for a later look.
void rememberAsked(const StackSides& sides, RememberedValues& values, const ValueTags& tags);

}  // namespace driftkeeper::cloudformation
