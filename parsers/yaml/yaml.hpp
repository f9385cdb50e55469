#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "parsers/yaml/text_positions.hpp"

namespace driftkeeper {

struct YamlEntry;

struct YamlNode {
    enum class Kind { Null, Scalar, Sequence, Mapping };

    Kind kind = Kind::Null;
    bool plain = true;   // a scalar without quotes, or one whose core tag (!!int) asks for a type
    std::string scalar;  // resolved text; of !!binary the bytes
    std::string tag{};   // !Ref: a local tag, where they are kept; empty: none
    TextPosition position;
    std::vector<YamlNode> sequence;
    std::vector<YamlEntry> mapping;  // in the order of the text

    [[nodiscard]] const YamlNode* find(
        std::string_view key) const noexcept;  // in a mapping; nullptr: absent
};

struct YamlEntry {
    YamlNode key;  // a scalar
    YamlNode value;
};

// Why a text is no document. `code` is stable: invalid_utf8, control_character, syntax,
// repeated_key, unknown_anchor, recursive_alias, too_deep, too_large, tag, key_not_scalar,
// several_documents. `message` repeats nothing of the text but keys.
struct YamlMistake {
    TextPosition position;
    std::string code;
    std::string message;
};

struct YamlDocument {
    YamlNode root;  // Null for an empty document, and when it could not be read
    std::vector<YamlMistake> mistakes;
};

// What becomes of local tags (!Ref, !Sub): a mistake, or the node's `tag`. YAML's own (!!str,
// !!int, !!float, !!bool,
// !!null, !!binary, !!timestamp, !!seq, !!map) say what a value is; other global ones are always a
// mistake.
enum class YamlTags { Refused, Kept };

// What becomes of a key that is given twice: a mistake, or the last value counts.
enum class YamlKeys { Unique, LastCounts };

// One YAML document, as libyaml reads it. Aliases are expanded; more than 100 levels, or more than
// 100,000 nodes or 16 MiB after that, are mistakes. Keys must be scalars. Never throws.
YamlDocument parseYaml(std::string_view text, YamlTags tags = YamlTags::Refused,
                       YamlKeys keys = YamlKeys::Unique);

}  // namespace driftkeeper
