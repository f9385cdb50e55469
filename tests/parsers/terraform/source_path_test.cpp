#include "parsers/terraform/source_path.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper::terraform;

TEST_CASE("paths are resolved within the repository") {
    struct Row {
        std::string folder;
        std::string relative;
        std::string path;  // empty: none
    };
    const Row rows[] = {
        {"a/b", "./c", "a/b/c"}, {"a/b", "../c", "a/c"}, {"a/b", "../../c/", "c"},
        {"a/b", "../..", "."},   {".", "./a//b", "a/b"}, {"a", "../../b", ""},
        {"a", "/etc", ""},       {".", "../x", ""},      {".", ".", "."},
    };
    for (const auto& row : rows) {
        CAPTURE(row.relative);
        CHECK(resolved(row.folder, row.relative).value_or("") == row.path);
    }
}

TEST_CASE("only literals that leave the folder are outside paths") {
    struct Row {
        std::string literal;
        std::string path;  // empty: none
    };
    const Row rows[] = {
        {"../x.txt", "a/x.txt"},
        {"${path.module}/../x.txt", "a/x.txt"},
        {"${path.module}/..", "a"},
        {"./../x", "a/x"},
        {"${path.module}/../t/${var.name}.tpl", "a/t"},
        {"../t/*.json", "a/t"},
        {"../t/part-${var.x}", "a/t"},
        {"../../../x", ""},
        {"x.txt", ""},
        {"${path.module}/x.txt", ""},
        {"..x", ""},
        {"see ../x", ""},
        {"", ""},
    };
    for (const auto& row : rows) {
        CAPTURE(row.literal);
        CHECK(outsidePath("a/b", row.literal).value_or("") == row.path);
    }
}

TEST_CASE("names and folders of paths") {
    CHECK(fileName("a/b.tf") == "b.tf");
    CHECK(fileName("b.tf") == "b.tf");
    CHECK(folderOf("a/b/c.tf") == "a/b");
    CHECK(folderOf("c.tf") == ".");
    CHECK(isOpenTofuFile("a/b.tofu"));
    CHECK(isOpenTofuFile("b.tofu.json"));
    CHECK_FALSE(isOpenTofuFile("b.tf"));
}
