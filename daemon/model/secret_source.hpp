#pragma once

#include <filesystem>
#include <string>

namespace driftkeeper {

// A secret that is given in the settings or, better, in a file that is read at every use (so that
// it can be rotated without a reload). At most one of the two is set.
struct SecretSource {
    std::string value;
    std::filesystem::path file;
    [[nodiscard]] bool given() const noexcept { return !value.empty() || !file.empty(); }
    bool operator==(const SecretSource&) const = default;
};

}  // namespace driftkeeper
