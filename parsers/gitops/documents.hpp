#pragma once

#include <string_view>
#include <vector>

#include "parsers/json/json.hpp"
#include "parsers/yaml/yaml.hpp"

namespace driftkeeper::gitops {

// The Kubernetes objects of one file: YAML 1.2 documents behind each other, or JSON. Scalars get
// the types that kubectl gives them (sigs.k8s.io/yaml). What is no mapping, and an empty document,
// is left out; a List is its items.
struct Documents {
    std::vector<Json> objects;
    std::vector<YamlMistake>
        mistakes;  // of the documents that could not be read; positions within the document
};

// What a provider looks for. Documents without `needle` are not even read.
struct Wanted {
    std::string_view needle;
    bool (*isWanted)(const Json& object);
};

// Documents without `needle` are passed over unread.
Documents documentsOf(std::string_view text, std::string_view needle = {});

// The wanted objects alone; mistakes in what seems to hold some.
Documents documentsOf(std::string_view text, const Wanted& wanted);

// Whether a text holds a wanted object, also one with mistakes: then it says so itself, at its
// first level.
bool holdsWanted(std::string_view text, const Wanted& wanted);

// The documents of a text, as they are separated by lines that begin with --- or ...
std::vector<std::string_view> splitDocuments(std::string_view text);

// A YAML value as JSON has it.
Json jsonOf(const YamlNode& node);

}  // namespace driftkeeper::gitops
