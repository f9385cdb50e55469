#include "daemon/notify/story.hpp"
#include "daemon/wording/shown_value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <span>
#include <string_view>
#include <utility>

#include "daemon/model/utc.hpp"
#include "daemon/notify/wording.hpp"
#include "daemon/wording/check_text.hpp"
#include "daemon/wording/drift_words.hpp"
#include "parsers/graph/cause.hpp"
#include "parsers/graph/reason_code.hpp"

namespace driftkeeper {
namespace {

constexpr std::size_t mostAttributes = 3;
constexpr std::size_t mostOwners = 5;
constexpr std::size_t shownCommit = 10;
constexpr std::size_t longestUrl = 300;
constexpr std::size_t mostDetailed =
    300;  // drifts that are told with their attributes; no channel has room for more

std::string shortTime(TimePoint time) {
    return utcText(std::chrono::floor<std::chrono::seconds>(time));
}

std::string factsOf(const Notice& notice) {
    if (notice.digest) return fmt::format("since {}", shortTime(notice.digest->since));
    std::string text = fmt::format("{} · ", name(notice.event));
    if (notice.event != Event::Resolved)
        text += fmt::format("severity {} · ", name(highestSeverity(notice)));
    text += fmt::format("since {}", shortTime(notice.opened));
    return notice.resolution.empty() ? text : text + " · " + notice.resolution;
}

Story::Drift driftOf(const ShownDrift& shown, bool isNew, bool values) {
    const Drift& drift = shown.drift;
    Story::Drift told;
    told.isNew = isNew;
    told.what = whatMoved(drift);
    told.address = drift.address;
    told.severity = drift.severity;
    told.facts = name(drift.severity);
    if (drift.replace) told.facts += " · replacement";
    if (drift.dependents > 0) told.facts += " · " + counted(drift.dependents, "dependent");
    if (shown.firstSeen) told.facts += " · since " + shortTime(*shown.firstSeen);
    for (auto words : {changedBy(drift), alsoUsedBy(drift)})
        if (!words.empty()) told.remarks.push_back(std::move(words));
    const std::size_t count = std::min(drift.attributes.size(), mostAttributes);
    for (std::size_t i = 0; i < count; ++i) {
        const auto& attribute = drift.attributes[i];
        told.attributes.push_back({attribute.path, values ? shownValue(attribute.git, 80) : "",
                                   values ? shownValue(attribute.live, 80) : ""});
    }
    told.attributesLeft = drift.attributes.size() - count;
    return told;
}

std::string ownersFact(const std::vector<std::string>& owners) {
    const std::size_t count = std::min(owners.size(), mostOwners);
    std::string fact = fmt::format("{} {}", owners.size() == 1 ? "owner" : "owners",
                                   fmt::join(std::span(owners).first(count), ", "));
    if (count < owners.size()) fact += fmt::format(" +{} more", owners.size() - count);
    return fact;
}

// Where to look, and whom to ask.
std::vector<std::string> factsOf(const StackObject& stack) {
    std::vector<std::string> facts;
    if (!stack.commit.empty()) facts.push_back("commit " + stack.commit.substr(0, shownCommit));
    if (stack.touch)
        facts.push_back("last touched by " + stack.touch->author + " in " +
                        stack.touch->commit.substr(0, shownCommit));
    if (!stack.provider.empty()) facts.push_back(stack.provider);
    if (!stack.workspace.empty() && stack.workspace != "default")
        facts.push_back("workspace " + stack.workspace);
    if (!stack.owners.empty()) facts.push_back(ownersFact(stack.owners));
    return facts;
}

using Addresses = std::set<std::pair<std::string_view, std::string_view>>;  // stack and address

// What a change adds to an incident that people know.
Addresses newOnes(const Notice& notice) {
    Addresses addresses;
    if (notice.event != Event::Changed) return addresses;
    for (const auto& opened : notice.openedAddresses)
        addresses.emplace(opened.stack, opened.address);
    return addresses;
}

Story::Stack stackOf(const Notice& notice, const StackObject& stack, const Addresses& added,
                     bool values, std::size_t& detailed) {
    Story::Stack told{stack.stack, factsOf(stack), {}};
    if (notice.event == Event::Resolved) return told;
    for (const ShownDrift* shown : bySeverity(stack)) {
        const bool isNew = added.contains({stack.stack, shown->drift.address});
        if (++detailed <= mostDetailed)
            told.drifts.push_back(driftOf(*shown, isNew, values));
        else
            told.drifts.push_back({isNew, whatMoved(shown->drift), shown->drift.address});
    }
    return told;
}

// Of drifts the worst decides; of a trouble its code.
std::string nextOf(const Notice& notice) {
    if (notice.event == Event::Resolved || notice.digest) return {};
    if (notice.kind != IncidentKind::Drift) {
        if (notice.isTest || notice.cause.empty()) return {};
        std::string next(adviceForReason(notice.cause));
        if (notice.stacks.size() == 1)
            next += " More: driftkeeper explain " + notice.stacks[0].stack;
        return next;
    }
    for (const StackObject& stack : notice.stacks)
        if (const auto drifts = bySeverity(stack); !drifts.empty())
            return std::string(adviceFor(drifts.front()->drift));
    return {};
}

// Takes pieces until the room is used up; then nothing more, so that no piece seems to be the last
// one before another.
class Room {
public:
    Room(std::size_t bytes, std::string_view lineEnd) : bytes_(bytes), lineEnd_(lineEnd) {}

    // `piece` is asked for only while there is room.
    template <class Piece>
    bool add(const Piece& piece) {
        if (isFull_) return false;
        const std::string text = piece();
        const std::size_t needed = text.size() + (text_.empty() ? 0 : lineEnd_.size());
        isFull_ = text_.size() + needed > bytes_;
        if (isFull_) return false;
        if (!text_.empty()) text_ += lineEnd_;
        text_ += text;
        return true;
    }
    [[nodiscard]] std::string take() { return std::move(text_); }

private:
    std::size_t bytes_;
    std::string_view lineEnd_;
    std::string text_;
    bool isFull_ = false;
};

}  // namespace

Story storyOf(const Notice& notice, bool values, const std::string& externalUrl) {
    Story story;
    if (notice.event == Event::Changed) story.title = "Changed: ";
    if (notice.event == Event::Reminder) story.title = "Still open: ";
    story.title += headline(notice);
    story.facts = factsOf(notice);
    story.text = notice.text;
    if (notice.digest) story.lines = notice.digest->lines;
    std::size_t detailed = 0;
    const Addresses added = newOnes(notice);
    for (const StackObject& stack : notice.stacks)
        story.stacks.push_back(stackOf(notice, stack, added, values, detailed));
    for (const auto& address : notice.resolvedAddresses)
        story.resolved.push_back(address.address + ' ' +
                                 (address.resolution.empty() ? "resolved" : address.resolution));
    story.next = nextOf(notice);
    if (externalUrl.starts_with("http") && externalUrl.size() <= longestUrl)
        story.link = notice.digest ? externalUrl : externalUrl + "#" + notice.incidentId;
    story.severity = highestSeverity(notice);
    story.isResolved = notice.event == Event::Resolved;
    return story;
}

std::string setDrift(const Story::Drift& drift, const Markup& markup) {
    std::string text =
        fmt::format("{}{} {} · {}", drift.isNew ? "new: " : "", markup.strong(drift.what, 100),
                    markup.code(drift.address, 300), markup.text(drift.facts, 200));
    for (const auto& remark : drift.remarks)
        text += fmt::format("{}{}", markup.lineEnd, markup.text(remark, 300));
    for (const auto& attribute : drift.attributes) {
        text += fmt::format("{}• {}", markup.lineEnd, markup.code(attribute.path, 120));
        if (!attribute.from.empty() || !attribute.to.empty())
            text += fmt::format(": {} → {}", markup.code(attribute.from, 160),
                                markup.code(attribute.to, 160));
    }
    if (drift.attributesLeft > 0)
        text +=
            fmt::format("{}+{} more", markup.lineEnd, counted(drift.attributesLeft, "attribute"));
    return text;
}

std::string setStack(const Story::Stack& stack, const Markup& markup) {
    std::string text = markup.code(stack.name, 300);
    for (const auto& fact : stack.facts) text += " · " + markup.text(fact, 200);
    return text;
}

std::string setBody(const Story& story, const Markup& markup, std::size_t bytes) {
    constexpr std::size_t mostLeft = 32;  // "+123456789 more"
    std::string end =
        story.next.empty() ? "" : std::string(markup.lineEnd) + markup.text(story.next, 400);
    if (!story.link.empty()) end += std::string(markup.lineEnd) + markup.link(story.link);
    if (end.size() + mostLeft >= bytes) end.clear();

    Room room(bytes - end.size() - mostLeft, markup.lineEnd);
    std::size_t left = 0;
    const auto put = [&](std::size_t counts, const auto& piece) {
        left += room.add(piece) ? 0 : counts;
    };
    put(0, [&] { return markup.text(story.facts, 300); });
    if (!story.text.empty()) put(1, [&] { return markup.text(story.text, 1000); });
    for (const auto& one : story.lines) put(1, [&] { return markup.text(one, 500); });
    for (const auto& stack : story.stacks) {
        put(stack.drifts.empty() ? 1 : 0, [&] { return setStack(stack, markup); });
        for (const auto& drift : stack.drifts) put(1, [&] { return setDrift(drift, markup); });
    }
    for (const auto& resolved : story.resolved)
        put(1, [&] { return "✓ " + markup.text(resolved, 400); });
    std::string text = room.take();
    if (left > 0) text += fmt::format("{}+{} more", markup.lineEnd, left);
    return text + end;
}

}  // namespace driftkeeper
