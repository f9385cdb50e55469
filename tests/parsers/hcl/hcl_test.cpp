#include "parsers/hcl/hcl.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper;

TEST_CASE("a configuration file becomes blocks and attributes") {
    const auto file = hcl::read(R"(
# the network
terraform {
  required_version = ">= 1.5"   // newest
  backend "s3" { bucket = "state" }
}
resource "aws_vpc" main {
  cidr_block = var.cidr /* one */
  tags = {
    Name = "x" # a comment
    "a b" : 1
  }
  lifecycle {
    ignore_changes = [tags["Name"]]
  }
}
)");
    CHECK_FALSE(file.broken);
    REQUIRE(file.body.blocks.size() == 2);
    const auto& terraform = file.body.blocks[0];
    REQUIRE(terraform.attribute("required_version") != nullptr);
    CHECK(terraform.attribute("required_version")->expression == "\">= 1.5\"");
    REQUIRE(terraform.block("backend") != nullptr);
    CHECK(terraform.block("backend")->labels == std::vector<std::string>{"s3"});
    CHECK(terraform.block("backend")->attribute("bucket")->expression == "\"state\"");

    const auto& vpc = file.body.blocks[1];
    CHECK(vpc.labels == std::vector<std::string>{"aws_vpc", "main"});
    CHECK(vpc.attribute("cidr_block")->expression == "var.cidr");
    CHECK(vpc.attribute("tags")->expression.starts_with("{\n"));
    CHECK(vpc.attribute("tags")->expression.ends_with("}"));
    CHECK(vpc.block("lifecycle")->attribute("ignore_changes")->expression == "[tags[\"Name\"]]");
    CHECK(vpc.attribute("absent") == nullptr);
    CHECK(vpc.block("absent") == nullptr);
}

TEST_CASE("heredocs end at their marker, also indented, with templates and braces inside") {
    const auto file = hcl::read(
        "a = <<EOT\n  EOT not here\n{ \"\n ${b.c[\"}\"]} $${x}\nEOT\n"
        "d = [<<-END\n  text }\n  END\n, \"z\"]\n"
        "e = 1\n");
    CHECK_FALSE(file.broken);
    REQUIRE(file.body.attributes.size() == 3);
    CHECK(file.body.attributes[0].expression.ends_with("EOT"));
    CHECK(hcl::traversals(file.body.attributes[0].expression) == std::vector<std::string>{"b.c"});
    CHECK(hcl::strings(file.body.attributes[1].expression) == std::vector<std::string>{"z"});
    CHECK(file.body.attributes[2].expression == "1");
}

TEST_CASE("carriage returns are blanks, and end heredocs too") {
    const auto file = hcl::read("a {\r\n  b = <<X\r\nt\r\n  X\r\n  c = 2\r\n}\r\n");
    CHECK_FALSE(file.broken);
    CHECK(file.body.blocks.at(0).attribute("c")->expression == "2");
}

TEST_CASE("what is broken is left out, what follows is read") {
    struct Row {
        std::string text;
        std::size_t attributes;
        std::size_t blocks;
    };
    const Row rows[] = {
        {"a =\nb = 1\n", 1, 0},        {"a b c\nd = 1\n", 1, 0},         {"= 3\nd = 1\n", 1, 0},
        {"}\nd = 1\n", 1, 0},          {"x {\n a = (\n}\ny {}\n", 0, 2}, {"x {\n", 0, 1},
        {"a = \"open\nb = 1\n", 2, 0}, {"x \"open {\nb = 1\n", 1, 0},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        const auto file = hcl::read(row.text);
        CHECK(file.broken);
        CHECK(file.body.attributes.size() == row.attributes);
        CHECK(file.body.blocks.size() == row.blocks);
    }
}

TEST_CASE("hostile text ends quickly") {
    for (const std::string piece :
         {"{", "a {", "\"${", "<<A\n", "[", "(", "a=\"", "%{for x in y}", "/*", "}"}) {
        std::string text;
        while (text.size() < 200000) text += piece;
        CAPTURE(piece);
        CHECK(hcl::read(text).broken);
        CHECK(hcl::traversals(text).empty());
        CHECK(hcl::tupleElements(text).empty());
    }
}

TEST_CASE("an empty file holds nothing and is not broken") {
    const auto file = hcl::read("\n# nothing\n");
    CHECK_FALSE(file.broken);
    CHECK(file.body.blocks.empty());
}
