#include "daemon/model/channel_settings.hpp"

#include <algorithm>

namespace driftkeeper {

std::string ChannelSettings::option(std::string_view key) const {
    auto given = optionOf(options, key);
    if (!given.empty() || kind == nullptr) return given;
    const auto spec = std::ranges::find(kind->options, key, &OptionSpec::key);
    return spec == kind->options.end() ? std::string() : std::string(spec->fallback);
}

std::vector<std::string> ChannelSettings::list(std::string_view key) const {
    return listOf(options, key);
}

const SecretSource& ChannelSettings::secret(std::string_view key) const noexcept {
    static const SecretSource none;
    const auto it = secrets.find(key);
    return it == secrets.end() ? none : it->second;
}

}  // namespace driftkeeper
