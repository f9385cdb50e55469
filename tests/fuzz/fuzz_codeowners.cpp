// Any text, as the file of either forge and of none: reading ends, mistakes lie in the text, and
// asking costs little.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "parsers/codeowners/codeowners.hpp"

using namespace driftkeeper;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(bytes), size);
    const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1;
    for (const auto* place : codeownersPlaces) {
        const auto codeowners = parseCodeowners(place, text);
        for (const auto& mistake : codeowners.mistakes)
            if (mistake.line < 1 || mistake.line > lines || mistake.message.empty()) std::abort();
        for (const std::string_view path :
             {"a", "prod/network/main.tf", "a/a/a/a/a/a/a/a/aaaaaaaaaaaaaaaa.tf"})
            for (const auto& owner : codeowners.ownersOf(path))
                if (owner.find('@') == std::string::npos ||
                    text.find(owner) == std::string_view::npos)
                    std::abort();
    }
    return 0;
}
