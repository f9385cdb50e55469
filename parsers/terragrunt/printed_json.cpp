#include "parsers/terragrunt/printed_json.hpp"

namespace driftkeeper::terragrunt {

std::optional<Json> printedJson(std::string_view text) {
    constexpr std::string_view mark = "\n{";
    constexpr int mostTries = 1000;
    auto at = text.rfind(mark);
    for (int tried = 0; at != std::string_view::npos && tried < mostTries; ++tried) {
        auto read = readJson(text.substr(at + 1));
        if (read && read->isObject()) return *std::move(read);
        at = at == 0 ? std::string_view::npos : text.rfind(mark, at - 1);
    }
    auto read = readJson(text);
    return read && read->isObject() ? std::optional(*std::move(read)) : std::nullopt;
}

}  // namespace driftkeeper::terragrunt
