#pragma once

#include <string>
#include <string_view>

#include "daemon/model/channel_settings.hpp"
#include "parsers/result.hpp"

namespace driftkeeper {

// The secret as it is now, without trailing line ends; a file is read at every call. `what` names
// it for an operator. Fails with `channel_secret` (FixSetup) when a file cannot be read, is larger
// than 64 KiB, or when what it holds is empty or has control characters.
Result<std::string> readSecret(const SecretSource& source, std::string_view what);

// The secret that a channel's settings have at `key`.
Result<std::string> readSecret(const ChannelSettings& settings, std::string_view key);

// The same for `url`, the address of a service, without a final slash; `usual` when none is given.
Result<std::string> baseUrl(const ChannelSettings& settings, std::string_view usual);

}  // namespace driftkeeper
