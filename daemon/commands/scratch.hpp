#pragma once

#include <stdlib.h>

#include <filesystem>
#include <string>

#include "providers/process/remove_tree.hpp"

namespace driftkeeper {

// A private folder below the temporary one, removed with all that is in it. path() is empty when it
// could not be made.
class Scratch {
public:
    Scratch() {
        std::string pattern =
            (std::filesystem::temp_directory_path() / ("driftkeeper-" + std::string(6, 'X')))
                .string();
        if (mkdtemp(pattern.data()) != nullptr) path_ = pattern;
    }
    ~Scratch() {
        if (!path_.empty()) removeTree(path_);
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
};

}  // namespace driftkeeper
