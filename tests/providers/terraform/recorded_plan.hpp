#pragma once

#include <doctest/doctest.h>
#include <zip.h>

#include <fstream>
#include <iterator>
#include <string>

// What real Terraform said of a situation (tests/parsers/terraform/golden), and plan files around
// any state.
namespace driftkeeper::tests {

inline std::string golden(const std::string& name, const std::string& file) {
    std::ifstream stream(std::string(DRIFTKEEPER_SOURCE_DIR) + "/tests/parsers/terraform/golden/" +
                         name + "/" + file);
    REQUIRE(stream);
    return {std::istreambuf_iterator<char>(stream), {}};
}

// A state of one box_item.a.
inline std::string stateOf(const std::string& lineage, int serial) {
    return R"({"version":4,"terraform_version":"1.11.4","serial":)" + std::to_string(serial) +
           R"(,"lineage":")" + lineage +
           R"(","outputs":{},"resources":[{"mode":"managed","type":"box_item","name":"a","provider":)"
           R"("provider[\"registry.terraform.io/driftkeeper/box\"]","instances":[{"schema_version":0,)"
           R"("attributes":{"id":"a"},"dependencies":[]}]}],"check_results":null})";
}

inline void writePlanFile(const std::string& path, const std::string& stateText) {
    int error = 0;
    zip_t* file = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &error);
    REQUIRE(file != nullptr);
    for (const char* member : {"tfstate", "tfstate-prev"})
        zip_file_add(file, member, zip_source_buffer(file, stateText.data(), stateText.size(), 0),
                     0);
    REQUIRE(zip_close(file) == 0);
}

}  // namespace driftkeeper::tests
