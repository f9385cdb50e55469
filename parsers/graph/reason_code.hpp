#pragma once

#include <span>
#include <string_view>

// Why a check has no verdict, what an incident of trouble is about, and what a line of the log
// means: the stable codes and what people read about them. reason_code.cpp has the one table; the
// page, alerts, the command line, `doctor` and the operations guide read it. It stands on this
// floor because every floor above gives such codes. What one look adds to its code (Reason::text)
// is the tool's own error; the remedy stands only here. Mistakes in the settings (settings/…) are
// not here: each brings its own sentence with the place.
namespace driftkeeper {

struct ReasonCode {
    enum class Area {
        AnyStack,
        Terraform,
        Terragrunt,
        Kubernetes,
        Reconcilers,  // Flux and Argo CD
        CloudFormation,
        Repositories,
        Daemon
    };
    std::string_view code;
    Area area = Area::AnyStack;  // where it arises
    std::string_view meaning;    // what happened, one sentence
    std::string_view advice;     // what to do, one sentence
};

// Grouped by area, no code twice.
std::span<const ReasonCode> reasonCodes() noexcept;
const ReasonCode* reasonCodeOf(std::string_view code) noexcept;  // nullptr: no such code

// What to do about it. Never empty: a code from another version gets a general sentence.
std::string_view adviceForReason(std::string_view code) noexcept;

}  // namespace driftkeeper
