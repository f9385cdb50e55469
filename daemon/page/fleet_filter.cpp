#include "daemon/page/fleet_filter.hpp"

#include <algorithm>
#include <numeric>
#include <set>
#include <tuple>

#include "daemon/page/words.hpp"
#include "parsers/text/ascii.hpp"

namespace driftkeeper::page {
namespace {

char lower(char c) {
    return lowered(c);
}

bool holds(std::string_view text, std::string_view word) {
    return std::ranges::search(text, word, {}, lower, lower).begin() != text.end() || word.empty();
}

std::vector<std::string> wordsOf(std::string_view text) {
    std::vector<std::string> words;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find(' ', at), text.size());
        if (end > at) words.emplace_back(text.substr(at, end - at));
        at = end + 1;
    }
    return words;
}

bool hasWord(const StackLine& line, const std::string& word) {
    return holds(line.stack, word) || holds(line.provider, word) ||
           std::ranges::any_of(line.owners,
                               [&](const std::string& owner) { return holds(owner, word); }) ||
           (line.reason && (holds(line.reason->code, word) || holds(line.reason->text, word)));
}

// Everything but the verdict.
bool fits(const StackLine& line, const FleetFilter& filter, const std::vector<std::string>& words) {
    return (filter.repository.empty() || line.repository == filter.repository) &&
           (filter.provider.empty() || line.provider == filter.provider) &&
           (filter.owner.empty() ||
            std::ranges::find(line.owners, filter.owner) != line.owners.end()) &&
           std::ranges::all_of(words, [&](const std::string& word) { return hasWord(line, word); });
}

// Drifted, inconclusive, unapplied, in sync.
int badness(const StackLine& line) {
    constexpr std::array<int, 4> order = {3, 0, 2, 1};
    return order[static_cast<std::size_t>(verdictOf(line))];
}

TimePoint orLast(const std::optional<TimePoint>& time) {
    return time.value_or(TimePoint::max());
}

void sortBy(std::string_view order, std::vector<const StackLine*>& rows) {
    const auto by = [&](auto key) {
        std::ranges::stable_sort(rows, {}, [&](const StackLine* line) { return key(*line); });
    };
    if (order == "name") return;  // as they come
    if (order == "drifts")
        return by([](const StackLine& line) { return -static_cast<long long>(driftsOf(line)); });
    if (order == "age") return by([](const StackLine& line) { return orLast(line.oldestDrift); });
    if (order == "checked")
        return by(
            [](const StackLine& line) { return line.lastConclusive.value_or(TimePoint::min()); });
    by([](const StackLine& line) { return std::tuple(badness(line), orLast(line.oldestDrift)); });
}

void offerChoices(FleetSelection& selection, const std::vector<StackLine>& lines) {
    std::set<std::string_view> repositories;
    std::set<std::string_view> owners;
    std::set<std::string_view> providers;
    for (const auto& line : lines) {
        repositories.insert(line.repository);
        providers.insert(line.provider);
        owners.insert(line.owners.begin(), line.owners.end());
    }
    selection.repositories.assign(repositories.begin(), repositories.end());
    selection.owners.assign(owners.begin(), owners.end());
    selection.providers.assign(providers.begin(), providers.end());
}

}  // namespace

FleetFilter FleetFilter::from(const std::map<std::string, std::string>& query) {
    const auto value = [&](const char* name) {
        const auto found = query.find(name);
        return found == query.end() ? std::string() : found->second;
    };
    return {value("q"),        value("verdict"), value("repository"), value("owner"),
            value("provider"), value("sort"),    value("page")};
}

std::map<std::string, std::string> FleetFilter::query() const {
    std::map<std::string, std::string> query = {
        {"q", words},     {"verdict", verdict},   {"repository", repository},
        {"owner", owner}, {"provider", provider}, {"sort", sort}};
    std::erase_if(query, [](const auto& entry) { return entry.second.empty(); });
    return query;
}

FleetSelection select(const std::vector<StackLine>& lines, const FleetFilter& filter) {
    FleetSelection selection;
    selection.all = lines.size();
    offerChoices(selection, lines);
    const auto words = wordsOf(filter.words);
    const auto verdict = verdictFrom(filter.verdict);
    std::vector<const StackLine*> rows;
    for (const auto& line : lines) {
        if (!fits(line, filter, words)) continue;
        ++selection.byVerdict[static_cast<std::size_t>(verdictOf(line))];
        if (!verdict || verdictOf(line) == *verdict) rows.push_back(&line);
    }
    sortBy(filter.sort, rows);
    selection.matching = rows.size();
    selection.pages = pagesOf(rows.size(), stacksPerPage);
    selection.page = pageNumber(filter.page, selection.pages);
    const auto first = (selection.page - 1) * stacksPerPage;
    const auto last = std::min(first + stacksPerPage, rows.size());
    selection.rows.assign(rows.begin() + static_cast<std::ptrdiff_t>(first),
                          rows.begin() + static_cast<std::ptrdiff_t>(last));
    return selection;
}

Verdict verdictOf(const StackLine& line) noexcept {
    return line.verdict.value_or(Verdict::Inconclusive);
}

std::size_t driftsOf(const StackLine& line, Side side) noexcept {
    const auto& changes = line.drifts[static_cast<std::size_t>(side)];
    return std::accumulate(changes.begin(), changes.end(), std::size_t{0});
}

std::size_t driftsOf(const StackLine& line) noexcept {
    return driftsOf(line, Side::Live) + driftsOf(line, Side::Git) + driftsOf(line, Side::Both) +
           driftsOf(line, Side::Unknown);
}

}  // namespace driftkeeper::page
