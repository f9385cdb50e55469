#include "daemon/base/random.hpp"

#include <sys/random.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "parsers/text/encoding.hpp"

namespace driftkeeper {

std::string randomBytes(std::size_t count) {
    std::string bytes(count, '\0');
    std::size_t filled = 0;
    while (filled < count) {
        const auto got = getrandom(bytes.data() + filled, count - filled, 0);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) std::abort();
        filled += static_cast<std::size_t>(got);
    }
    return bytes;
}

std::string makeUuid() {
    std::string bytes = randomBytes(16);
    bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x40);
    bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);
    std::string uuid = hex(bytes);
    for (const std::size_t at : {20U, 16U, 12U, 8U}) uuid.insert(at, 1, '-');
    return uuid;
}

double uniformRandom() {
    const std::string bytes = randomBytes(8);
    std::uint64_t number = 0;
    std::memcpy(&number, bytes.data(), sizeof number);
    return static_cast<double>(number >> 11) * 0x1p-53;
}

}  // namespace driftkeeper
