#include "parsers/yaml/yaml.hpp"

#include <fmt/format.h>
#include <yaml.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "parsers/yaml/core_tags.hpp"

namespace driftkeeper {
namespace {

constexpr std::size_t deepest = 100;  // the tree is walked by recursion
// Aliases count as what they stand for: a text of a kilobyte may name billions of values.
constexpr std::size_t mostNodes = 100'000;
constexpr std::size_t mostBytes = 16U << 20U;
constexpr std::string_view coreTag = "tag:yaml.org,2002:";
constexpr std::array<std::string_view, 5> nulls = {"", "~", "null", "Null", "NULL"};

// Ends the reading when going on makes no sense. It never leaves this file.
struct Refused {
    YamlMistake mistake;
};

struct Size {
    std::size_t nodes = 0;
    std::size_t bytes = 0;
    std::size_t depth = 0;
};

Size sizeOf(const YamlNode& node) {
    Size size{1, node.scalar.size(), 0};
    const auto add = [&](const YamlNode& part) {
        const auto inner = sizeOf(part);
        size.nodes += inner.nodes;
        size.bytes += inner.bytes;
        size.depth = std::max(size.depth, inner.depth + 1);
    };
    for (const auto& part : node.sequence) add(part);
    for (const auto& [key, value] : node.mapping) {
        add(key);
        add(value);
    }
    return size;
}

std::string textOf(const yaml_char_t* text) {
    return text == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(text));
}

// libyaml's parser over a text, event by event.
class Events {
public:
    explicit Events(std::string_view text) {
        if (yaml_parser_initialize(&parser_) == 0)
            throw Refused{{{}, "too_large", "no memory is left"}};
        yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
        yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()),
                                     text.size());
    }
    Events(const Events&) = delete;
    Events& operator=(const Events&) = delete;
    ~Events() {
        yaml_event_delete(&event_);
        yaml_parser_delete(&parser_);
    }

    // Valid until the next call; nullptr: the text is no YAML.
    const yaml_event_t* next() {
        yaml_event_delete(&event_);
        return yaml_parser_parse(&parser_, &event_) == 0 ? nullptr : &event_;
    }

    // Why next() found nothing. libyaml's messages are fixed texts: they repeat nothing of what was
    // read.
    [[nodiscard]] YamlMistake mistake(const TextLines& lines) const {
        if (parser_.error == YAML_READER_ERROR)
            return {lines.at(parser_.problem_offset), "control_character", parser_.problem};
        const std::string problem =
            parser_.problem == nullptr ? "no memory is left" : parser_.problem;
        return {lines.atCharacter(parser_.problem_mark.index), "syntax", problem};
    }

private:
    yaml_parser_t parser_{};
    yaml_event_t event_{};
};

// Builds the tree from the parser's events.
class TreeBuilder {
public:
    TreeBuilder(const TextLines& lines, YamlTags tags, YamlKeys keys)
        : lines_(lines), tags_(tags), keys_(keys) {}

    std::vector<YamlMistake> mistakes;
    YamlNode root;

    void take(const yaml_event_t& event) {
        const auto where = lines_.atCharacter(event.start_mark.index);
        switch (event.type) {
            case YAML_SCALAR_EVENT:
                return takeScalar(where, event);
            case YAML_ALIAS_EVENT:
                return takeAlias(where, textOf(event.data.alias.anchor));
            case YAML_SEQUENCE_START_EVENT: {
                const auto& start = event.data.sequence_start;
                return open(YamlNode::Kind::Sequence, where, textOf(start.tag),
                            textOf(start.anchor));
            }
            case YAML_MAPPING_START_EVENT: {
                const auto& start = event.data.mapping_start;
                return open(YamlNode::Kind::Mapping, where, textOf(start.tag),
                            textOf(start.anchor));
            }
            case YAML_SEQUENCE_END_EVENT:
            case YAML_MAPPING_END_EVENT:
                return close();
            default:
                return;
        }
    }

private:
    struct Open {
        YamlNode node;
        std::string anchor;
        bool expectsValue = false;  // of a mapping: the key is there
        std::size_t entry = 0;      // where the value goes
        std::map<std::string, std::size_t> keys{};
    };

    [[nodiscard]] static YamlNode node(YamlNode::Kind kind, TextPosition where) {
        YamlNode made;
        made.kind = kind;
        made.position = where;
        return made;
    }

    [[noreturn]] static void refuse(TextPosition where, std::string code, std::string message) {
        throw Refused{{where, std::move(code), std::move(message)}};
    }

    void takeScalar(TextPosition where, const yaml_event_t& event) {
        const auto& scalar = event.data.scalar;
        auto made = node(YamlNode::Kind::Scalar, where);
        made.scalar.assign(reinterpret_cast<const char*>(scalar.value), scalar.length);
        const auto tag = textOf(scalar.tag);
        made.plain = scalar.style == YAML_PLAIN_SCALAR_STYLE && tag.empty();
        if (made.plain && std::ranges::find(nulls, made.scalar) != nulls.end()) {
            made.kind = YamlNode::Kind::Null;
            made.scalar.clear();
        }
        applyTag(made, tag);
        const Size size{1, made.scalar.size(), 0};
        count(where, size);
        const auto anchor = textOf(scalar.anchor);
        keep(made, anchor, size);
        place(std::move(made));
    }

    void takeAlias(TextPosition where, const std::string& anchor) {
        const auto found = anchors_.find(anchor);
        if (found == anchors_.end())
            refuse(where, "unknown_anchor", "the referenced anchor is not defined");
        const auto& [original, size, isOpen] = found->second;
        if (isOpen) refuse(where, "recursive_alias", "an alias within what it stands for");
        // Measured before it is copied: aliases of aliases grow without bound.
        count(where, size);
        auto copy = original;
        copy.position = where;
        place(std::move(copy));
    }

    void applyTag(YamlNode& made, const std::string& tag) {
        if (tag.empty() || tag == "!") return;
        if (tag.starts_with(coreTag)) {
            if (applyCoreTag(made, std::string_view(tag).substr(coreTag.size()))) return;
            mistakes.push_back({made.position, "tag", "this tag (!!…) is not supported here"});
        } else if (tags_ == YamlTags::Kept && tag.starts_with('!')) {
            made.tag = tag;
        } else {
            mistakes.push_back({made.position, "tag", "tags (!…) are not supported"});
        }
    }

    void count(TextPosition where, const Size& size) {
        nodes_ += size.nodes;
        bytes_ += size.bytes;
        if (nodes_ > mostNodes || bytes_ > mostBytes)
            refuse(where, "too_large", "the document holds too many values");
        if (open_.size() + size.depth > deepest) refuse(where, "too_deep", "more than 100 levels");
    }

    // What has an anchor is kept a second time, and counts twice.
    void keep(const YamlNode& made, const std::string& anchor, const Size& size) {
        if (anchor.empty()) return;
        count(made.position, size);
        anchors_.insert_or_assign(anchor, Anchored{made, size, false});
    }

    void open(YamlNode::Kind kind, TextPosition where, const std::string& tag, std::string anchor) {
        count(where, {1, 0, 1});
        if (!anchor.empty()) anchors_.insert_or_assign(anchor, Anchored{{}, {}, true});
        open_.push_back({node(kind, where), std::move(anchor)});
        applyTag(open_.back().node, tag);
    }

    void close() {
        Open done = std::move(open_.back());
        open_.pop_back();
        if (!done.anchor.empty()) keep(done.node, done.anchor, sizeOf(done.node));
        place(std::move(done.node));
    }

    void place(YamlNode made) {
        if (open_.empty()) {
            root = std::move(made);
            return;
        }
        Open& parent = open_.back();
        if (parent.node.kind == YamlNode::Kind::Sequence) {
            parent.node.sequence.push_back(std::move(made));
        } else if (parent.expectsValue) {
            YamlEntry& entry = parent.node.mapping[parent.entry];
            // What is not there has no place of its own: the parser is already at the next line.
            if (made.kind == YamlNode::Kind::Null) made.position = entry.key.position;
            entry.value = std::move(made);
            parent.expectsValue = false;
        } else {
            placeKey(parent, std::move(made));
        }
    }

    void placeKey(Open& parent, YamlNode key) {
        parent.expectsValue = true;
        if (key.kind != YamlNode::Kind::Scalar) {
            mistakes.push_back({key.position, "key_not_scalar", "a key must be a plain text"});
            key = node(YamlNode::Kind::Scalar, key.position);
        } else {
            const auto [known, isNew] = parent.keys.emplace(key.scalar, parent.node.mapping.size());
            parent.entry = known->second;
            if (!isNew && keys_ == YamlKeys::LastCounts) return;
            if (!isNew)
                mistakes.push_back(
                    {key.position, "repeated_key",
                     fmt::format("the key {} is given twice", key.scalar.substr(0, 60))});
        }
        parent.entry = parent.node.mapping.size();
        parent.node.mapping.push_back({std::move(key), {}});
    }

    struct Anchored {
        YamlNode node;
        Size size;
        bool isOpen = false;  // what it names has not ended yet
    };

    const TextLines& lines_;
    YamlTags tags_;
    YamlKeys keys_;
    std::vector<Open> open_;
    std::map<std::string, Anchored> anchors_;
    std::size_t nodes_ = 0;
    std::size_t bytes_ = 0;
};

// Reads the first document into `builder`, and looks whether there is a second one.
void run(Events& events, TreeBuilder& builder, const TextLines& lines) {
    std::size_t documents = 0;
    for (;;) {
        const auto* event = events.next();
        if (event == nullptr) throw Refused{events.mistake(lines)};
        if (event->type == YAML_STREAM_END_EVENT) return;
        if (event->type == YAML_DOCUMENT_START_EVENT && ++documents == 2) {
            builder.mistakes.push_back({lines.atCharacter(event->start_mark.index),
                                        "several_documents", "more than one document (---)"});
            return;
        }
        builder.take(*event);
    }
}

YamlMistake unprintable(std::string_view text, std::size_t offset, const TextLines& lines) {
    const auto byte = static_cast<unsigned char>(text[offset]);
    if (byte < 0x80)
        return {lines.at(offset), "control_character",
                fmt::format("control character 0x{:02x}", byte)};
    return {lines.at(offset), "invalid_utf8", "the text is not UTF-8"};
}

}  // namespace

const YamlNode* YamlNode::find(std::string_view key) const noexcept {
    const auto found = std::ranges::find(
        mapping, key, [](const YamlEntry& entry) -> std::string_view { return entry.key.scalar; });
    return found == mapping.end() ? nullptr : &found->value;
}

YamlDocument parseYaml(std::string_view text, YamlTags tags, YamlKeys keys) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    const TextLines lines(text);
    if (const auto offset = firstUnprintable(text); offset != std::string_view::npos) {
        return {{}, {unprintable(text, offset, lines)}};
    }
    TreeBuilder builder(lines, tags, keys);
    try {
        Events events(text);
        run(events, builder, lines);
    } catch (const Refused& refused) {
        builder.mistakes.push_back(refused.mistake);
        builder.root = {};
    }
    return {std::move(builder.root), std::move(builder.mistakes)};
}

}  // namespace driftkeeper
