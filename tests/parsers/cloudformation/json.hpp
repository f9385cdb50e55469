#pragma once

#include <doctest/doctest.h>

#include <string_view>

#include "parsers/json/json.hpp"

namespace driftkeeper::tests {

// A JSON literal.
inline Json json(std::string_view text) {
    auto value = readJson(text);
    REQUIRE_MESSAGE(value, text);
    return *std::move(value);
}

}  // namespace driftkeeper::tests
