#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>

namespace driftkeeper::page {

// Markup that stands in this program's sources word for word: nothing that came from outside can
// become one.
class Markup {
public:
    consteval Markup(const char* literal) : text_(literal) {}
    [[nodiscard]] constexpr std::string_view text() const noexcept { return text_; }

private:
    std::string_view text_;
};

template <class T>
concept UntrustedText = std::same_as<T, std::string> || std::same_as<T, std::string_view>;

// HTML in the making. Literals of the sources go in as they are; every text is made printable and
// escaped, so that it is a text between tags and between double quotes alike; HTML that was made
// this way goes in as it is.
class Html {
public:
    Html& operator<<(Markup markup) {
        text_ += markup.text();
        return *this;
    }
    Html& operator<<(const Html& part) {
        text_ += part.text_;
        return *this;
    }
    template <UntrustedText T>
    Html& operator<<(const T& text) {
        addEscaped(text);
        return *this;
    }
    template <std::integral T>
    requires(!std::same_as<T, bool> && !std::same_as<T, char>) Html& operator<<(T number) {
        text_ += std::to_string(number);
        return *this;
    }

    [[nodiscard]] bool empty() const noexcept { return text_.empty(); }
    [[nodiscard]] std::string take() && { return std::move(text_); }

private:
    void addEscaped(std::string_view text);

    std::string text_;
};

// One of two literals.
constexpr Markup either(bool first, Markup one, Markup other) {
    return first ? one : other;
}

}  // namespace driftkeeper::page
