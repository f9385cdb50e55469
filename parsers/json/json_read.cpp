#include <algorithm>
#include <numeric>

#include "parsers/json/json.hpp"
#include "parsers/json/json_cursor.hpp"
#include "parsers/json/json_string.hpp"
#include "parsers/text/ascii.hpp"

// The cursor holds the text to its brackets, commas and colons; what it leaves open is checked
// here.
namespace driftkeeper {
namespace {

// RFC 8259 section 6.
bool isNumber(std::string_view token) noexcept {
    std::size_t i = 0;
    const auto digits = [&] {
        const auto begin = i;
        while (i < token.size() && isDigit(token[i])) ++i;
        return i > begin;
    };
    if (i < token.size() && token[i] == '-') ++i;
    if (i < token.size() && token[i] == '0') {
        ++i;
    } else if (!digits()) {
        return false;
    }
    if (i < token.size() && token[i] == '.') {
        ++i;
        if (!digits()) return false;
    }
    if (i < token.size() && (token[i] == 'e' || token[i] == 'E')) {
        ++i;
        if (i < token.size() && (token[i] == '+' || token[i] == '-')) ++i;
        if (!digits()) return false;
    }
    return i == token.size();
}

bool sortMembers(Json& object) {
    auto& keys = object.keys;
    if (!std::ranges::is_sorted(keys)) {
        std::vector<std::size_t> order(keys.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::ranges::sort(order, {}, [&](std::size_t i) -> const std::string& { return keys[i]; });
        Json sorted;
        sorted.kind = Json::Kind::Object;
        for (const auto i : order) {
            sorted.keys.push_back(std::move(keys[i]));
            sorted.items.push_back(std::move(object.items[i]));
        }
        object = std::move(sorted);
    }
    return std::ranges::adjacent_find(object.keys) == object.keys.end();
}

bool readScalar(std::string_view token, Json& to) {
    if (token.starts_with('"')) {
        to.kind = Json::Kind::String;
        return unescape(token.substr(1, token.size() - 2), to.text);
    }
    to.text = token;
    if (token == "true" || token == "false") {
        to.kind = Json::Kind::Bool;
    } else if (isNumber(token)) {
        to.kind = Json::Kind::Number;
    } else {
        to.text.clear();
        return token == "null";
    }
    return true;
}

// `deepest`: how many levels may be below this value.
bool readValue(JsonCursor& cursor, Json& to, int deepest) {
    if (deepest < 0) return false;
    const char first = cursor.peek();
    if (first == '[') {
        to.kind = Json::Kind::Array;
        for (cursor.enterArray(); cursor.nextElement();)
            if (!readValue(cursor, to.items.emplace_back(), deepest - 1)) return false;
        return !cursor.failed();
    }
    if (first != '{') return readScalar(cursor.skip(), to);
    to.kind = Json::Kind::Object;
    cursor.enterObject();
    for (std::string_view key; cursor.nextKey(key);)
        if (!unescape(key, to.keys.emplace_back()) ||
            !readValue(cursor, to.items.emplace_back(), deepest - 1))
            return false;
    return !cursor.failed() && sortMembers(to);
}

}  // namespace

Result<Json> readJson(std::string_view text, int deepest) {
    JsonCursor cursor(text);
    Json value;
    if (!readValue(cursor, value, deepest) || !cursor.finished())
        return failure(Remedy::Report, "invalid_json", "text is no valid JSON value");
    return value;
}

}  // namespace driftkeeper
