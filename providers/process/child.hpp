#pragma once

#include <sys/types.h>

#include <chrono>
#include <expected>

#include "providers/process/descriptor.hpp"
#include "providers/process/launcher.hpp"

namespace driftkeeper {

// A program that runs below a supervisor (supervisor.hpp), and our ends of its pipes. One thread at
// a time. What it started ends with this object, which waits for that: a program that the kernel
// cannot kill (uninterruptible sleep) is given up after 5 seconds.
class Child {
public:
    enum class Input { None, Pipe };

    // `what`: its descriptors for output and control are filled in here, and for input when it has
    // none. ETIMEDOUT: it did not start within `limit`.
    static std::expected<Child, launcher::Failure> start(launcher::Start what, Input input,
                                                         std::chrono::milliseconds limit);

    Child(Child&& other) noexcept;
    Child& operator=(Child&&) = delete;
    ~Child();

    // supervisor::terminate or supervisor::kill.
    void order(char what) noexcept;
    // Nobody waits for the end any more; it is killed all the same.
    void abandon() noexcept;

    // Non-blocking; `in` is not open without Input::Pipe. May be closed by whoever uses them.
    Descriptor in, out, err;
    // A sequence of packets: one supervisor::Ending, then the end, when nothing is left. Blocking.
    Descriptor control;

private:
    Child() = default;
    pid_t supervisor_ = -1;
};

}  // namespace driftkeeper
