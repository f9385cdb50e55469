#include "providers/look/redacted.hpp"

#include <algorithm>

#include "parsers/json/secrets.hpp"
#include "parsers/text/ascii.hpp"
#include "parsers/text/secret_names.hpp"
#include "parsers/text/url_secrets.hpp"

namespace driftkeeper {
namespace {

void cutOut(std::string& text, std::string_view part) {
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 3))
        text.replace(at, part.size(), "***");
}

}  // namespace

std::string redacted(std::string_view text, const std::vector<std::string>& secrets) {
    std::string result(text);
    for (const std::string& secret : secrets)
        if (secret.size() >= 4) cutOut(result, secret);
    result = withoutSecrets(withoutUrlSecrets(result), stars());
    for (char& letter : result)
        if (static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f) letter = ' ';
    if (result.size() > 300) {
        std::size_t end = 297;
        while (end > 0 && (static_cast<unsigned char>(result[end]) & 0xc0U) == 0x80U) --end;
        result = result.substr(0, end) + "...";
    }
    return result;
}

bool namesSecret(std::string_view name) {
    return name.starts_with("TF_VAR_") || looksSecret(name);
}

std::vector<std::string> secretsIn(const Environment& environment) {
    std::vector<std::string> result;
    for (const auto& [name, text] : environment)
        if (text.size() >= 4 && namesSecret(name) && !name.starts_with("GIT_CONFIG_"))
            result.push_back(text);
    std::ranges::sort(result, std::ranges::greater(), &std::string::size);
    return result;
}

std::string flattened(std::string_view text) {
    std::string result = lowered(text);
    // Human output breaks its lines anywhere between words.
    std::ranges::replace(result, '\n', ' ');
    return result;
}

}  // namespace driftkeeper
