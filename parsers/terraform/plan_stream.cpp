#include "parsers/terraform/plan_stream.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "parsers/json/json.hpp"

namespace driftkeeper::terraform {
namespace {

constexpr std::size_t longestPlainText = 64U << 10U;

ToolDiagnostic diagnosticOf(const Json& message) {
    const auto& diagnostic = message["diagnostic"];
    const bool warns =
        message["@level"].string() == "warn" || diagnostic["severity"].string() == "warning";
    ToolDiagnostic out;
    out.level = warns ? Diagnostic::Level::Warning : Diagnostic::Level::Error;
    out.summary = diagnostic["summary"].string();
    if (out.summary.empty()) out.summary = message["@message"].string();
    out.detail = diagnostic["detail"].string();
    out.address = diagnostic["address"].string();
    const auto& range = diagnostic["range"];
    if (const auto file = range["filename"].string(); !file.empty())
        out.place = std::string(file) + " line " + std::string(range["start"]["line"].text);
    return out;
}

// Anything but an explicit nothing counts.
bool changesSomething(const Json& changes) {
    for (std::size_t i = 0; i < changes.keys.size(); ++i)
        if (changes.items[i].kind == Json::Kind::Number && !sameNumber(changes.items[i].text, "0"))
            return true;
    return false;
}

bool countsAll(const Json& changes) {
    return std::ranges::all_of(std::array{"add", "change", "remove"}, [&](const char* count) {
        return changes[count].kind == Json::Kind::Number;
    });
}

}  // namespace

void PlanStream::feed(std::string_view bytes) {
    for (auto end = bytes.find('\n'); end != std::string_view::npos; end = bytes.find('\n')) {
        pending_ += bytes.substr(0, end);
        line(pending_);
        pending_.clear();
        bytes.remove_prefix(end + 1);
    }
    pending_ += bytes;
}

void PlanStream::finish() {
    if (!pending_.empty()) line(pending_);
    pending_.clear();
}

void PlanStream::line(std::string_view text) {
    if (text.ends_with('\r')) text.remove_suffix(1);
    const auto message = readJson(text);
    if (!message || !message->isObject()) {
        // A line that looks like a message and is none may have said anything.
        if (text.starts_with('{')) changeSeen_ = true;
        if (plainText_.size() + text.size() < longestPlainText) plainText_.append(text) += '\n';
        return;
    }
    const auto type = (*message)["type"].string();
    if (type == "version") {
        // Somebody ran the plan once more: only the last one counts.
        if (!toolVersion_.empty()) beginAgain();
        openTofu_ = !(*message)["tofu"].isNull() || (*message)["@module"].string() == "tofu.ui";
        toolVersion_ = (*message)[openTofu_ ? "tofu" : "terraform"].string();
    } else if (type == "diagnostic" || (*message)["@level"].string() == "error") {
        diagnostics_.push_back(diagnosticOf(*message));
    } else if (type == "refresh_complete") {
        ++refreshed_;
    } else if (type == "planned_change") {
        changeSeen_ = true;
        const auto action = (*message)["change"]["action"].string();
        if (action == "remove" || action == "noop") ++letGo_;
    } else if (type == "resource_drift" && (*message)["change"]["action"].string() == "update") {
        readingSeen_ = true;
    } else if (type == "resource_drift" || type == "planned_action_invocation") {
        changeSeen_ = true;
    } else if (type == "outputs") {
        const auto& outputs = (*message)["outputs"];
        for (const auto& output : outputs.items)
            if (output["action"].string() != "noop") changeSeen_ = true;
    } else if (type == "change_summary") {
        const auto& changes = (*message)["changes"];
        summarySeen_ =
            summarySeen_ || (changes["operation"].string() == "plan" && countsAll(changes));
        changeSeen_ = changeSeen_ || changesSomething(changes);
    }
}

void PlanStream::beginAgain() {
    diagnostics_.clear();
    refreshed_ = 0;
    letGo_ = 0;
    summarySeen_ = changeSeen_ = readingSeen_ = false;
}

bool PlanStream::hasErrors() const noexcept {
    return std::ranges::any_of(diagnostics_, [](const ToolDiagnostic& one) {
        return one.level == Diagnostic::Level::Error;
    });
}

bool PlanStream::provesNoChange() const noexcept {
    return !readingSeen_ && provesOnlyOtherReadings();
}

bool PlanStream::provesOnlyOtherReadings() const noexcept {
    return summarySeen_ && !changeSeen_ && !hasErrors();
}

}  // namespace driftkeeper::terraform
