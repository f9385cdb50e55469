#include "parsers/kubernetes/documents.hpp"

#include <algorithm>

#include "parsers/text/ascii.hpp"
#include "parsers/yaml/yaml.hpp"

namespace driftkeeper::kubernetes {
namespace {

bool isSeparator(std::string_view line) noexcept {
    return line.starts_with("---") && (line.size() == 3 || line[3] == ' ' || line[3] == '\t' || line[3] == '\r');
}

bool holdsSomething(std::string_view document) {
    while (!document.empty()) {
        const std::size_t end = std::min(document.find('\n'), document.size());
        const std::string_view line = trimmed(document.substr(0, end));
        if (!line.empty() && line[0] != '#' && line != "..." && !line.starts_with("%")) return true;
        document.remove_prefix(std::min(end + 1, document.size()));
    }
    return false;
}

// The value of `NAME: value` at the beginning of a line.
std::string topLevel(std::string_view document, std::string_view name) {
    while (!document.empty()) {
        const std::size_t end = std::min(document.find('\n'), document.size());
        std::string_view line = document.substr(0, end);
        document.remove_prefix(std::min(end + 1, document.size()));
        if (!line.starts_with(name) || line.size() <= name.size() || line[name.size()] != ':') continue;
        line = trimmed(line.substr(name.size() + 1));
        line = trimmed(line.substr(0, line.find(" #")));
        if (line.size() >= 2 && (line[0] == '"' || line[0] == '\'')) line = line.substr(1, line.size() - 2);
        return std::string(line);
    }
    return {};
}

const YamlNode* member(const YamlNode* node, std::string_view key) {
    return node == nullptr ? nullptr : node->find(key);
}

std::string scalarOf(const YamlNode* node) {
    return node == nullptr ? std::string() : node->scalar;
}

}  // namespace

std::vector<std::string_view> yamlDocuments(std::string_view text) {
    std::vector<std::string_view> result;
    std::size_t begin = 0;
    const auto take = [&](std::size_t end) {
        if (const auto document = text.substr(begin, end - begin); holdsSomething(document)) result.push_back(document);
    };
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        if (isSeparator(text.substr(at, end - at))) {
            take(at);
            begin = std::min(end + 1, text.size());
            // A document may begin on the line of its mark.
            if (!trimmed(text.substr(at + 3, end - at - 3)).empty() && text[at + 3] != '\r') begin = at + 3;
        }
        at = end + 1;
    }
    take(text.size());
    return result;
}

ManifestHead headOf(std::string_view document) {
    if (!trimmed(document).starts_with('{')) return {topLevel(document, "apiVersion"), topLevel(document, "kind")};
    const YamlDocument read = parseYaml(document);
    return {scalarOf(read.root.find("apiVersion")), scalarOf(read.root.find("kind"))};
}

bool namesNamespace(std::string_view document) {
    const YamlDocument read = parseYaml(document);
    return !scalarOf(member(read.root.find("metadata"), "namespace")).empty();
}

}  // namespace driftkeeper::kubernetes
