#include "providers/process/limits.hpp"

namespace driftkeeper {

std::string_view name(Limit limit) noexcept {
    switch (limit) {
        case Limit::Memory:
            return "memory";
        case Limit::Processes:
            return "processes";
        case Limit::Disk:
            return "disk";
        case Limit::Output:
            return "output";
        case Limit::None:
            break;
    }
    return "";
}

}  // namespace driftkeeper
