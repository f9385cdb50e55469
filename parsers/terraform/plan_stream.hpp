#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/graph/report.hpp"

namespace driftkeeper::terraform {

// A diagnostic of the tool, without the excerpt of the source that goes with it, which shows
// values. Summary and detail may hold values too: nobody shows them without looking for secrets.
struct ToolDiagnostic {
    Diagnostic::Level level = Diagnostic::Level::Error;
    std::string summary;
    std::string detail;   // paragraphs, separated by empty lines
    std::string address;  // resource instance, provider["…"] or empty
    std::string place{};  // "main.tf line 19"; empty: not said
};

// What the machine-readable UI of `plan -json` (version 0.1.0 to 1.3, OpenTofu 1.2) said, fed in
// pieces. Lines that are no JSON are kept as text (init prints some); of several plans in a row the
// last counts. Never fails; not thread-safe.
class PlanStream {
public:
    void feed(std::string_view bytes);  // any cut, also inside a line
    void finish();                      // the last line may lack its newline

    [[nodiscard]] const std::string& toolVersion() const noexcept {
        return toolVersion_;
    }  // empty: not said
    [[nodiscard]] bool isOpenTofu() const noexcept { return openTofu_; }
    [[nodiscard]] const std::vector<ToolDiagnostic>& diagnostics() const noexcept {
        return diagnostics_;
    }
    [[nodiscard]] bool hasErrors() const noexcept;
    [[nodiscard]] const std::string& plainText() const noexcept {
        return plainText_;
    }  // at most 64 KiB, for hints only
    [[nodiscard]] std::size_t refreshed() const noexcept {
        return refreshed_;
    }  // resources read so far: progress
    // Resources that leave the state as they are: they may not be read.
    [[nodiscard]] std::size_t letGo() const noexcept { return letGo_; }

    // True only when the stream proves it: a change_summary of a plan came, it counts nothing, no
    // resource_drift, no planned_change and no changed output was announced, and there was no
    // error. Then `show -json` has nothing to add.
    [[nodiscard]] bool provesNoChange() const noexcept;

    // The same but for objects that were read otherwise than they were stored: what they hold says
    // whether that matters.
    [[nodiscard]] bool provesOnlyOtherReadings() const noexcept;

private:
    void line(std::string_view text);
    void beginAgain();

    std::string pending_;
    std::string toolVersion_;
    bool openTofu_ = false;
    std::vector<ToolDiagnostic> diagnostics_;
    std::string plainText_;
    std::size_t refreshed_ = 0;
    std::size_t letGo_ = 0;
    bool summarySeen_ = false;
    bool changeSeen_ = false;
    bool readingSeen_ = false;  // of an object that is still there, at the same address
};

}  // namespace driftkeeper::terraform
