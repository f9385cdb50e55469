#include "daemon/notify/secret.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <system_error>

namespace driftkeeper {
namespace {

constexpr std::size_t maxBytes = 64 * 1024;  // a longer file is some other file

std::unexpected<Error> refused(std::string message) {
    return failure(Remedy::FixSetup, "channel_secret", std::move(message));
}

Result<std::string> fileText(const std::filesystem::path& path, std::string_view what) {
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    std::string text(maxBytes + 1, '\0');
    if (file) file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!file.is_open() || file.bad()) {
        const std::error_code reason(errno, std::generic_category());
        return refused(
            fmt::format("{}: cannot read {}: {}", what, path.string(), reason.message()));
    }
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (text.size() > maxBytes)
        return refused(fmt::format("{}: {} is larger than 64 KiB", what, path.string()));
    return text;
}

bool isControl(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

}  // namespace

Result<std::string> readSecret(const SecretSource& source, std::string_view what) {
    std::string text = source.value;
    if (!source.file.empty()) {
        Result<std::string> read = fileText(source.file, what);
        if (!read) return read;
        text = std::move(*read);
    }
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
    if (text.empty()) return refused(fmt::format("{} is empty", what));
    if (std::any_of(text.begin(), text.end(), isControl))
        return refused(fmt::format("{} has control characters in it", what));
    return text;
}

Result<std::string> readSecret(const ChannelSettings& settings, std::string_view key) {
    return readSecret(settings.secret(key), key);
}

Result<std::string> baseUrl(const ChannelSettings& settings, std::string_view usual) {
    if (!settings.secret("url").given()) return std::string(usual);
    auto url = readSecret(settings, "url");
    while (url && url->ends_with('/')) url->pop_back();
    return url;
}

}  // namespace driftkeeper
