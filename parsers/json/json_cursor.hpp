#pragma once

#include <string>
#include <string_view>

namespace driftkeeper {

// Walks a JSON text once from front to back, building nothing: what is not wanted is skipped at
// memory speed. Whole-document readers index all of it first, which costs more memory than a plan
// of 100 MB may. After the first mistake every call answers false or empty, and failed() is true.
// What is skipped is checked for balanced brackets and closed strings only; give a skipped value to
// readJson to have it checked in full.
class JsonCursor {
public:
    // `text` must outlive the cursor and what it returns.
    explicit JsonCursor(std::string_view text) noexcept
        : at_(text.data()), end_(text.data() + text.size()) {}

    [[nodiscard]] bool failed() const noexcept { return failed_; }

    // True when only white space is left and nothing failed.
    [[nodiscard]] bool finished() noexcept;

    // First character of the value that comes next: { [ " t f n - 0…9; 0 at the end.
    [[nodiscard]] char peek() noexcept;

    // Where the cursor stands: marks the begin and the end of a value that is walked
    // instead of skipped.
    [[nodiscard]] const char* position() const noexcept { return at_; }

    // for (cursor.enterObject(); cursor.nextKey(key);) consume exactly one value;
    // A value of another kind is a failure.
    void enterObject() noexcept;
    bool nextKey(std::string_view& rawKey) noexcept;  // between the quotes, escapes not resolved
    void enterArray() noexcept;
    bool nextElement() noexcept;

    // Between two members or elements: leaves the innermost container, whatever is left of it.
    void leave() noexcept;

    std::string_view skip() noexcept;  // any value, as written
    std::string string();    // a string, unescaped; any other value is skipped and gives ""
    bool isTrue() noexcept;  // any value; true for the literal true

private:
    void fail() noexcept;
    void space() noexcept;
    bool enter(char bracket) noexcept;
    bool next(char bracket) noexcept;
    void skipString() noexcept;
    void skipContainer(std::size_t open) noexcept;

    const char* at_;
    const char* end_;
    bool fresh_ = false;  // just behind an opening bracket
    bool failed_ = false;
};

}  // namespace driftkeeper
