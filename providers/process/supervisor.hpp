#pragma once

#include <linux/filter.h>
#include <sys/types.h>

#include <cstdint>
#include <vector>

#include "providers/process/limits.hpp"
#include "providers/process/network_guard.hpp"
#include "providers/process/room.hpp"

// Between a call and its program stands a supervisor: a forked copy of us that never returns to the
// program's own code. It ends everything when we are gone: its end of the control socket then reads
// end of file. In a room it is process 1, and one signal reaches all. Elsewhere it adopts every
// orphan below it (child subreaper), so that a process which left the group by setsid is found and
// killed too. That holds with many calls at once and whatever thread made them. All of this runs
// between fork and exec: system calls only.
namespace driftkeeper::supervisor {

// What we write to the control socket, one byte each.
inline constexpr char terminate = 'T';  // TERM to the program's process group and to orphans
inline constexpr char kill = 'K';       // KILL to everything below the supervisor, at once

// What the supervisor writes back, once, when the program itself has ended; after it everything
// else is killed, and end of file says that nothing is left.
struct Ending {
    int code = 0;              // CLD_EXITED, CLD_KILLED or CLD_DUMPED
    int status = 0;            // exit status or signal
    Limit over = Limit::None;  // for which we ended it: memory or processes …
    std::uint64_t used = 0;    // … of which it used so much
};

// How the program is confined.
struct Walls {
    const room::Plan* room = nullptr;                  // the caller stands in it, as its process 1
    int ruleset = -1;                                  // Landlock's, outside of a room; -1: none
    const std::vector<sock_filter>* filter = nullptr;  // of system calls; none: all are open
    const network_guard::Rules* network = nullptr;     // judges peers; `filter` hands them over
    Limits limits = {};  // of memory, processes, and the size of a file
};

// Called in a fresh fork: returns 0 in the program's process, ready for exec (own process group,
// signals as new, no core dumps, no capabilities, no_new_privs, walls, no descriptors beyond 2
// after exec), or an errno; the caller becomes the supervisor and never returns.
int split(int control, const Walls& walls) noexcept;

}  // namespace driftkeeper::supervisor
