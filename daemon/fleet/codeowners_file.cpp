#include "daemon/fleet/codeowners_file.hpp"

#include <fmt/format.h>

namespace driftkeeper {
namespace {

std::string firstMistake(const std::string& place,
                         const std::vector<Codeowners::Mistake>& mistakes) {
    if (mistakes.empty()) return {};
    std::string text =
        fmt::format("{}:{}: {}", place, mistakes.front().line, mistakes.front().message);
    if (mistakes.size() > 1) text += fmt::format(" (and {} more lines)", mistakes.size() - 1);
    return text;
}

}  // namespace

CodeownersFile readCodeowners(const ReadTreeFile& read) {
    for (const std::string place : codeownersPlaces) {
        const auto text = read(place);
        if (!text) return {{}, place + ": " + text.error().message};
        if (!*text) continue;
        auto codeowners = parseCodeowners(place, **text);
        auto mistake = firstMistake(place, codeowners.mistakes);
        return {std::move(codeowners), std::move(mistake)};
    }
    return {};
}

}  // namespace driftkeeper
