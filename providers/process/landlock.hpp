#pragma once

#include <string>
#include <vector>

#include "parsers/result.hpp"
#include "providers/process/descriptor.hpp"
#include "providers/process/tool_runner.hpp"

// Landlock (Documentation/userspace-api/landlock.rst of Linux, ABI 1 to 7).
namespace driftkeeper::landlock {

// The kernel's ABI; 0: it has none, tools then run without a sandbox.
int version() noexcept;

// The rules for a sandbox, looked up now: what appears later beside a hidden path cannot be read. A
// closed descriptor when the kernel has no Landlock. Fails with `tool_not_started`.
Result<Descriptor> ruleset(const Sandbox& sandbox);

// Confines the calling process for ever; it must have no_new_privs. Safe between fork and exec.
// errno on failure.
bool restrictSelf(int ruleset) noexcept;

// The same from within a room: all in it can be read, only `writable` written. Nothing happens when
// the kernel has no Landlock.
bool restrictToRoom(const std::vector<std::string>& writable) noexcept;

}  // namespace driftkeeper::landlock
