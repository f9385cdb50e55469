#include "daemon/wording/check_text.hpp"
#include "daemon/wording/shown_value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "daemon/wording/drift_words.hpp"
#include "parsers/graph/reason_code.hpp"

namespace driftkeeper {
namespace {

constexpr std::size_t mostAttributesOfText = 20;  // shown of one drift; JSON has them all
constexpr std::size_t widestPath = 40;
constexpr std::size_t narrowestValue = 12;

enum class Colour { None = 0, Red = 31, Green = 32, Yellow = 33, Magenta = 35 };

Colour colourOf(Verdict verdict) {
    constexpr std::array<Colour, 4> colours = {Colour::Green, Colour::Red, Colour::Yellow,
                                               Colour::Magenta};
    return colours[static_cast<std::size_t>(verdict)];
}

std::string padded(std::string text, std::size_t width) {
    const auto length = lengthOf(text);
    if (length < width) text.append(width - length, ' ');
    return text;
}

// Lines of at most `width` characters, broken at spaces; a word that is longer stays whole.
std::vector<std::string> wrapped(std::string text, std::size_t width, std::size_t hanging) {
    std::vector<std::string> lines;
    while (lengthOf(text) > width) {
        const auto firstWord = text.find_first_not_of(' ');
        auto space = text.rfind(' ', firstCharacters(text, width).size());
        if (space == std::string::npos || space < firstWord) space = text.find(' ', firstWord);
        const auto rest = text.find_first_not_of(' ', space);
        if (space == std::string::npos || rest == std::string::npos) break;
        lines.push_back(text.substr(0, text.find_last_not_of(' ', space) + 1));
        text = std::string(hanging, ' ') + text.substr(rest);
    }
    lines.push_back(std::move(text));
    return lines;
}

std::string asciiOnly(std::string_view text) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 3> spellings = {
        {{"→", "->"}, {"…", "..."}, {"±", "+/-"}}};
    std::string result;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto byte = static_cast<unsigned char>(text[at]);
        const auto known = std::ranges::find_if(spellings, [&](const auto& spelling) {
            return text.substr(at).starts_with(spelling.first);
        });
        if (byte < 0x80)
            result += text[at];
        else if (known != spellings.end())
            result += known->second;
        else if (byte >= 0xc0)
            result += '?';
    }
    return result;
}

std::pair<std::string_view, Colour> symbolOf(const Drift& drift) {
    if (drift.replace) return {"±", Colour::Red};
    switch (drift.change) {
        case Change::Deleted:
            return {"-", Colour::Red};
        case Change::Created:
            return {"+", Colour::Green};
        case Change::Modified:
            break;
    }
    return {"~", Colour::Yellow};
}

// Two values that differ, in at most `width` characters together. What they have in common at the
// front is cut first.
std::pair<std::string, std::string> fitted(std::string one, std::string other, std::size_t width) {
    constexpr std::size_t context = 8;
    const auto half = std::max(width / 2, narrowestValue);
    const auto fits = [&] { return lengthOf(one) + lengthOf(other) <= 2 * half; };
    if (!fits()) {
        auto common = static_cast<std::size_t>(std::ranges::mismatch(one, other).in1 - one.begin());
        common -= std::min(common, context);
        while (common > 0 && (static_cast<unsigned char>(one[common]) & 0xc0U) == 0x80U) --common;
        if (common > context) {
            one.replace(0, common, "…");
            other.replace(0, common, "…");
        }
    }
    if (fits()) return {one, other};
    const auto left =
        std::min(lengthOf(one), std::max(half, 2 * half - std::min(2 * half, lengthOf(other))));
    return {shortened(one, left), shortened(other, 2 * half - left)};
}

class Page {
public:
    explicit Page(const TextStyle& style) : style_(style), separator_(style.ascii ? ", " : " · ") {}

    void add(const StackObject& stack, std::size_t verdictWidth, std::size_t nameWidth) {
        const auto head = padded(std::string(wordOf(stack.verdict)), verdictWidth) + "  ";
        const auto facts = factsOf(stack);
        const auto shown = printable(stack.stack);
        line(head + (facts.empty() ? shown : padded(shown, nameWidth) + "  " + joined(facts)),
             verdictWidth + 2, wordOf(stack.verdict).size(), colourOf(stack.verdict));
        if (stack.reason) {
            line(fmt::format("  {}: {}", stack.reason->code, printable(stack.reason->text)));
            line(fmt::format("    → {}", adviceForReason(stack.reason->code)));
        }
        for (const auto& drift : stack.drifts) add(drift);
        if (stack.verdict == Verdict::InSync && !stack.reason) return;
        addNotTold(stack.notTold);
        for (const auto& diagnostic : stack.diagnostics) add(diagnostic);
    }

    void addTotals(const std::vector<StackObject>& stacks) {
        std::array<std::size_t, 4> verdicts{};
        std::size_t drifts = 0;
        for (const auto& stack : stacks) {
            ++verdicts[static_cast<std::size_t>(stack.verdict)];
            drifts += stack.drifts.size();
        }
        std::vector<std::string> parts;
        for (std::size_t i = 0; i < verdicts.size(); ++i)
            if (verdicts[i] > 0)
                parts.push_back(fmt::format("{} {}", verdicts[i], wordOf(static_cast<Verdict>(i))));
        auto text = counted(stacks.size(), "stack");
        if (!parts.empty()) text += fmt::format(": {}", fmt::join(parts, ", "));
        if (drifts > 0) text += separator_ + counted(drifts, "drift");
        line("");
        line(text);
    }

    [[nodiscard]] std::string take() { return style_.ascii ? asciiOnly(text_) : std::move(text_); }

private:
    // One line, wrapped; the first `coloured` bytes behind its indent get the colour.
    void line(std::string text, std::size_t hanging = 6, std::size_t coloured = 0,
              Colour colour = Colour::None) {
        for (auto& part : wrapped(std::move(text), style_.width, hanging)) {
            if (style_.colour && colour != Colour::None) {
                const auto from = part.find_first_not_of(' ');
                part.insert(from + coloured, "\x1b[0m");
                part.insert(from, fmt::format("\x1b[{}m", static_cast<int>(colour)));
                colour = Colour::None;
            }
            text_ += part;
            text_ += '\n';
        }
    }

    [[nodiscard]] std::string joined(const std::vector<std::string>& facts) const {
        return fmt::format("{}", fmt::join(facts, separator_));
    }

    static std::vector<std::string> factsOf(const StackObject& stack) {
        std::vector<std::string> facts;
        if (!stack.drifts.empty()) facts.push_back(counted(stack.drifts.size(), "drift"));
        if (!stack.complete && stack.verdict != Verdict::Inconclusive)
            facts.emplace_back("partial");
        if (stack.complete || stack.resources > 0)
            facts.push_back(counted(stack.resources, "resource"));
        if (stack.verdict == Verdict::InSync) {
            if (!stack.notTold.empty())
                facts.push_back(fmt::format("{} suppressed", stack.notTold.size()));
            if (!stack.diagnostics.empty())
                facts.push_back(counted(stack.diagnostics.size(), "warning"));
        }
        if (!stack.commit.empty()) facts.push_back(printable(stack.commit.substr(0, 7)));
        if (stack.started) facts.push_back(fmt::format("{:.1f} s", stack.durationSeconds));
        return facts;
    }

    void add(const ShownDrift& shown) {
        const auto& drift = shown.drift;
        std::vector<std::string> facts = {changedWhere(drift)};
        if (drift.side != Side::Both) facts.push_back(printable(drift.cause));
        if (drift.replace) facts.emplace_back("must be replaced");
        if (drift.severity == Severity::Critical) facts.emplace_back("critical");
        if (drift.dependents > 0) facts.push_back(counted(drift.dependents, "dependent"));
        if (shown.firstSeen) facts.push_back("since " + utcText(*shown.firstSeen));
        const auto id =
            drift.id.empty() ? "" : fmt::format(" ({})", shortened(printable(drift.id), 60));
        const auto [symbol, colour] = symbolOf(drift);
        line(fmt::format("  {} {}{}  {}", symbol, printable(drift.address), id, joined(facts)), 6,
             symbol.size(), colour);
        if (!drift.previousAddress.empty())
            line("      moved from " + printable(drift.previousAddress), 8);
        if (!drift.note.empty()) line("      " + printable(drift.note), 8);
        for (const auto& words : {changedBy(drift), alsoUsedBy(drift)})
            if (!words.empty()) line("      " + printable(words), 8);
        add(drift.attributes, drift.side);
    }

    void add(const std::vector<AttributeDrift>& attributes, Side side) {
        const auto count = std::min(attributes.size(), mostAttributesOfText);
        std::size_t pathWidth = 0;
        for (std::size_t i = 0; i < count; ++i)
            pathWidth = std::max(pathWidth, lengthOf(printable(attributes[i].path)));
        pathWidth = std::min(pathWidth, widestPath);
        for (std::size_t i = 0; i < count; ++i) add(attributes[i], side, pathWidth);
        if (count < attributes.size())
            line(fmt::format("      … and {} more", attributes.size() - count));
    }

    void add(const AttributeDrift& attribute, Side side, std::size_t pathWidth) {
        constexpr std::size_t indent = 6;
        const bool conflict = side == Side::Both;
        const auto taken = indent + pathWidth + (conflict ? 13 : 5);
        const auto room = style_.width > taken ? style_.width - taken : 0;
        auto [git, live] =
            fitted(shownValue(attribute.git, 4096), shownValue(attribute.live, 4096), room);
        if (side == Side::Git) std::swap(git, live);
        const auto path = printable(attribute.path);
        auto head = std::string(indent, ' ') + padded(path, pathWidth) + "  ";
        if (lengthOf(path) > pathWidth) {
            text_ += std::string(indent, ' ') + path + '\n';
            head.assign(indent + pathWidth + 2, ' ');
        }
        text_ += head + (conflict ? fmt::format("Git {}, live {}\n", git, live)
                                  : fmt::format("{} → {}\n", git, live));
    }

    void addNotTold(const std::vector<NotTold>& list) {
        if (list.empty()) return;
        std::map<std::string, std::size_t> causes;
        for (const auto& one : list) ++causes[one.drift.cause];
        std::vector<std::string> parts;
        for (const auto& [cause, count] : causes)
            parts.push_back(fmt::format("{} {}", count, printable(cause)));
        line(fmt::format("  suppressed: {}", fmt::join(parts, ", ")), 4);
    }

    void add(const Diagnostic& diagnostic) {
        const auto level = diagnostic.level == Diagnostic::Level::Error ? "error" : "warning";
        const auto where =
            diagnostic.address.empty() ? "" : fmt::format(" ({})", printable(diagnostic.address));
        line(fmt::format("  {}: {}{}", level, printable(diagnostic.summary), where), 4);
    }

    TextStyle style_;
    std::string separator_;
    std::string text_;
};

}  // namespace

std::string checkText(const std::vector<StackObject>& stacks, const TextStyle& style) {
    std::size_t verdictWidth = 0;
    std::size_t nameWidth = 0;
    for (const auto& stack : stacks) {
        verdictWidth = std::max(verdictWidth, wordOf(stack.verdict).size());
        nameWidth = std::max(nameWidth, std::min(widestPath, lengthOf(printable(stack.stack))));
    }
    Page page(style);
    for (const auto& stack : stacks) page.add(stack, verdictWidth, nameWidth);
    page.addTotals(stacks);
    return page.take();
}

}  // namespace driftkeeper
