#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/source/source_file.hpp"

namespace driftkeeper {

// What discovery reads of one tree.
struct Sources {
    std::vector<SourceFile> files;
    std::vector<LeftOut> leftOut;
};

// Collects the files of a tree, whoever reads them. What says nothing to discovery costs nothing:
// only its path is kept. So is that of what is too large, beyond the sum, or encrypted, and then
// that is said.
class SourceCollector {
public:
    static constexpr std::uint64_t largestFile = 4U << 20U;
    static constexpr std::uint64_t mostBytes = 64U << 20U;
    static constexpr std::uint64_t largestRead = 64U
                                                 << 20U;  // what is larger is not even looked into

    // False: the text says nothing.
    bool take(std::string path, std::string text);
    void takePath(std::string path);
    void takeLink(std::string path, std::string folder);
    void leaveOut(std::string path, std::string_view reason);  // its path is kept

    // As far as it is collected.
    [[nodiscard]] const Sources& sources() const noexcept { return sources_; }
    [[nodiscard]] Sources&& take() noexcept { return std::move(sources_); }

private:
    Sources sources_;
    std::uint64_t bytes_ = 0;
};

}  // namespace driftkeeper
