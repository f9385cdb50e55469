#include <doctest/doctest.h>
#include <zip.h>

#include <string>
#include <utility>
#include <vector>

#include "parsers/terraform/state.hpp"

using namespace driftkeeper;
using namespace driftkeeper::terraform;

namespace plan_file_test {
namespace {

const ValueTags tags("test");

std::string archive(const std::vector<std::pair<std::string, std::string>>& members) {
    auto* source = zip_source_buffer_create(nullptr, 0, 0, nullptr);
    zip_source_keep(source);
    auto* zip = zip_open_from_source(source, ZIP_TRUNCATE, nullptr);
    REQUIRE(zip != nullptr);
    for (const auto& [name, text] : members)
        zip_file_add(zip, name.c_str(), zip_source_buffer(zip, text.data(), text.size(), 0), 0);
    REQUIRE(zip_close(zip) == 0);
    zip_stat_t stat;
    REQUIRE(zip_source_stat(source, &stat) == 0);
    std::string bytes(stat.size, '\0');
    REQUIRE(zip_source_open(source) == 0);
    REQUIRE(zip_source_read(source, bytes.data(), bytes.size()) ==
            static_cast<zip_int64_t>(bytes.size()));
    zip_source_close(source);
    zip_source_free(source);
    return bytes;
}

const std::string before = R"({"version":4,"serial":3,"lineage":"l","resources":[]})";
const std::string after = R"({"version":4,"serial":4,"lineage":"l","resources":[]})";

}  // namespace

TEST_CASE("a plan file holds the state before and after the refresh") {
    const auto states = readPlanFileStates(
        archive({{"tfplan", "x"}, {"tfstate", after}, {"tfstate-prev", before}}), tags);
    REQUIRE(states);
    CHECK(states->before.serial == 3);
    CHECK(states->after.serial == 4);
}

TEST_CASE("what is no plan file, or a broken one, is refused") {
    const auto whole = archive({{"tfstate", after}, {"tfstate-prev", before}});
    const std::vector<std::string> table = {"",
                                            "PK",
                                            "not a zip",
                                            whole.substr(0, whole.size() / 2),
                                            archive({{"tfstate", after}}),
                                            archive({{"tfstate", "{}"}, {"tfstate-prev", before}})};
    for (const auto& bytes : table) {
        const auto states = readPlanFileStates(bytes, tags);
        REQUIRE_FALSE(states);
        CHECK(states.error().code == "invalid_plan_file");
    }
    for (std::size_t size = 0; size < whole.size(); ++size)
        CHECK_FALSE(readPlanFileStates(whole.substr(0, size), tags));
}

}  // namespace plan_file_test
