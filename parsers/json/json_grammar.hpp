#pragma once

#include <string_view>

namespace driftkeeper {

// Whether a text is one JSON value (RFC 8259), with valid UTF-8 and whole surrogate pairs. Numbers of any size are
// right. Depth costs no stack.
bool isJson(std::string_view text);

}  // namespace driftkeeper
