// Prints the vocabulary for tests/lint/vocabulary.py, which holds the documents and the sources to
// it. Usage: vocabulary_tables causes.md | reasons.md | causes.man | words | codes
#include <fmt/format.h>

#include <array>
#include <string>
#include <utility>

#include "parsers/graph/cause.hpp"
#include "parsers/graph/reason_code.hpp"

namespace driftkeeper {
namespace {

using enum ReasonCode::Area;
constexpr std::array<std::pair<ReasonCode::Area, std::string_view>, 8> headings = {{
    {AnyStack, "Every stack"},
    {Terraform, "Terraform, OpenTofu, states"},
    {Terragrunt, "Terragrunt"},
    {Kubernetes, "Kubernetes, Helm"},
    {Reconcilers, "Flux, Argo CD"},
    {CloudFormation, "CloudFormation"},
    {Repositories, "Repositories"},
    {Daemon, "The daemon"},
}};

// The evidence of each family that knows the cause.
std::string evidenceOf(const Cause& cause) {
    const std::array<std::pair<std::string_view, std::string_view>, 5> families = {{
        {"Terraform", cause.terraform},
        {"Kubernetes", cause.kubernetes},
        {"Flux", cause.flux},
        {"Argo CD", cause.argocd},
        {"CloudFormation", cause.cloudformation},
    }};
    std::string text;
    for (const auto& [name, known] : families)
        if (!known.empty())
            text += fmt::format("{}{}: {}", text.empty() ? "" : "<br>", name, known);
    return text;
}

std::string causeTable(bool noise) {
    std::string text =
        "| cause | what happened | how driftkeeper knows | what to do |\n|---|---|---|---|\n";
    for (const Cause& cause : causes()) {
        if (cause.isNoise != noise) continue;
        text +=
            fmt::format("| `{}` | {} | {} | {}{}{} |\n", cause.word, cause.meaning,
                        evidenceOf(cause), cause.advice,
                        cause.deletionAdvice.empty() ? "" : "<br>Deleted: ", cause.deletionAdvice);
    }
    return text;
}

std::string reasonTables() {
    std::string text;
    for (const auto& [area, heading] : headings) {
        text += fmt::format("{}### {}\n\n| code | what happened | what to do |\n|---|---|---|\n",
                            text.empty() ? "" : "\n", heading);
        for (const ReasonCode& one : reasonCodes())
            if (one.area == area)
                text += fmt::format("| `{}` | {} | {} |\n", one.code, one.meaning, one.advice);
    }
    return text;
}

std::string manList(bool noise) {
    std::string text;
    for (const Cause& cause : causes())
        if (cause.isNoise == noise)
            text += fmt::format(".TP\n.B {}\n{}\n", cause.word, cause.meaning);
    return text;
}

std::string printed(std::string_view what) {
    std::string text;
    if (what == "causes.md") {
        text = "Reported:\n\n" + causeTable(false) +
               "\nSuppressed by a built-in ignore rule, `builtin/CAUSE`:\n\n" + causeTable(true);
    } else if (what == "causes.man") {
        text = "Reported:\n" + manList(false) +
               ".PP\nNoise, suppressed by its built-in ignore rule:\n" + manList(true);
    } else if (what == "reasons.md") {
        text = reasonTables();
    } else if (what == "words") {
        for (const Cause& cause : causes()) text += fmt::format("{}\n", cause.word);
    } else if (what == "codes") {
        for (const ReasonCode& one : reasonCodes()) text += fmt::format("{}\n", one.code);
    }
    return text;
}

}  // namespace
}  // namespace driftkeeper

int main(int count, char** words) {
    const auto text = driftkeeper::printed(count == 2 ? words[1] : "");
    fmt::print("{}", text);
    return text.empty() ? 2 : 0;
}
