#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace driftkeeper::terraform {

// The texts that an expression may give, without evaluating it: the literals in it, where `local`
// and the defaults of variables are looked up in `expressions` ("local.a", "var.b" -> expression).
// In a template what is not known is *.
std::vector<std::string> possibleTexts(std::string_view expression,
                                       const std::map<std::string, std::string>& expressions);

// Whether a text is what a pattern with * stands for: * is anything but nothing.
bool matchesText(std::string_view pattern, std::string_view text);

}  // namespace driftkeeper::terraform
