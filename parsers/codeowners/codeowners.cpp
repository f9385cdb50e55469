#include "parsers/codeowners/codeowners.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "parsers/text/ascii.hpp"

namespace driftkeeper {
namespace {

constexpr std::size_t longestPattern = 4096;  // bytes, as the longest path of Linux
constexpr std::size_t longestOwner = 254;     // bytes, as the longest mail address of RFC 5321
constexpr std::size_t mostOwners = 100;
constexpr std::size_t mostMistakes = 100;

constexpr bool isBlank(char c) noexcept {
    return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

std::string_view takeLine(std::string_view& text) noexcept {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

// Up to a blank that no backslash stands before. Empty: the line is over, or the rest is a comment.
std::string_view takeWord(std::string_view& line) noexcept {
    while (!line.empty() && isBlank(line.front())) line.remove_prefix(1);
    if (line.starts_with('#')) line = {};
    std::size_t end = 0;
    while (end < line.size() && !isBlank(line[end])) end += line[end] == '\\' ? 2 : 1;
    end = std::min(end, line.size());
    const auto word = line.substr(0, end);
    line.remove_prefix(end);
    return word;
}

// @name, @org/team, @@role, name@example.org.
bool isOwner(std::string_view word) noexcept {
    const bool isPlain = std::ranges::all_of(word, [](char c) {
        return isLetterOrDigit(c) || std::string_view("@._-+/'").find(c) != std::string_view::npos;
    });
    if (!isPlain || word.empty() || word.size() > longestOwner || word.back() == '@') return false;
    const auto name = word.find_first_not_of('@');
    const auto at = word.find('@', name);
    if (name == 0)
        return at != std::string_view::npos && word.find('@', at + 1) == std::string_view::npos;
    return name <= 2 && at == std::string_view::npos;
}

bool hasRange(std::string_view pattern) noexcept {
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == '\\') {
            ++i;
        } else if (pattern[i] == '[') {
            return true;
        }
    }
    return false;
}

// [Name], ^[Name], [Name][2], each with default owners behind it.
struct Heading {
    std::string name;
    std::string_view owners;
};

std::optional<Heading> headingOf(std::string_view line) {
    line = trimmed(line);
    if (line.starts_with('^')) line.remove_prefix(1);
    const auto end = line.find(']');
    if (!line.starts_with('[') || end == std::string_view::npos || end == 1) return std::nullopt;
    Heading heading{std::string(line.substr(1, end - 1)), line.substr(end + 1)};
    if (heading.owners.starts_with('[')) {
        const auto close = heading.owners.find(']');
        if (close == std::string_view::npos) return std::nullopt;
        heading.owners.remove_prefix(close + 1);
    }
    if (!heading.owners.empty() && !isBlank(heading.owners.front())) return std::nullopt;
    heading.name = lowered(heading.name);
    return heading;
}

CodeownersDialect dialectOf(std::string_view place, std::string_view text) {
    if (place.starts_with(".github/")) return CodeownersDialect::GitHub;
    if (place.starts_with(".gitlab/")) return CodeownersDialect::GitLab;
    while (!text.empty()) {
        const auto line = trimmed(takeLine(text));
        if (line.starts_with('!') || headingOf(line)) return CodeownersDialect::GitLab;
    }
    return CodeownersDialect::GitHub;
}

// Reads line by line; a rule belongs to the section of the last heading.
class Reading {
public:
    explicit Reading(CodeownersDialect dialect) : dialect_(dialect) { open({}); }

    void line(std::string_view text) {
        ++line_;
        const auto heading = isGitLab() ? headingOf(text) : std::nullopt;
        if (heading) {
            open(heading->name);
            defaults_ = owners(heading->owners).value_or(std::vector<std::string>());
        } else if (const auto pattern = takeWord(text); !pattern.empty()) {
            rule(pattern, text);
        }
    }

    Codeowners take() && { return std::move(result_); }

private:
    [[nodiscard]] bool isGitLab() const noexcept { return dialect_ == CodeownersDialect::GitLab; }

    void mistake(std::string message) {
        if (result_.mistakes.size() < mostMistakes)
            result_.mistakes.push_back({line_, std::move(message)});
    }

    // Headings of one name open one section.
    void open(const std::string& name) {
        const auto [known, isNew] = sections_.try_emplace(name, result_.sections.size());
        if (isNew) result_.sections.push_back({name, {}});
        section_ = known->second;
    }

    void rule(std::string_view pattern, std::string_view rest) {
        const bool excludes = pattern.starts_with('!');
        if (excludes) pattern.remove_prefix(1);
        if (excludes && !isGitLab())
            return mistake("GitHub knows no exclusions (!); the line is left out");
        if (pattern.empty())
            return mistake("there is no pattern behind the !; the line is left out");
        if (pattern.size() > longestPattern)
            return mistake("the pattern is too long; the line is left out");
        if (hasRange(pattern))
            return mistake("a pattern has no ranges in brackets; the line is left out");
        auto named = excludes ? std::vector<std::string>() : owners(rest);
        if (!named) return;
        if (named->empty() && !excludes) *named = defaults_;
        result_.sections[section_].rules.push_back(
            {PathPattern(pattern, dialect_), *std::move(named), excludes});
    }

    // The owners among the words; nothing when there are words and no owner: whom the line means
    // cannot be known.
    std::optional<std::vector<std::string>> owners(std::string_view words) {
        std::vector<std::string> found;
        bool isWrong = false;
        for (auto word = takeWord(words); !word.empty(); word = takeWord(words)) {
            if (!isOwner(word)) {
                isWrong = true;
            } else if (found.size() < mostOwners) {
                found.emplace_back(word);
            }
        }
        if (!isWrong) return found;
        mistake("an owner is @name, @org/team, @@role or a mail address; another word is left out");
        return found.empty() ? std::nullopt : std::optional(std::move(found));
    }

    const CodeownersDialect dialect_;
    Codeowners result_;
    std::map<std::string, std::size_t> sections_;  // name -> index
    std::size_t section_ = 0;
    std::vector<std::string> defaults_;
    std::size_t line_ = 0;
};

// An exclusion holds wherever it stands in its section: GitLab lets no later rule take it back.
const Codeowners::Rule* deciding(const std::vector<Codeowners::Rule>& rules,
                                 std::string_view path) {
    const auto isExcluded = [&](const Codeowners::Rule& rule) {
        return rule.excludes && rule.pattern.matches(path);
    };
    if (std::ranges::any_of(rules, isExcluded)) return nullptr;
    const auto last = std::ranges::find_if(
        rules.rbegin(), rules.rend(),
        [&](const Codeowners::Rule& rule) { return rule.pattern.matches(path); });
    return last == rules.rend() ? nullptr : &*last;
}

}  // namespace

std::vector<std::string> Codeowners::ownersOf(std::string_view path) const {
    std::vector<std::string> owners;
    for (const auto& section : sections) {
        const Rule* rule = deciding(section.rules, path);
        if (rule == nullptr) continue;
        for (const auto& owner : rule->owners)
            if (owners.size() < mostOwners && std::ranges::find(owners, owner) == owners.end())
                owners.push_back(owner);
    }
    return owners;
}

Codeowners parseCodeowners(std::string_view place, std::string_view text) {
    if (text.size() > mostCodeownersText)
        return {{}, {{1, "the file is larger than 3 MiB and is not read"}}};
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    Reading reading(dialectOf(place, text));
    while (!text.empty()) reading.line(takeLine(text));
    return std::move(reading).take();
}

}  // namespace driftkeeper
