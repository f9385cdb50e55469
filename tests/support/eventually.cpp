#include "tests/support/eventually.hpp"

#include <algorithm>
#include <thread>

namespace driftkeeper::tests {

bool eventually(const std::function<bool()>& done, std::chrono::milliseconds limit) {
    const auto end = std::chrono::steady_clock::now() + limit;
    auto pause = std::chrono::milliseconds(1);  // longer each time, up to what costs nobody a core
    while (!done()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(pause);
        pause = std::min(pause * 2, std::chrono::milliseconds(50));
    }
    return true;
}

}  // namespace driftkeeper::tests
