#include "daemon/page/line_diff.hpp"

#include <algorithm>

namespace driftkeeper::page {
namespace {

constexpr std::size_t mostLines = 400;  // the comparison takes lines by lines

using Lines = std::vector<std::string>;

bool isInside(std::string_view text, std::size_t at) {
    return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0U) == 0x80U;
}

// Which lines of the middle both sides keep, by the usual table.
std::vector<std::pair<std::size_t, std::size_t>> kept(const Lines& left, const Lines& right,
                                                      std::size_t front, std::size_t leftEnd,
                                                      std::size_t rightEnd) {
    std::vector<std::pair<std::size_t, std::size_t>> pairs;
    const auto rows = leftEnd - front;
    const auto columns = rightEnd - front;
    if (rows == 0 || columns == 0 || rows > mostLines || columns > mostLines) return pairs;
    std::vector<std::vector<unsigned>> longest(rows + 1, std::vector<unsigned>(columns + 1, 0));
    for (std::size_t i = rows; i-- > 0;)
        for (std::size_t j = columns; j-- > 0;)
            longest[i][j] = left[front + i] == right[front + j]
                                ? longest[i + 1][j + 1] + 1
                                : std::max(longest[i + 1][j], longest[i][j + 1]);
    for (std::size_t i = 0, j = 0; i < rows && j < columns;) {
        if (left[front + i] == right[front + j])
            pairs.emplace_back(front + i++, front + j++);
        else
            longest[i + 1][j] >= longest[i][j + 1] ? ++i : ++j;
    }
    return pairs;
}

}  // namespace

std::vector<LinePair> pairLines(const Lines& left, const Lines& right) {
    const auto least = std::min(left.size(), right.size());
    std::size_t front = 0;
    while (front < least && left[front] == right[front]) ++front;
    std::size_t back = 0;
    while (back < least - front && left[left.size() - 1 - back] == right[right.size() - 1 - back])
        ++back;

    std::vector<LinePair> rows;
    std::size_t i = 0;
    std::size_t j = 0;
    const auto differUntil = [&](std::size_t leftEnd, std::size_t rightEnd) {
        while (i < leftEnd || j < rightEnd) {
            LinePair row;
            if (i < leftEnd) row.left = left[i++];
            if (j < rightEnd) row.right = right[j++];
            rows.push_back(std::move(row));
        }
    };
    const auto same = [&] { rows.push_back({left[i++], right[j++], true}); };
    while (i < front) same();
    for (const auto& [l, r] : kept(left, right, front, left.size() - back, right.size() - back)) {
        differUntil(l, r);
        same();
    }
    differUntil(left.size() - back, right.size() - back);
    while (i < left.size()) same();
    return rows;
}

Lines linesOf(std::string_view text) {
    Lines lines;
    for (std::size_t at = 0;;) {
        const auto end = text.find('\n', at);
        lines.emplace_back(text.substr(at, end - at));
        if (end == std::string_view::npos) return lines;
        at = end + 1;
        if (at == text.size()) return lines;  // the last line's own end
    }
}

Common commonEnds(std::string_view left, std::string_view right) {
    const auto least = std::min(left.size(), right.size());
    Common common;
    while (common.front < least && left[common.front] == right[common.front]) ++common.front;
    while (common.front > 0 && (isInside(left, common.front) || isInside(right, common.front)))
        --common.front;
    const auto most = least - common.front;
    while (common.back < most &&
           left[left.size() - 1 - common.back] == right[right.size() - 1 - common.back])
        ++common.back;
    while (common.back > 0 && isInside(left, left.size() - common.back)) --common.back;
    return common;
}

std::string indented(std::string_view json) {
    if (json.empty() || (json.front() != '{' && json.front() != '[')) return std::string(json);
    std::string out;
    std::size_t depth = 0;
    bool isText = false;
    const auto newLine = [&] { out += '\n' + std::string(2 * depth, ' '); };
    for (std::size_t i = 0; i < json.size(); ++i) {
        const char c = json[i];
        if (isText) {
            out += c;
            if (c == '\\' && i + 1 < json.size()) out += json[++i];
            if (c == '"') isText = false;
            continue;
        }
        const bool opens = c == '{' || c == '[';
        const bool closes = c == '}' || c == ']';
        if (opens && i + 1 < json.size() && (json[i + 1] == '}' || json[i + 1] == ']')) {
            out += c;
            out += json[++i];
            continue;
        }
        if (closes && depth > 0) {
            --depth;
            newLine();
        }
        out += c;
        if (c == ':') out += ' ';
        if (c == '"') isText = true;
        if (opens) ++depth;
        if (opens || c == ',') newLine();
    }
    return out;
}

}  // namespace driftkeeper::page
