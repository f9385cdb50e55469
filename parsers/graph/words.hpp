#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace driftkeeper {

// The words that an enumeration has outside of the program, in the order of its values, which
// count from 0.
template <class Enum, std::size_t N>
struct Words {
    std::array<std::string_view, N> words;

    [[nodiscard]] constexpr std::string_view of(Enum value) const noexcept {
        return words[static_cast<std::size_t>(value)];
    }
    [[nodiscard]] constexpr std::optional<Enum> from(std::string_view word) const noexcept {
        for (std::size_t i = 0; i < N; ++i)
            if (words[i] == word) return static_cast<Enum>(i);
        return std::nullopt;
    }
};

}  // namespace driftkeeper
