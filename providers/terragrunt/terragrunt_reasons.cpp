#include "providers/terragrunt/terragrunt_reasons.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "parsers/json/json.hpp"
#include "providers/look/common_reasons.hpp"
#include "providers/look/redacted.hpp"

namespace driftkeeper::terragrunt {
namespace {

using Row = std::pair<std::string_view, std::string_view>;

constexpr std::string_view mocksUsed = "but mock outputs provided and returning those";

// What an error of terragrunt holds, in small letters -> code. The first that is found wins.
constexpr std::array texts = {
    Row{"detected no outputs", "dependency_unapplied"},
    Row{"has not been applied yet", "dependency_unapplied"},
    Row{"executable file not found", "tool_missing"},
    Row{"no space left on device", "disk_full"},
    Row{"not a git repository", "terragrunt_needs_git"},
    Row{"no valid credential", "credentials"},
    Row{"expiredtoken", "credentials"},
    Row{"accessdenied", "credentials"},
    Row{"access denied", "credentials"},
    Row{"error finding aws credentials", "credentials"},
    Row{"parsing terragrunt config", "broken_configuration"},
    Row{"error parsing", "broken_configuration"},
    Row{"unsupported attribute", "broken_configuration"},
    Row{"unsupported argument", "broken_configuration"},
    Row{"missing required argument", "broken_configuration"},
    Row{"parentfilenotfound", "broken_configuration"},
    Row{"in any of the parent folders", "broken_configuration"},
    Row{"found a dependency cycle", "broken_configuration"},
};

// Code -> what happened; {} is the error. What to do stands in the table of reason codes.
constexpr std::array sentences = {
    Row{"mock_outputs", "mock outputs stood in for the outputs of a dependency{}"},
    Row{"dependency_unapplied", "a unit that this one takes outputs of has none{}"},
    Row{"no_plan", "terragrunt ended well and planned nothing{}"},
    Row{"terragrunt_needs_git", "the unit asks Git for its root, and is not in a repository"},
    Row{"terragrunt_failed", "terragrunt failed{}"},
};

struct Line {
    std::string level;
    std::string message;
};

// The log as JSON lines; what is none is taken as it stands.
std::vector<Line> logLines(std::string_view text) {
    std::vector<Line> lines;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const auto entry = line.starts_with('{') ? readJson(line) : failure(Remedy::Report, "", "");
        if (entry && entry->isObject())
            lines.push_back(
                {std::string((*entry)["level"].string()), std::string((*entry)["msg"].string())});
        else
            lines.push_back({line.contains(" ERROR ") ? "error" : "", std::string(line)});
    }
    return lines;
}

std::string plainText(const std::vector<Line>& lines) {
    std::string text;
    for (const Line& line : lines) text += line.message + "\n";
    return text;
}

}  // namespace

Reason reason(std::string_view code, std::string_view said) {
    for (const auto& [known, sentence] : sentences)
        if (known == code) return {std::string(code), completed(sentence, said)};
    return terraform::reason(code, said, terragruntTool);
}

Reason reasonFor(const ToolResult& ended, const std::vector<std::string>& secrets) {
    const auto lines = logLines(ended.err);
    // What the program that terragrunt runs said comes first: it is the cause.
    const auto errors = terraform::diagnosticsOfText(plainText(lines) + "\n" + ended.out);
    if (!errors.empty()) return terraform::reasonForInit(errors, secrets, terragruntTool);
    const auto error = std::ranges::find(lines, "error", &Line::level);
    const std::string said = error == lines.end() ? std::string() : error->message;
    for (const auto& [sign, code] : texts)
        if (flattened(said).contains(sign)) return reason(code, redacted(said, secrets));
    return reason("terragrunt_failed", redacted(said, secrets));
}

std::optional<Reason> objectionTo(const ToolResult& ended, const terraform::PlanStream& stream,
                                  const std::vector<std::string>& secrets) {
    for (const Line& line : logLines(ended.err))
        if (line.message.contains(mocksUsed)) {
            // "Config PATH is a dependency of PATH that has no outputs, but …"
            const auto end = line.message.find(" is a dependency of ");
            const auto begin = line.message.find("Config ");
            const bool isNamed =
                begin != std::string::npos && end != std::string::npos && begin + 7 < end;
            return reason("mock_outputs",
                          isNamed
                              ? redacted(line.message.substr(begin + 7, end - begin - 7), secrets)
                              : std::string());
        }
    if (ended.status != 0 && !stream.hasErrors()) return reasonFor(ended, secrets);
    if (ended.status == 0 && stream.toolVersion().empty() && stream.diagnostics().empty())
        return reason("no_plan");
    return std::nullopt;
}

}  // namespace driftkeeper::terragrunt
