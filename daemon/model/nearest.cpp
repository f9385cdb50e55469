#include "daemon/model/nearest.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace driftkeeper {

std::string nearest(std::string_view word, const std::vector<std::string_view>& words) {
    if (word.size() > 60) return {};
    std::string best;
    std::size_t bestDistance = std::max<std::size_t>(word.size() / 3, 1) + 1;
    for (const auto candidate : words) {
        std::vector<std::size_t> row(candidate.size() + 1);
        std::iota(row.begin(), row.end(), std::size_t{0});
        for (std::size_t i = 0; i < word.size(); ++i) {
            std::size_t diagonal = std::exchange(row[0], i + 1);
            for (std::size_t j = 0; j < candidate.size(); ++j) {
                const auto replaced = diagonal + (word[i] == candidate[j] ? 0U : 1U);
                diagonal = row[j + 1];
                row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
            }
        }
        if (row.back() < bestDistance) {
            bestDistance = row.back();
            best = candidate;
        }
    }
    return best;
}

}  // namespace driftkeeper
