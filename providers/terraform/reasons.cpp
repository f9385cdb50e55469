#include "providers/terraform/reasons.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "providers/look/redacted.hpp"

namespace driftkeeper::terraform {
namespace {

using Row = std::pair<std::string_view, std::string_view>;

constexpr std::array initSummaries = {std::string_view("inconsistent dependency lock file"),
                                      std::string_view("module not installed"),
                                      std::string_view("backend initialization required"),
                                      std::string_view("backend configuration changed"),
                                      std::string_view("required plugins are not installed"),
                                      std::string_view("could not load plugin"),
                                      std::string_view("module source has changed"),
                                      std::string_view("module version requirements have changed"),
                                      std::string_view("initialization required"),
                                      std::string_view("missing required provider"),
                                      std::string_view("could not satisfy plugin requirements")};

// What a diagnostic holds, in small letters -> code. The first that is found wins.
constexpr std::array texts = {
    Row{"error acquiring the state lock", "state_locked"},
    Row{"no space left on device", "disk_full"},
    Row{"disk quota exceeded", "disk_full"},
    Row{"no value for required variable", "missing_variable"},
    Row{"failed to request input from user for variable", "missing_variable"},
    Row{"invalid value for variable", "broken_configuration"},
    Row{"invalid value for input variable", "broken_configuration"},
    Row{"precondition failed", "broken_configuration"},
    Row{"unreadable module directory", "broken_configuration"},
    Row{"currently selected workspace", "workspace_missing"},
    Row{"does not match configured version constraint", "lock_file_changed"},
    Row{"saving a generated plan is currently not supported", "remote_execution"},
    Row{"custom parallelism values are currently not supported", "remote_execution"},
    Row{"does not support saving", "remote_execution"},
    Row{"plugin did not respond", "provider_crashed"},
    Row{"the plugin process exited", "provider_crashed"},
    Row{"plugin crashed", "provider_crashed"},
    Row{"request cancelled", "provider_crashed"},
    Row{"unrecognized remote plugin message", "provider_crashed"},
    Row{"failed to instantiate provider", "provider_crashed"},
    Row{"unsupported terraform core version", "tool_too_old"},
    Row{"unsupported opentofu core version", "tool_too_old"},
    Row{"incompatible module", "tool_too_old"},
    Row{"state snapshot was created by", "tool_too_old"},
    Row{"flag provided but not defined", "tool_too_old"},
    Row{"decryption failed", "encrypted_state"},
    Row{"encrypted and can not be read", "encrypted_state"},
    Row{"encrypted payload", "encrypted_state"},
    Row{"payload provided without fallback", "encrypted_state"},
    Row{"error loading state", "state_unreadable"},
    Row{"failed to load state", "state_unreadable"},
    Row{"error refreshing state", "state_unreadable"},
    Row{"failed to get existing workspaces", "state_unreadable"},
    Row{"unsupported state file format", "state_unreadable"},
};

// Only where no single resource is named: one resource that may not be read is not a lack of
// credentials.
constexpr std::array signs = {
    Row{"no valid credential", "credentials"},
    Row{"invalidclienttokenid", "credentials"},
    Row{"expiredtoken", "credentials"},
    Row{"expired token", "credentials"},
    Row{"unrecognizedclient", "credentials"},
    Row{"signaturedoesnotmatch", "credentials"},
    Row{"accessdenied", "credentials"},
    Row{"access denied", "credentials"},
    Row{"permission denied (publickey", "credentials"},
    Row{"could not find default credentials", "credentials"},
    Row{"failed to get shared config profile", "credentials"},
    Row{"failed to refresh cached credentials", "credentials"},
    Row{"error building azurerm client", "credentials"},
    Row{"unable to build authorizer", "credentials"},
    Row{"please run 'az login'", "credentials"},
    Row{"invalid_grant", "credentials"},
    Row{"unauthorized", "credentials"},
    Row{"authentication failed", "credentials"},
    Row{"401 ", "credentials"},
    Row{"403 ", "credentials"},
};

// Code -> what happened; {} is the error. What to do stands in the table of reason codes.
constexpr std::array sentences = {
    Row{"state_locked", "the state is locked by another run{}"},
    Row{"moving",
        "the state changed during the check, three times in a row; something is being applied"},
    Row{"tool_too_old", "this version of TOOL does not fit the stack{}"},
    Row{"no_fitting_version", "no configured program has the version that the stack asks for{}"},
    Row{"encrypted_state", "the state is encrypted{}"},
    Row{"unsupported", "driftkeeper cannot check this stack{}"},
    Row{"init_failed", "TOOL init failed{}"},
    Row{"plan_narrowed", "arguments narrowed the plan, so it did not check everything{}"},
    Row{"credentials", "the provider or the backend refused the credentials{}"},
    Row{"provider_crashed", "a provider plugin crashed{}"},
    Row{"provider_error", "a provider reported an error{}"},
    Row{"broken_configuration", "the configuration is broken{}"},
    Row{"missing_variable", "a variable has no value{}"},
    Row{"workspace_missing", "the workspace does not exist{}"},
    Row{"no_state_in_checkout",
        "the local backend keeps its state in the working directory, which Git does not hold{}"},
    Row{"lock_file_changed", "init would use other providers than the lock file in Git{}"},
    Row{"remote_execution", "the backend runs plans itself and hands out none{}"},
    Row{"not_compared",
        "the state was read for the inventory; nothing compares it with the real thing"},
    Row{"state_unreadable", "the state cannot be read{}"},
};

std::string named(std::string_view sentence, ToolName tool) {
    std::string text(sentence);
    if (const auto at = text.find("TOOL"); at != std::string::npos) text.replace(at, 4, tool.tool);
    return text;
}

template <std::size_t N>
std::optional<std::string_view> find(const std::array<Row, N>& rows, std::string_view text) {
    for (const auto& [sign, code] : rows)
        if (text.find(sign) != std::string_view::npos) return code;
    return std::nullopt;
}

// What is said of one diagnostic: its summary, the first paragraph of its detail, its place.
std::string saidBy(const ToolDiagnostic& one, const std::vector<std::string>& secrets) {
    std::string text = redacted(one.summary, secrets);
    const std::string_view detail = one.detail;
    const std::string first = redacted(detail.substr(0, detail.find("\n\n")), secrets);
    if (!first.empty() && !text.contains(first)) text += (text.ends_with(':') ? " " : ": ") + first;
    if (!one.place.empty()) text += " [" + redacted(one.place, secrets) + "]";
    return text;
}

bool isExcerpt(std::string_view line) {
    const std::size_t digits = line.find_first_not_of(' ');
    if (digits == std::string_view::npos || digits == 0) return false;
    const std::size_t end = line.find_first_not_of("0123456789", digits);
    if (end != digits && end != std::string_view::npos && line[end] == ':') return true;
    return line.substr(digits).starts_with("│") || line.substr(digits).starts_with("├");
}

// "  on main.tf line 19, in check "health":"
std::string placeIn(std::string_view line) {
    constexpr std::string_view mark = "  on ";
    if (!line.starts_with(mark)) return {};
    const std::size_t at = line.find(" line ");
    if (at == std::string_view::npos) return {};
    return std::string(line.substr(mark.size(), line.find_first_of(",:", at) - mark.size()));
}

std::string_view codeFor(const ToolDiagnostic& error, bool planWritten) {
    const std::string text = flattened(error.summary + " " + error.detail + " ");
    if (const auto code = find(texts, text)) return *code;
    const bool aboutResource = !error.address.empty() && !error.address.starts_with("provider[");
    if (!aboutResource)
        if (const auto code = find(signs, text)) return *code;
    if (!planWritten) return aboutResource ? "provider_error" : "broken_configuration";
    return aboutResource ? "unreadable_resources" : "provider_error";
}

// All variables without a value at once, where there are several: `variable "region" is not set`.
std::string missingVariables(const std::vector<ToolDiagnostic>& diagnostics) {
    constexpr std::string_view mark = "variable \"";
    std::string names;
    int number = 0;
    for (const ToolDiagnostic& one : diagnostics) {
        const auto begin = one.detail.find(mark);
        if (one.level != Diagnostic::Level::Error || begin == std::string::npos ||
            codeFor(one, false) != "missing_variable")
            continue;
        const auto name = begin + mark.size();
        names += (names.empty() ? "" : ", ") +
                 one.detail.substr(name, one.detail.find('"', name) - name);
        ++number;
    }
    return number > 1 ? names : std::string();
}

}  // namespace

bool needsInit(const std::vector<ToolDiagnostic>& diagnostics) {
    return std::ranges::any_of(diagnostics, [](const ToolDiagnostic& one) {
        if (one.level != Diagnostic::Level::Error) return false;
        const std::string summary = flattened(one.summary);
        return std::ranges::any_of(initSummaries,
                                   [&](std::string_view sign) { return summary.contains(sign); });
    });
}

bool needsNewerProvider(const std::vector<ToolDiagnostic>& diagnostics) {
    return std::ranges::any_of(diagnostics, [](const ToolDiagnostic& one) {
        return one.level == Diagnostic::Level::Error &&
               flattened(one.summary + " " + one.detail).contains("newer provider version");
    });
}

Reason reason(std::string_view code, std::string_view said, ToolName tool) {
    for (const auto& [known, sentence] : sentences)
        if (known == code) return {std::string(code), completed(named(sentence, tool), said)};
    return commonReason(code, said, tool);
}

Reason reasonFor(const std::vector<ToolDiagnostic>& diagnostics, bool planWritten,
                 const std::vector<std::string>& secrets, ToolName tool) {
    const ToolDiagnostic* chosen = nullptr;
    std::string_view code = "provider_error";
    for (const ToolDiagnostic& one : diagnostics) {
        if (one.level != Diagnostic::Level::Error) continue;
        const std::string_view candidate = codeFor(one, planWritten);
        // The first error decides, unless a later one says more than "some resource".
        if (chosen == nullptr || (code == "unreadable_resources" && candidate != code)) {
            chosen = &one;
            code = candidate;
        }
    }
    if (code == "missing_variable")
        if (const auto names = missingVariables(diagnostics); !names.empty())
            return reason(code, redacted(names, secrets), tool);
    return reason(code, chosen == nullptr ? std::string() : saidBy(*chosen, secrets), tool);
}

Reason reasonForInit(const std::vector<ToolDiagnostic>& diagnostics,
                     const std::vector<std::string>& secrets, ToolName tool) {
    bool isConfiguration = false;
    const ToolDiagnostic* first = nullptr;
    for (const ToolDiagnostic& one : diagnostics) {
        const std::string text = flattened(one.summary + " " + one.detail + " ");
        if (const auto code = find(texts, text)) return reason(*code, saidBy(one, secrets), tool);
        if (const auto code = find(signs, text)) return reason(*code, saidBy(one, secrets), tool);
        const bool isHeading = text.contains("including problems with the configuration");
        isConfiguration = isConfiguration || isHeading;
        if (first == nullptr || first->summary.size() > 100)
            first = isHeading && first != nullptr ? first : &one;
    }
    return reason(isConfiguration ? "broken_configuration" : "init_failed",
                  first == nullptr ? std::string() : saidBy(*first, secrets), tool);
}

std::vector<ToolDiagnostic> diagnosticsOfText(std::string_view text) {
    constexpr std::string_view mark = "Error: ";
    // OpenTofu prints this heading without the mark.
    constexpr std::string_view heading = "OpenTofu encountered problems during initiali";
    std::vector<ToolDiagnostic> result;
    bool inSummary = false;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.starts_with(mark) || line.starts_with(heading)) {
            const auto summary = line.substr(line.starts_with(mark) ? mark.size() : 0);
            result.push_back({Diagnostic::Level::Error, std::string(summary), {}, {}});
            inSummary = true;
        } else if (result.empty()) {
            continue;
        } else if (auto& last = result.back(); line.empty()) {
            inSummary = false;
            if (!last.detail.empty() && !last.detail.ends_with("\n\n")) last.detail += "\n\n";
        } else if (auto place = placeIn(line); last.place.empty() && !place.empty()) {
            last.place = std::move(place);
        } else if (!isExcerpt(line) && !line.starts_with("Initializing ")) {  // progress
            std::string& part = inSummary ? last.summary : last.detail;
            if (!part.empty() && !part.ends_with('\n')) part += ' ';
            part += line;
        }
    }
    return result;
}

std::vector<Diagnostic> told(const std::vector<ToolDiagnostic>& diagnostics,
                             const std::vector<std::string>& secrets) {
    std::vector<Diagnostic> result;
    for (const ToolDiagnostic& one : diagnostics) {
        Diagnostic diagnostic{one.level, saidBy(one, secrets), one.address};
        if (result.size() < 100 && std::ranges::find(result, diagnostic) == result.end())
            result.push_back(std::move(diagnostic));
    }
    return result;
}

}  // namespace driftkeeper::terraform
