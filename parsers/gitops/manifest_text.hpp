#pragma once

#include <string>
#include <string_view>

// What a document of a manifest says as a text: also where it is no YAML as a whole.
namespace driftkeeper::gitops {

// The value of `NAME: value` at the first level of a document in block style, without quotes, tag
// and anchor; the name may stand in quotes. Empty: there is none.
std::string firstLevel(std::string_view document, std::string_view name);

// Marks of a program that fills in templates (Go, Jinja, ERB): with them a text need not be YAML.
bool hasTemplateMarks(std::string_view text) noexcept;

}  // namespace driftkeeper::gitops
