#pragma once

#include <string>

#include "daemon/model/time.hpp"

namespace driftkeeper {

// A commit, for people.
struct Touch {
    std::string commit;   // full hash
    std::string author;   // the name alone
    TimePoint when{};     // of the author, who may have any clock
    std::string summary;  // the first line of the message
};

}  // namespace driftkeeper
