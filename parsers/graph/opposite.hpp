#pragma once

#include "parsers/graph/drift.hpp"

namespace driftkeeper {

// What the other side did, when one of them did this.
constexpr Change opposite(Change change) noexcept {
    switch (change) {
        case Change::Created:
            return Change::Deleted;
        case Change::Deleted:
            return Change::Created;
        case Change::Modified:
            break;
    }
    return Change::Modified;
}

}  // namespace driftkeeper
