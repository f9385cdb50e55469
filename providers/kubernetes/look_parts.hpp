#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "providers/kubernetes/look.hpp"

namespace driftkeeper::kubernetes {

template <class Call, class Done, class Failed>
Outcome<void> Look::inParts(const Files& files, Call call, Done done, Failed failed, Alike alike,
                            std::size_t groupSize) {
    std::vector<Files> parts;
    for (std::size_t at = 0; at < files.size(); at += groupSize)
        parts.emplace_back(
            files.begin() + static_cast<std::ptrdiff_t>(at),
            files.begin() + static_cast<std::ptrdiff_t>(std::min(at + groupSize, files.size())));
    std::ranges::reverse(parts);
    while (!parts.empty()) {
        const Files part = std::move(parts.back());
        parts.pop_back();
        auto result = runner_.run(call(part));
        if (!result) return std::unexpected(result.error());
        if (result->status == 0) {
            if (auto read = done(result->out); !read) return read;
            continue;
        }
        const Reason why = whyFailed(*result, secrets_);
        if (concernsAll(why)) return std::unexpected(why);
        const bool isForAll = why.code == "forbidden" && (this->*alike)(part);
        if (part.size() == 1 || isForAll) {
            for (const fs::path& file : part) failed(file, why);
            continue;
        }
        const auto middle = part.begin() + static_cast<std::ptrdiff_t>(part.size() / 2);
        parts.emplace_back(middle, part.end());
        parts.emplace_back(part.begin(), middle);
    }
    return {};
}

}  // namespace driftkeeper::kubernetes
