#pragma once

#include <doctest/doctest.h>

#include <string_view>
#include <vector>

#include "parsers/gitops/documents.hpp"

namespace driftkeeper::tests {

// The objects of YAML documents that a test writes out.
inline std::vector<Json> objects(std::string_view yaml) {
    const auto documents = gitops::documentsOf(yaml);
    REQUIRE(documents.mistakes.empty());
    return documents.objects;
}

inline Json object(std::string_view yaml) {
    const auto all = objects(yaml);
    REQUIRE(all.size() == 1);
    return all.front();
}

}  // namespace driftkeeper::tests
