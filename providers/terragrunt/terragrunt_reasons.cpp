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
    Row{"no space left on device", "disk_full"},
    Row{"not a git repository", "terragrunt_needs_git"},
    Row{"no valid credential", "credentials"},
    Row{"expiredtoken", "credentials"},
    Row{"accessdenied", "credentials"},
    Row{"access denied", "credentials"},
    Row{"error finding aws credentials", "credentials"},
    Row{"is not compatible with the version", "tool_too_old"},
    Row{"unknown flag", "tool_too_old"},
    Row{"parsing terragrunt config", "broken_configuration"},
    Row{"error parsing", "broken_configuration"},
    Row{"unsupported attribute", "broken_configuration"},
    Row{"unsupported argument", "broken_configuration"},
    Row{"missing required argument", "broken_configuration"},
    Row{"parentfilenotfound", "broken_configuration"},
    Row{"in any of the parent folders", "broken_configuration"},
    Row{"found a dependency cycle", "broken_configuration"},
    Row{"does not contain a terragrunt.hcl", "broken_configuration"},
    Row{"can not generate terraform file", "broken_configuration"},
    Row{"from source", "broken_configuration"},  // Working dir X from source Y does not exist
    Row{"diagnostic(s)", "broken_configuration"},
};

// Where a program that it starts is missing; a hook's own is no lack of terragrunt or tofu.
constexpr std::array<std::string_view, 2> notFound = {"executable file not found",
                                                      "no such file or directory"};

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
    bool isEntry = false;  // of terragrunt's log
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
            lines.push_back({std::string((*entry)["level"].string()),
                             std::string((*entry)["msg"].string()), true});
        else
            lines.push_back({line.contains(" ERROR ") ? "error" : "", std::string(line)});
    }
    return lines;
}

bool isExcerpt(std::string_view line) {
    // "   7: inputs = {"
    const auto begin = line.find_first_not_of(' ');
    if (begin == std::string_view::npos) return false;
    const auto end = line.find_first_not_of("0123456789", begin);
    return end != std::string_view::npos && end > begin && line.substr(end).starts_with(": ");
}

// PATH-TO-DOWNLOADS/HASH/HASH/app -> app, however the path begins.
void cutDownloads(std::string& text, const std::filesystem::path& downloads) {
    if (downloads.empty()) return;
    const auto mark =
        '/' + (downloads.parent_path().filename() / downloads.filename()).string() + '/';
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark)) {
        const auto before = text.find_last_of(" \t\n\"'(", at);
        const auto begin = before == std::string::npos ? 0 : before + 1;
        auto end = at + mark.size();
        for (int hash = 0; hash < 2; ++hash) {
            const auto next = text.find_first_of("/ \t\n\"')", end);
            if (next == std::string::npos || text[next] != '/') break;
            end = next + 1;
        }
        text.erase(begin, end - begin);
    }
}

// Without the list that errors are wrapped in, excerpts of files and the root of the tree.
std::string plain(std::string_view message, const Cut& cut) {
    std::string text;
    for (bool isFirst = true; !message.empty(); isFirst = false) {
        const auto end = std::min(message.find('\n'), message.size());
        auto line = message.substr(0, end);
        message.remove_prefix(std::min(end + 1, message.size()));
        if (isFirst && line == "error occurred:") continue;
        for (const std::string_view mark : {"* ", "  "})
            if (line.starts_with(mark)) line.remove_prefix(mark.size());
        if (isExcerpt(line) || line.empty()) continue;
        text += (text.empty() ? "" : "\n") + std::string(line);
    }
    const auto root = cut.root.empty() ? std::string() : cut.root + '/';
    for (auto at = text.find(root); !root.empty() && at != std::string::npos; at = text.find(root))
        text.erase(at, root.size());
    cutDownloads(text, cut.downloads);
    return text;
}

// `Failed to execute "tofu init …" in DIR`
bool isOfProgram(std::string_view text) {
    constexpr std::string_view mark = "Failed to execute \"";
    const auto begin = text.find(mark);
    if (begin == std::string_view::npos) return false;
    const auto words = text.substr(begin + mark.size());
    const auto program = words.substr(0, words.find_first_of(" \""));
    const auto name = program.substr(program.rfind('/') + 1);
    return name.starts_with("tofu") || name.starts_with("terraform");
}

std::string_view codeOf(std::string_view said) {
    const auto text = flattened(said);
    for (const auto& [sign, code] : texts)
        if (text.contains(sign)) return code;
    // FILE.hcl:7,41-49: Unsupported attribute; …
    const auto file = text.find(".hcl:");
    const bool isPlace = file != std::string::npos && file + 5 < text.size() &&
                         text[file + 5] >= '0' && text[file + 5] <= '9';
    if (isPlace) return "broken_configuration";
    const bool isMissing =
        std::ranges::any_of(notFound, [&](std::string_view sign) { return text.contains(sign); });
    const bool isHooks = said.contains("Failed to execute") && !isOfProgram(said);
    return isMissing && !isHooks ? "tool_missing" : "terragrunt_failed";
}

}  // namespace

Reason reason(std::string_view code, std::string_view said) {
    for (const auto& [known, sentence] : sentences)
        if (known == code) return {std::string(code), completed(sentence, said)};
    return terraform::reason(code, said, terragruntTool);
}

Reason reasonFor(const ToolResult& ended, const Cut& cut) {
    const auto lines = logLines(ended.err);
    // What the program that terragrunt runs said comes first: it is the cause. It stands between
    // the entries of the log.
    std::string words;
    for (const Line& line : lines)
        if (!line.isEntry) words += line.message + '\n';
    auto errors = terraform::diagnosticsOfText(words + '\n' + ended.out);
    std::string said;
    for (const Line& line : lines)
        if (line.level == "error") said = line.message;
    said = plain(said, cut);
    if (errors.empty() && isOfProgram(said)) errors = terraform::diagnosticsOfText(said);
    if (!errors.empty()) return terraform::reasonForInit(errors, cut.secrets, terragruntTool);
    return reason(codeOf(said), redacted(said, cut.secrets));
}

std::optional<Reason> objectionTo(const ToolResult& ended, const terraform::PlanStream& stream,
                                  const Cut& cut) {
    for (const Line& line : logLines(ended.err))
        if (line.message.contains(mocksUsed)) {
            // "Config PATH is a dependency of PATH that has no outputs, but …"
            const auto text = plain(line.message, cut);
            const auto end = text.find(" is a dependency of ");
            const auto begin = text.find("Config ");
            const bool isNamed =
                begin != std::string::npos && end != std::string::npos && begin + 7 < end;
            return reason("mock_outputs",
                          isNamed ? redacted(text.substr(begin + 7, end - begin - 7), cut.secrets)
                                  : std::string());
        }
    if (ended.status != 0 && !stream.hasErrors()) return reasonFor(ended, cut);
    if (ended.status == 0 && stream.toolVersion().empty() && stream.diagnostics().empty())
        return reason("no_plan");
    return std::nullopt;
}

}  // namespace driftkeeper::terragrunt
