#pragma once

#include <optional>
#include <string_view>

#include "parsers/kubernetes/difference.hpp"
#include "parsers/kubernetes/object.hpp"
#include "parsers/kubernetes/ownership.hpp"

// Which differences say nothing about people or Git: the causes of noise (parsers/graph/cause.hpp).
namespace driftkeeper::kubernetes {

struct Seen {
    const Object& git;
    const Object& live;
    const Appliers& appliers;
    bool isAutoscaled = false;
    bool byServer = false;  // the difference comes from a dry run of the server
};

// The cause of a difference that is noise; nullopt: it is real.
std::optional<std::string_view> noiseOf(const Difference& difference, const Seen& seen);

// The same for a field that another manager put beside what Git asks for.
std::optional<std::string_view> foreignNoise(const Owner& owner, const Path& path,
                                             const Object& live, bool isAutoscaled);

// What nobody ever wants to hear of: what the server and its controllers keep for themselves on
// every object.
bool isSilent(const Path& path);

}  // namespace driftkeeper::kubernetes
