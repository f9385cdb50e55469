// Any text: settings are read or have mistakes whose places lie in the text.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "daemon/settings/settings_file.hpp"

using namespace driftkeeper;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(bytes), size);
    const auto loaded =
        parseSettings(text, "x", [](std::string_view) { return std::optional<std::string>("/x"); });
    const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1;
    for (const auto& mistake : loaded.mistakes) {
        if (mistake.position.line < 1 || mistake.position.line > lines ||
            mistake.position.column < 1)
            std::abort();
    }
    if (render(loaded.mistakes).empty() != loaded.mistakes.empty()) std::abort();
    parseEnvironment(text, "x");
    return 0;
}
