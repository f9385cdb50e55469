#include "parsers/text/url_secrets.hpp"

#include <algorithm>

#include <array>

#include "parsers/text/ascii.hpp"
#include "parsers/text/secret_names.hpp"

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

// What follows is a key, up to a query.
constexpr std::array<std::string_view, 7> webhooks = {
    "hooks.slack.com/services/", "hooks.slack.com/workflows/",   "hooks.slack.com/triggers/",
    "discord.com/api/webhooks/", "discordapp.com/api/webhooks/", "outlook.office.com/webhook/",
    "api.telegram.org/bot"};
constexpr std::string_view teamsWebhook = ".webhook.office.com/";

std::size_t webhookLength(std::string_view place) {
    for (const auto webhook : webhooks)
        if (place.starts_with(webhook)) return webhook.size();
    const auto at = place.find(teamsWebhook);
    return at == none || at > place.find('/') ? 0 : at + teamsWebhook.size();
}

bool signs(std::string_view name) {
    constexpr std::array<std::string_view, 4> words = {"sig", "signature", "key", "code"};
    return looksSecret(name) || std::ranges::any_of(words, [&](std::string_view word) {
               const auto front = name.size() - std::min(name.size(), word.size());
               const auto isSame = [](char a, char b) { return (a | 0x20) == b; };
               return std::ranges::equal(name.substr(front), word, isSame) &&
                      (front == 0 || name[front - 1] == '-' || name[front - 1] == '_');
           });
}

std::string maskedOnce(std::string_view secret, const SecretMask& mask) {
    return secret.empty() || isMasked(secret) ? std::string(secret) : mask(secret);
}

// USER:PASSWORD, or a token.
std::string maskedUser(std::string_view scheme, std::string_view user, const SecretMask& mask) {
    if (isPlainUser(scheme, user) || isMasked(user)) return std::string(user);
    const auto sign = user.find(':');
    if (sign == none) return mask(user);
    return std::string(user.substr(0, sign + 1)) + maskedOnce(user.substr(sign + 1), mask);
}

std::string maskedQuery(std::string_view query, const SecretMask& mask) {
    std::string out;
    while (!query.empty()) {
        out += query.front();
        query.remove_prefix(1);
        const auto part = query.substr(0, query.find_first_of("&#"));
        query.remove_prefix(part.size());
        const auto sign = part.find('=');
        if (sign == none || !signs(part.substr(0, sign)))
            out += part;
        else
            (out += part.substr(0, sign + 1)) += maskedOnce(part.substr(sign + 1), mask);
    }
    return out;
}

std::string maskedPlace(std::string_view place, const SecretMask& mask) {
    const auto query = std::min(place.find_first_of("?#"), place.size());
    const auto plain = webhookLength(place.substr(0, query));
    std::string out(place.substr(0, plain == 0 ? query : plain));
    if (plain != 0) out += maskedOnce(place.substr(plain, query - plain), mask);
    return out + maskedQuery(place.substr(query), mask);
}

}  // namespace

std::string withoutUrlSecrets(std::string_view text, const SecretMask& mask) {
    std::string out;
    std::size_t done = 0;
    for (auto at = text.find(separator); at != none; at = text.find(separator, done)) {
        const auto begin = at + separator.size();
        const auto url = rest(text.substr(begin));
        const auto user = url.substr(0, userLength(url));
        out += text.substr(done, begin - done);
        if (!user.empty())
            (out += maskedUser(schemeBefore(text.substr(0, at)), user.substr(0, user.size() - 1),
                               mask)) += '@';
        out += maskedPlace(url.substr(user.size()), mask);
        done = begin + url.size();
    }
    return out.append(text.substr(done));
}

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

}  // namespace driftkeeper
