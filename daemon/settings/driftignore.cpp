#include <algorithm>
#include <utility>

#include "daemon/settings/rules_file.hpp"
#include "daemon/settings/rules_limits.hpp"
#include "daemon/settings/section.hpp"
#include "parsers/text/ascii.hpp"

namespace driftkeeper {
namespace {

constexpr std::size_t mostLineBytes = 1024;

// Between dots that have no backslash before them. A star with a backslash is one character:
// patterns know no other way to name it.
std::vector<std::string> partsOf(std::string_view line) {
    std::vector<std::string> parts(1);
    for (std::size_t at = 0; at < line.size(); ++at) {
        if (line[at] == '.') {
            parts.emplace_back();
        } else if (line[at] == '\\' && at + 1 < line.size()) {
            ++at;
            parts.back() += line[at] == '*' ? '?' : line[at];
        } else {
            parts.back() += line[at];
        }
    }
    return parts;
}

std::string pointer(const std::vector<std::string>& parts) {
    std::string out;
    for (const auto& part : parts) {
        out += '/';
        for (const char c : part) {
            if (c == '~')
                out += "~0";
            else if (c == '/')
                out += "~1";
            else
                out += c;
        }
    }
    return out;
}

class DriftignoreReader {
public:
    DriftignoreReader(Reading& reading, const std::string& repository)
        : reading_(reading), repository_(repository) {}

    void line(std::string_view whole) {
        ++line_;
        const auto text = trimmed(whole);
        if (text.empty() || text[0] == '#') {
            comment_ = text.empty() ? "" : std::string(trimmed(text.substr(1)));
            return;
        }
        const auto column = static_cast<std::size_t>(text.data() - whole.data()) + 1;
        if (const auto bad = objection(text); !bad.empty()) {
            const auto shown = std::min<std::size_t>(text.size(), 80);
            reading_.mistake(TextPosition{line_, column}, "bad_line", bad, shown);
        } else {
            add(text);
        }
        comment_.clear();
    }

    std::vector<IgnoreRule> rules;

private:
    static std::string objection(std::string_view text) {
        if (text.size() > mostLineBytes) return "the line is longer than 1024 bytes";
        const bool again = text[0] == '!';
        const auto parts = partsOf(trimmed(text.substr(again ? 1 : 0)));
        if (std::ranges::any_of(parts, &std::string::empty))
            return "write it as TYPE, TYPE.ID or TYPE.ID.PATH";
        if (again && parts.size() > 2)
            return "'!' brings a type or a resource back, not one attribute";
        return {};
    }

    void add(std::string_view text) {
        IgnoreRule rule;
        rule.name = repository_ + "/.driftignore/" + std::string(text);
        rule.origin = IgnoreRule::Origin::Repository;
        rule.repository = repository_;
        rule.reason = comment_.empty() ? "a line of .driftignore" : comment_;
        rule.keeps = text[0] == '!';
        const auto parts = partsOf(trimmed(text.substr(rule.keeps ? 1 : 0)));
        rule.match.type = {parts[0]};
        if (parts.size() > 1 && parts[1] != "*") rule.match.id = {parts[1]};
        if (parts.size() > 2) rule.match.attribute = {pointer({parts.begin() + 2, parts.end()})};
        rules.push_back(std::move(rule));
    }

    Reading& reading_;
    const std::string& repository_;
    std::size_t line_ = 0;
    std::string comment_;  // right above
};

}  // namespace

LoadedRules parseDriftignore(std::string_view text, const std::string& repository,
                             const std::string& fileName) {
    const auto refused = [&](TextPosition position, std::string code, std::string message) {
        return LoadedRules{{},
                           {{fileName, position, "", std::move(code), std::move(message), "", 0}}};
    };
    if (text.size() > mostRulesBytes)
        return refused({}, "settings/too_large", "the file is larger than 256 KiB");
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    if (const auto offset = firstUnprintable(text); offset != std::string_view::npos) {
        return refused(TextLines(text).at(offset), "settings/invalid_utf8",
                       "the text is not UTF-8, or holds a control character");
    }
    Reading reading(fileName, text, [](std::string_view) { return std::nullopt; });
    DriftignoreReader reader(reading, repository);
    for (auto rest = text; !rest.empty();) {
        const auto end = std::min(rest.find('\n'), rest.size());
        reader.line(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    if (reader.rules.size() > mostRules)
        return refused({}, "settings/too_many_rules", "a repository has at most 1000 rules");
    // Here the last line that matches decides, among rules the first one.
    std::ranges::reverse(reader.rules);
    return {std::move(reader.rules), reading.takeMistakes()};
}

}  // namespace driftkeeper
