#include "providers/look/peers.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <iterator>
#include <optional>
#include <ranges>
#include <string>

#include "providers/look/files.hpp"

namespace driftkeeper {
namespace {

using Bytes = Network::Bytes;

std::vector<Bytes> addressesOf(const std::string& host) {
    Bytes address{};
    if (::inet_pton(AF_INET6, host.c_str(), address.data()) == 1) return {address};
    address = {};
    address[10] = address[11] = 0xff;
    if (::inet_pton(AF_INET, host.c_str(), address.data() + 12) == 1) return {address};
    std::string small = host;
    std::ranges::transform(small, small.begin(), [](unsigned char c) { return std::tolower(c); });
    if (small == "localhost" || small.ends_with(".localhost")) {
        Bytes six{};
        six[15] = 1;
        Bytes four = address;
        four[12] = 127;
        four[15] = 1;
        return {four, six};
    }
    return {};
}

bool isOfHost(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-' || c == '_';
}

bool isOfSix(char c) {
    return std::isxdigit(static_cast<unsigned char>(c)) != 0 || c == ':' || c == '.';
}

std::uint16_t portOf(std::string_view scheme) {
    constexpr std::array<std::pair<std::string_view, std::uint16_t>, 9> known = {
        {{"http", 80},
         {"https", 443},
         {"ws", 80},
         {"wss", 443},
         {"ssh", 22},
         {"postgres", 5432},
         {"postgresql", 5432},
         {"mysql", 3306},
         {"redis", 6379}}};
    const auto found =
        std::ranges::find(known, scheme, &std::pair<std::string_view, std::uint16_t>::first);
    return found == known.end() ? std::uint16_t{0} : found->second;
}

// The scheme of the URL whose host begins at `at`; nullopt: it is in none.
std::optional<std::string_view> schemeBefore(std::string_view text, std::size_t at) {
    const std::size_t begin = text.find_last_of(" \t\r\n\"'`,;(<", at == 0 ? 0 : at - 1);
    const std::string_view word =
        text.substr(begin == std::string_view::npos ? 0 : begin + 1,
                    at - (begin == std::string_view::npos ? 0 : begin + 1));
    const std::size_t end = word.rfind("://");
    if (end == std::string_view::npos || word.find('/', end + 3) != std::string_view::npos)
        return std::nullopt;
    std::size_t first = end;
    while (first > 0 && std::isalnum(static_cast<unsigned char>(word[first - 1])) != 0) --first;
    return word.substr(first, end - first);
}

// One host, from `begin` to `end` in the text; what stands around it decides.
void addHost(std::string_view text, std::size_t begin, std::size_t end, const std::string& host,
             std::vector<Network::Peer>& peers) {
    const std::vector<Bytes> addresses = addressesOf(host);
    if (addresses.empty()) return;
    std::uint16_t port = 0;
    if (end < text.size() && text[end] == ':') {
        const char* last = text.data() + text.size();
        if (std::from_chars(text.data() + end + 1, last, port).ec != std::errc()) port = 0;
    }
    if (port == 0) {
        const auto scheme = schemeBefore(text, begin);
        const bool begins = begin == 0 || text[begin - 1] == '=';
        const bool ends = end == text.size() || std::isspace(static_cast<unsigned char>(text[end]));
        if (!scheme && !(begins && ends)) return;
        if (scheme) port = portOf(*scheme);
    }
    for (const Bytes& address : addresses) peers.push_back({address, port});
}

}  // namespace

std::vector<Network::Peer> peersIn(std::string_view text) {
    std::vector<Network::Peer> peers;
    for (std::size_t at = 0; at < text.size();) {
        const bool isBracket = text[at] == '[';
        std::size_t end = at + (isBracket ? 1 : 0);
        if (isBracket || text[at] == ':') {
            while (end < text.size() && isOfSix(text[end])) ++end;
            const std::size_t from = at + (isBracket ? 1 : 0);
            const std::string host(text.substr(from, end - from));
            const bool isClosed = isBracket && end < text.size() && text[end] == ']';
            if (isClosed || !isBracket) addHost(text, at, end + (isClosed ? 1 : 0), host, peers);
            at = std::max(end, at + 1);
            continue;
        }
        if (!isOfHost(text[at])) {
            ++at;
            continue;
        }
        while (end < text.size() && isOfHost(text[end])) ++end;
        addHost(text, at, end, std::string(text.substr(at, end - at)), peers);
        at = end;
    }
    return peers;
}

void addPeersOf(const std::string& value, std::vector<Network::Peer>& peers) {
    constexpr std::size_t largest = std::size_t{1} << 20;
    std::ranges::copy(peersIn(value), std::back_inserter(peers));
    for (const auto part : std::views::split(value, ':')) {
        const std::filesystem::path path(std::string_view(part.begin(), part.end()));
        if (!path.is_absolute()) continue;
        if (const auto text = fileText(path, largest))
            std::ranges::copy(peersIn(*text), std::back_inserter(peers));
    }
}

std::vector<Network::Peer> resolversIn(std::string_view text) {
    constexpr std::uint16_t dns = 53;
    std::vector<Network::Peer> peers;
    constexpr std::string_view key = "nameserver";
    while (!text.empty()) {
        std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        if (!line.starts_with(key)) continue;
        line.remove_prefix(key.size());
        const std::size_t begin = line.find_first_not_of(" \t");
        if (begin == std::string_view::npos) continue;
        line.remove_prefix(begin);
        line = line.substr(0, line.find_first_of(" \t\r%#"));
        for (const Bytes& address : addressesOf(std::string(line))) peers.push_back({address, dns});
    }
    if (peers.empty())
        for (const Bytes& address : addressesOf("localhost")) peers.push_back({address, dns});
    return peers;
}

}  // namespace driftkeeper
