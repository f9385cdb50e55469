#include "daemon/wording/markdown.hpp"
#include "daemon/wording/shown_value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "daemon/wording/drift_words.hpp"
#include "parsers/graph/cause.hpp"
#include "parsers/graph/reason_code.hpp"
#include "parsers/text/printable.hpp"

namespace driftkeeper {
namespace {

constexpr std::size_t widestValue = 200;
constexpr std::size_t mostAttributes = 50;  // of one drift
constexpr std::size_t reserve = 400;        // for what is said of what does not fit

std::string emphasized(Verdict verdict) {
    return verdict == Verdict::InSync ? std::string(wordOf(verdict))
                                      : fmt::format("**{}**", wordOf(verdict));
}

// In HTML, where Markdown has nothing to say.
std::string html(std::string_view text) {
    std::string out;
    for (const char c : printable(text)) {
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else
            out += c;
    }
    return out;
}

std::size_t longestRun(std::string_view text, char wanted) {
    std::size_t longest = 0;
    std::size_t run = 0;
    for (const char c : text) {
        run = c == wanted ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    return longest;
}

bool hasDetails(const StackObject& stack) {
    return !stack.drifts.empty() || stack.reason || stack.verdict == Verdict::Inconclusive;
}

std::string headline(const std::vector<StackObject>& stacks) {
    std::array<std::size_t, 4> verdicts{};
    for (const auto& stack : stacks) ++verdicts[static_cast<std::size_t>(stack.verdict)];
    std::string text = "### Drift: ";
    const char* separator = "";
    for (const std::size_t i : {1U, 2U, 3U, 0U}) {
        if (verdicts[i] == 0) continue;
        text += fmt::format("{}{} {}", separator, verdicts[i], wordOf(static_cast<Verdict>(i)));
        separator = ", ";
    }
    return text + fmt::format(" of {}\n\n", counted(stacks.size(), "stack"));
}

std::string row(const StackObject& stack) {
    const std::string note = stack.reason ? markdownCode(stack.reason->code) : std::string();
    return fmt::format("| {} | {} | {} | {} | {} |\n",
                       markdownCode(shortened(printable(stack.stack), widestValue)),
                       emphasized(stack.verdict), stack.drifts.size(), stack.resources, note);
}

std::string attributeTable(const Drift& drift) {
    if (drift.attributes.empty()) return {};
    std::string text = "\n| attribute | Git | live |\n|---|---|---|\n";
    const std::size_t count = std::min(drift.attributes.size(), mostAttributes);
    for (std::size_t i = 0; i < count; ++i) {
        const auto& attribute = drift.attributes[i];
        text += fmt::format("| {} | {} | {} |\n",
                            markdownCode(shortened(printable(attribute.path), widestValue)),
                            markdownCode(shownValue(attribute.git, widestValue)),
                            markdownCode(shownValue(attribute.live, widestValue)));
    }
    if (count < drift.attributes.size())
        text += fmt::format("\n… and {} more attributes\n", drift.attributes.size() - count);
    return text;
}

std::string driftBlock(const Drift& drift) {
    std::string text = fmt::format(
        "\n{} {} · {} · {}", markdownCode(shortened(printable(drift.address), widestValue)),
        changedWhere(drift), markdownCode(drift.cause), name(drift.severity));
    if (drift.replace) text += " · must be replaced";
    if (drift.dependents > 0) text += " · " + counted(drift.dependents, "dependent");
    text += "\n";
    for (const auto& words : {drift.note, changedBy(drift), alsoUsedBy(drift)})
        if (!words.empty())
            text += "\n" + markdownCode(shortened(printable(words), widestValue)) + "\n";
    text += fmt::format("\n{}\n", adviceFor(drift));
    return text + attributeTable(drift);
}

// Says how much of the comment is left.
class Comment {
public:
    explicit Comment(std::size_t most) : room_(most - std::min(most, reserve)) {}

    bool add(std::string_view text, std::size_t later = 0) {
        if (text_.size() + text.size() + later > room_) return false;
        text_ += text;
        return true;
    }
    void always(std::string_view text) { text_ += text; }
    [[nodiscard]] std::string take() && { return std::move(text_); }

private:
    std::string text_;
    std::size_t room_;
};

// What did not fit.
struct Cut {
    std::size_t rows = 0;
    std::size_t stacks = 0;
    std::size_t drifts = 0;
};

void addDetails(Comment& comment, const StackObject& stack, Cut& cut) {
    constexpr std::string_view end = "\n</details>\n";
    const std::string summary = fmt::format("\n<details><summary><code>{}</code>: {}</summary>\n",
                                            html(shortened(printable(stack.stack), widestValue)),
                                            counted(stack.drifts.size(), "drift"));
    std::string reason;
    if (stack.reason)
        reason = fmt::format("\n{} {}\n\n{}\n", markdownCode(stack.reason->code),
                             markdownCode(shortened(printable(stack.reason->text), 1000)),
                             adviceForReason(stack.reason->code));
    if (!comment.add(summary + reason, end.size())) {
        ++cut.stacks;
        cut.drifts += stack.drifts.size();
        return;
    }
    for (const auto& shown : stack.drifts)
        if (!comment.add(driftBlock(shown.drift), end.size())) ++cut.drifts;
    comment.always(end);
}

std::string closing(const Cut& cut) {
    std::vector<std::string> parts;
    if (cut.rows > 0) parts.push_back(counted(cut.rows, "row") + " of the table");
    if (cut.stacks > 0) parts.push_back("the details of " + counted(cut.stacks, "stack"));
    if (cut.drifts > 0) parts.push_back(counted(cut.drifts, "drift"));
    if (parts.empty()) return {};
    return fmt::format(
        "\n**Left out because a comment has no room for it: {}.** `--format json` has "
        "everything.\n",
        fmt::join(parts, ", "));
}

}  // namespace

// A fence is longer than every run inside. In a cell a bar is escaped even within a span; behind a
// backslash it would read as another escape, so there it is drawn instead.
std::string markdownCode(std::string_view text) {
    const std::string shown = printable(text);
    std::string inside;
    for (std::size_t at = 0; at < shown.size(); ++at) {
        if (shown[at] != '|')
            inside += shown[at];
        else
            inside += at > 0 && shown[at - 1] == '\\' ? "¦" : "\\|";
    }
    if (inside.find_first_not_of(' ') == std::string::npos) return "` `";
    const std::string fence(longestRun(inside, '`') + 1, '`');
    const bool touches = inside.front() == '`' || inside.back() == '`' ||
                         (inside.front() == ' ' && inside.back() == ' ');
    const std::string_view gap = touches ? " " : "";
    return fmt::format("{0}{1}{2}{1}{0}", fence, gap, inside);
}

std::string checkMarkdown(const std::vector<StackObject>& stacks, std::size_t most) {
    Comment comment(most);
    Cut cut;
    comment.always(headline(stacks));
    comment.always("| stack | verdict | drifts | resources | reason |\n|---|---|--:|--:|---|\n");
    // Those that need somebody first: in sync is what may be missing.
    std::vector<const StackObject*> order;
    for (const auto& stack : stacks) order.push_back(&stack);
    std::ranges::stable_sort(
        order, {}, [](const StackObject* stack) { return stack->verdict == Verdict::InSync; });
    for (const auto* stack : order)
        if (!comment.add(row(*stack), most / 2)) ++cut.rows;
    for (const auto* stack : order)
        if (hasDetails(*stack)) addDetails(comment, *stack, cut);
    comment.always(closing(cut));
    return std::move(comment).take();
}

}  // namespace driftkeeper
