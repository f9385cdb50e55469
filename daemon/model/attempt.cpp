#include "daemon/model/attempt.hpp"

#include <array>

namespace driftkeeper {
namespace {

constexpr std::array<std::string_view, 7> outcomes = {"delivered",  "accepted",  "throttled",
                                                      "transient",  "ambiguous", "bad_destination",
                                                      "bad_payload"};

}  // namespace

std::string_view name(Outcome outcome) noexcept {
    return outcomes[static_cast<std::size_t>(outcome)];
}

}  // namespace driftkeeper
