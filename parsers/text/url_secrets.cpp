#include "parsers/text/url_secrets.hpp"

#include <algorithm>

#include "parsers/text/ascii.hpp"

namespace driftkeeper {
namespace {

constexpr std::string_view separator = "://";
constexpr auto none = std::string_view::npos;

bool endsUrl(char c) noexcept {
    return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f ||
           std::string_view("\"'`<>").find(c) != none;
}

// What stands behind "://" up to the end of the URL, or up to the next URL.
std::string_view rest(std::string_view text) {
    text = text.substr(
        0, static_cast<std::size_t>(std::ranges::find_if(text, endsUrl) - text.begin()));
    return text.substr(0, text.find(separator));
}

// The length of the user part with its '@'; 0: there is none.
std::size_t userLength(std::string_view url) {
    const auto last = url.rfind('@');
    if (last == none) return 0;
    const auto authority = url.substr(0, url.find_first_of("/?#"));
    const bool isHost =
        authority.find_first_of("@:") == none &&
        (authority.find('.') != none || authority == "localhost" || authority.empty());
    return isHost ? 0 : last + 1;
}

bool isPlainUser(std::string_view scheme, std::string_view user) {
    return (scheme.ends_with("ssh") || scheme.ends_with("sftp")) &&
           user.find_first_of(":/?#@") == none;
}

// "?ref=v1&sig=x#a=b", with the values hidden.
std::string withoutValues(std::string_view query, std::string_view mark) {
    std::string out;
    while (!query.empty()) {
        const char lead = query.front();  // ? & #
        query.remove_prefix(1);
        const auto part = query.substr(0, query.find_first_of("&#"));
        query.remove_prefix(part.size());
        const auto sign = part.find('=');
        const bool isPlain =
            part.empty() || part.starts_with("ref=") || (lead == '#' && sign == none);
        out += lead;
        if (isPlain) {
            out += part;
        } else {
            if (sign != none) out += part.substr(0, sign + 1);
            out += mark;
        }
    }
    return out;
}

std::string_view schemeBefore(std::string_view text) {
    std::size_t begin = text.size();
    while (begin > 0 &&
           (isLetter(text[begin - 1]) || isDigit(text[begin - 1]) || text[begin - 1] == '+'))
        --begin;
    return text.substr(begin);
}

}  // namespace

std::string withoutUrlSecrets(std::string_view text, std::string_view mark) {
    std::string out;
    std::size_t done = 0;
    for (auto at = text.find(separator); at != none; at = text.find(separator, done)) {
        const auto begin = at + separator.size();
        const auto url = rest(text.substr(begin));
        const auto user = url.substr(0, userLength(url));
        out += text.substr(done, begin - done);
        if (!user.empty()) {
            if (isPlainUser(schemeBefore(text.substr(0, at)), user.substr(0, user.size() - 1)))
                out += user;
            else if (!mark.empty())
                (out += mark) += '@';
        }
        const auto place = url.substr(user.size());
        const auto query = std::min(place.find_first_of("?#"), place.size());
        out += place.substr(0, query);
        if (!mark.empty()) out += withoutValues(place.substr(query), mark);
        done = begin + url.size();
    }
    return out.append(text.substr(done));
}

bool holdsUrlPassword(std::string_view text) {
    for (auto at = text.find(separator); at != none; at = text.find(separator, at + 1)) {
        const auto url = rest(text.substr(at + separator.size()));
        if (url.substr(0, userLength(url)).find(':') != none) return true;
    }
    return false;
}

}  // namespace driftkeeper
