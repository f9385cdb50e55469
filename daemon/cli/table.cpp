#include "daemon/cli/table.hpp"

#include <algorithm>
#include <string_view>

namespace driftkeeper {
namespace {

struct Meaning {
    std::string_view word;
    std::string_view colour;  // SGR
};

constexpr Meaning meanings[] = {
    {"in_sync", "32"},   {"drifted", "31"},   {"unapplied", "33"}, {"inconclusive", "35"},
    {"critical", "31"},  {"warning", "33"},   {"deleted", "31"},   {"created", "32"},
    {"modified", "33"},  {"dead", "31"},      {"dropped", "35"},   {"pending", "33"},
    {"sending", "33"},   {"delivered", "32"}, {"accepted", "32"},  {"conflict", "31"},
    {"too broad", "31"}, {"expired", "33"},
};

std::string painted(const std::string& cell, const std::string& whole) {
    const auto* const it = std::ranges::find(meanings, std::string_view(whole), &Meaning::word);
    if (it == std::end(meanings)) return cell;
    return "\x1b[" + std::string(it->colour) + "m" + cell + "\x1b[0m";
}

// How wide each column may be so that a line fits: the widest ones give way.
std::vector<std::size_t> fit(std::vector<std::size_t> widths, std::size_t width) {
    const auto total = [&] {
        std::size_t sum = widths.empty() ? 0 : (widths.size() - 1) * 2;
        for (const auto one : widths) sum += one;
        return sum;
    };
    for (const std::size_t least : {std::size_t{8}, std::size_t{1}}) {
        while (width != 0 && total() > width) {
            const auto widest = std::ranges::max_element(widths);
            if (widest == widths.end() || *widest <= least) break;
            --*widest;
        }
    }
    return widths;
}

}  // namespace

std::string table(const std::vector<std::string>& headings,
                  const std::vector<std::vector<std::string>>& rows, std::size_t width,
                  bool colour) {
    std::vector<std::size_t> widths;
    for (const auto& heading : headings) widths.push_back(columnsOf(heading));
    for (const auto& row : rows)
        for (std::size_t i = 0; i < row.size() && i < widths.size(); ++i)
            widths[i] = std::max(widths[i], columnsOf(row[i]));
    widths = fit(std::move(widths), width);

    std::string out;
    const auto add = [&](const std::vector<std::string>& row, bool painting) {
        std::string line;
        for (std::size_t i = 0; i < row.size() && i < widths.size(); ++i) {
            const std::string cell = inColumns(row[i], widths[i]);
            line += painting ? painted(cell, row[i]) : cell;
            line.append(widths[i] - std::min(widths[i], columnsOf(cell)) + 2, ' ');
        }
        line.erase(line.find_last_not_of(' ') + 1);
        out += line + '\n';
    };
    add(headings, false);
    for (const auto& row : rows) add(row, colour);
    return out;
}

}  // namespace driftkeeper
