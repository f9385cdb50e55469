// Generated documents against a second reader of YAML, PyYAML: generated.py writes both.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <charconv>
#include <cstdlib>
#include <sstream>

#include "parsers/yaml/yaml.hpp"
#include "tests/support/run.hpp"

namespace generated_test {
using namespace driftkeeper;

namespace {

std::string fromHex(std::string_view hex) {
    std::string bytes;
    for (std::size_t at = 0; at + 1 < hex.size(); at += 2) {
        unsigned value = 0;
        std::from_chars(hex.data() + at, hex.data() + at + 2, value, 16);
        bytes += static_cast<char>(value);
    }
    return bytes;
}

std::string toHex(std::string_view bytes) {
    std::string hex;
    for (const char c : bytes) hex += fmt::format("{:02x}", static_cast<unsigned char>(c));
    return hex;
}

std::string treeOf(const YamlNode& node) {
    std::string tree;
    switch (node.kind) {
        case YamlNode::Kind::Null:
            return "n";
        case YamlNode::Kind::Scalar:
            return "s" + toHex(node.scalar);
        case YamlNode::Kind::Sequence:
            for (const auto& item : node.sequence) tree += (tree.empty() ? "" : ",") + treeOf(item);
            return "[" + tree + "]";
        case YamlNode::Kind::Mapping:
            for (const auto& [key, value] : node.mapping)
                tree += treeOf(key) + "=" + treeOf(value) + ";";
            break;
    }
    return "{" + tree + "}";
}

std::string readTree(const std::string& text) {
    const auto document = parseYaml(text, YamlTags::Kept);
    return document.mistakes.empty() ? treeOf(document.root) : "!";
}

}  // namespace

TEST_CASE("generated documents are read as another reader reads them") {
    const char* wanted = std::getenv("DRIFTKEEPER_YAML_DOCUMENTS");
    const std::string count = wanted == nullptr ? "1000" : wanted;
    const std::string script = DRIFTKEEPER_SOURCE_DIR "/tests/parsers/yaml/generated.py";
    std::istringstream lines(
        tests::outputOf({"python3", script, count, "1"}, {.timeout = std::chrono::minutes(10)}));
    std::size_t compared = 0;
    for (std::string text, tree; lines >> text >> tree; ++compared) {
        const std::string document = fromHex(text);
        CAPTURE(document);
        CHECK(readTree(document) == tree);
    }
    CHECK(compared == std::stoul(count));
}

}  // namespace generated_test
