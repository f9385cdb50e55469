#include "providers/process/client_hello.hpp"

#include <algorithm>
#include <cstddef>

namespace driftkeeper {
namespace {

constexpr std::size_t largest = std::size_t{64} << 10;
constexpr char handshake = 22;         // content type of a record
constexpr char hello = 1;              // type of a message
constexpr char hostName = 0;           // type of a server's name
constexpr std::size_t serverName = 0;  // number of the extension

// Reads numbers and blocks of a message; once it asked for more than there is, it is not good.
class Cursor {
public:
    explicit Cursor(std::string_view bytes) : rest_(bytes) {}

    std::string_view take(std::size_t size) {
        if (size > rest_.size()) {
            isGood_ = false;
            rest_ = {};
            return {};
        }
        const std::string_view taken = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return taken;
    }
    std::size_t number(std::size_t bytes) {
        std::size_t value = 0;
        for (const char byte : take(bytes)) value = value << 8 | static_cast<unsigned char>(byte);
        return value;
    }
    // A block behind its length.
    std::string_view block(std::size_t lengthBytes) { return take(number(lengthBytes)); }

    [[nodiscard]] bool isGood() const { return isGood_; }
    [[nodiscard]] bool isAtEnd() const { return rest_.empty(); }

private:
    std::string_view rest_;
    bool isGood_ = true;
};

// The bytes of the handshake, out of the records that carry it. nullopt: another record begins.
std::optional<std::string> handshakeOf(std::string_view bytes) {
    constexpr std::size_t head = 5;
    std::string message;
    while (bytes.size() >= head) {
        if (bytes[0] != handshake || bytes[1] != 3) return std::nullopt;
        Cursor cursor(bytes.substr(3));
        const std::size_t size = cursor.number(2);
        if (size == 0) return std::nullopt;
        bytes.remove_prefix(head);
        message.append(bytes.substr(0, size));
        bytes.remove_prefix(std::min(size, bytes.size()));
    }
    return message;
}

// nullopt: it is broken.
std::optional<std::string> serverOf(std::string_view body) {
    Cursor cursor(body);
    cursor.take(2 + 32);  // version, random
    cursor.block(1);      // session
    cursor.block(2);      // ciphers
    cursor.block(1);      // compressions
    if (!cursor.isGood()) return std::nullopt;
    if (cursor.isAtEnd()) return std::string();
    Cursor extensions(cursor.block(2));
    std::string server;
    while (!extensions.isAtEnd()) {
        const std::size_t kind = extensions.number(2);
        const std::string_view content = extensions.block(2);
        if (!extensions.isGood()) return std::nullopt;
        if (kind != serverName) continue;
        Cursor outer(content);
        Cursor names(outer.block(2));
        while (!names.isAtEnd()) {
            const std::string_view type = names.take(1);
            const std::string_view name = names.block(2);
            // A second name would be read by some and not by others.
            if (!names.isGood() || !server.empty()) return std::nullopt;
            if (type[0] == hostName) server = name;
        }
        if (!outer.isGood()) return std::nullopt;
    }
    return cursor.isGood() ? std::optional(server) : std::nullopt;
}

}  // namespace

ClientHello clientHello(std::string_view bytes) {
    using Kind = ClientHello::Kind;
    if (bytes.empty()) return {Kind::Unfinished, {}};
    if (bytes[0] != handshake) return {Kind::Other, {}};
    if (bytes.size() > largest) return {Kind::Broken, {}};
    const auto message = handshakeOf(bytes);
    if (!message) return {Kind::Broken, {}};
    if (message->size() < 4) return {Kind::Unfinished, {}};
    if ((*message)[0] != hello) return {Kind::Broken, {}};
    Cursor cursor(std::string_view(*message).substr(1));
    const std::size_t size = cursor.number(3);
    if (size > largest) return {Kind::Broken, {}};
    if (message->size() - 4 < size) return {Kind::Unfinished, {}};
    const auto server = serverOf(cursor.take(size));
    return server ? ClientHello{Kind::Named, *server} : ClientHello{Kind::Broken, {}};
}

}  // namespace driftkeeper
