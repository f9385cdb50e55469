// Whatever a version file or a constraint says: read or refused, and the order of versions is one.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "parsers/terraform/version.hpp"

using namespace driftkeeper::terraform;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto half = text.substr(0, size / 2);
    const auto rest = text.substr(size / 2);
    if (const auto version = versionFrom(half)) {
        if (!(*version == *version)) std::abort();
        // Written whole it may be longer by a dash and zeros than what is read.
        constexpr std::size_t safe = 200;
        if (half.size() < safe && versionFrom(toText(*version)) != version) std::abort();
        const auto other = versionFrom(rest);
        if (other && (*version < *other) != (*other > *version)) std::abort();
        if (const auto constraints = constraintsFrom(rest)) (void)constraints->allow(*version);
        if (const auto request = VersionRequest::fromFile(rest)) (void)request->fits(*version);
    }
    (void)matchesPattern(half, rest);
    return 0;
}
