#include "parsers/yaml/yaml.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

namespace driftkeeper {
namespace {

constexpr std::size_t deepest = 100;
constexpr std::size_t mostNodes = 100'000;
constexpr std::size_t mostBytes = 16U << 20U;

// Ends the parser's run when going on makes no sense. It never leaves this file.
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

// Builds the tree from the parser's events.
class TreeBuilder final : public YAML::EventHandler {
public:
    TreeBuilder(const TextLines& lines, YamlTags tags) : lines_(lines), tags_(tags) {}

    std::vector<YamlMistake> mistakes;
    YamlNode root;
    TextPosition start;

    void OnDocumentStart(const YAML::Mark& mark) override { start = position(mark); }
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        add(node(YamlNode::Kind::Null, mark), anchor);
    }

    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        auto scalar = node(YamlNode::Kind::Scalar, mark);
        scalar.tag = tagOf(mark, tag);
        scalar.plain = tag == "?";
        scalar.scalar = value;
        add(std::move(scalar), anchor);
    }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        const auto found = anchors_.find(anchor);
        if (found == anchors_.end()) refuse(position(mark), "recursive_alias", "an alias within what it stands for");
        // Measured before it is copied: aliases of aliases grow without bound.
        const auto& [original, size] = found->second;
        count(position(mark), size);
        auto copy = original;
        copy.position = position(mark);
        place(std::move(copy));
    }

    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        open(YamlNode::Kind::Sequence, mark, tag, anchor);
    }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        open(YamlNode::Kind::Mapping, mark, tag, anchor);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapEnd() override { close(); }

private:
    struct Open {
        YamlNode node;
        YAML::anchor_t anchor;
        bool expectsValue = false;  // of a mapping: the key is there
        std::set<std::string> keys{};
    };

    [[nodiscard]] TextPosition position(const YAML::Mark& mark) const {
        return lines_.at(static_cast<std::size_t>(std::max(mark.line, 0)),
                         static_cast<std::size_t>(std::max(mark.column, 0)));
    }

    [[nodiscard]] YamlNode node(YamlNode::Kind kind, const YAML::Mark& mark) const {
        YamlNode made;
        made.kind = kind;
        made.position = position(mark);
        return made;
    }

    [[noreturn]] static void refuse(TextPosition where, std::string code, std::string message) {
        throw Refused{{where, std::move(code), std::move(message)}};
    }

    std::string tagOf(const YAML::Mark& mark, const std::string& tag) {
        if (tag.empty() || tag == "?" || tag == "!") return {};
        if (tags_ == YamlTags::Kept && tag.starts_with('!')) return tag;
        mistakes.push_back({position(mark), "tag", "tags (!…) are not supported"});
        return {};
    }

    void count(TextPosition where, const Size& size) {
        nodes_ += size.nodes;
        bytes_ += size.bytes;
        if (nodes_ > mostNodes || bytes_ > mostBytes) refuse(where, "too_large", "the document holds too many values");
        if (open_.size() + size.depth > deepest) refuse(where, "too_deep", "more than 100 levels");
    }

    // What has an anchor is kept a second time, and counts twice.
    void keep(const YamlNode& made, YAML::anchor_t anchor, const Size& size) {
        if (anchor == YAML::NullAnchor) return;
        count(made.position, size);
        anchors_.emplace(anchor, Anchored{made, size});
    }

    void add(YamlNode made, YAML::anchor_t anchor) {
        const Size size{1, made.scalar.size(), 0};
        count(made.position, size);
        keep(made, anchor, size);
        place(std::move(made));
    }

    void open(YamlNode::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
        count(position(mark), {1, 0, 1});
        open_.push_back({node(kind, mark), anchor});
        open_.back().node.tag = tagOf(mark, tag);
    }

    void close() {
        Open done = std::move(open_.back());
        open_.pop_back();
        if (done.anchor != YAML::NullAnchor) keep(done.node, done.anchor, sizeOf(done.node));
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
            // What is not there has no place of its own: the parser is already at the next line.
            if (made.kind == YamlNode::Kind::Null) made.position = parent.node.mapping.back().key.position;
            parent.node.mapping.back().value = std::move(made);
            parent.expectsValue = false;
        } else {
            placeKey(parent, std::move(made));
        }
    }

    void placeKey(Open& parent, YamlNode key) {
        if (key.kind != YamlNode::Kind::Scalar) {
            mistakes.push_back({key.position, "key_not_scalar", "a key must be a plain text"});
            key = YamlNode{YamlNode::Kind::Scalar, true, {}, {}, key.position, {}, {}};
        } else if (!parent.keys.insert(key.scalar).second) {
            mistakes.push_back(
                {key.position, "repeated_key", fmt::format("the key {} is given twice", key.scalar.substr(0, 60))});
        }
        parent.node.mapping.push_back({std::move(key), {}});
        parent.expectsValue = true;
    }

    struct Anchored {
        YamlNode node;
        Size size;
    };

    const TextLines& lines_;
    YamlTags tags_;
    std::vector<Open> open_;
    std::map<YAML::anchor_t, Anchored> anchors_;
    std::size_t nodes_ = 0;
    std::size_t bytes_ = 0;
};

// What yaml-cpp says, without the part of the text that some of its messages repeat.
YamlMistake mistakeOf(const YAML::Exception& exception, const TextLines& lines) {
    const auto line = static_cast<std::size_t>(std::max(exception.mark.line, 0));
    const auto column = static_cast<std::size_t>(std::max(exception.mark.column, 0));
    const auto message = exception.msg.substr(0, exception.msg.find(": "));
    const bool anchor = message == YAML::ErrorMsg::UNKNOWN_ANCHOR;
    return {lines.at(line, column), anchor ? "unknown_anchor" : "syntax", message};
}

void run(YAML::Parser& parser, TreeBuilder& builder, const TextLines& lines) {
    if (!parser.HandleNextDocument(builder)) return;
    TreeBuilder second(lines, YamlTags::Kept);
    if (parser.HandleNextDocument(second)) {
        builder.mistakes.push_back({second.start, "several_documents", "more than one document (---)"});
    }
}

YamlMistake unprintable(std::string_view text, std::size_t offset, const TextLines& lines) {
    const auto byte = static_cast<unsigned char>(text[offset]);
    if (byte < 0x80) return {lines.at(offset), "control_character", fmt::format("control character 0x{:02x}", byte)};
    return {lines.at(offset), "invalid_utf8", "the text is not UTF-8"};
}

}  // namespace

const YamlNode* YamlNode::find(std::string_view key) const noexcept {
    const auto found =
        std::ranges::find(mapping, key, [](const YamlEntry& entry) -> std::string_view { return entry.key.scalar; });
    return found == mapping.end() ? nullptr : &found->value;
}

YamlDocument parseYaml(std::string_view text, YamlTags tags) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    const TextLines lines(text);
    if (const auto offset = firstUnprintable(text); offset != std::string_view::npos) {
        return {{}, {unprintable(text, offset, lines)}};
    }
    TreeBuilder builder(lines, tags);
    // yaml-cpp takes a quoted text without an end for a whole one when a line end comes last. A comment at the end of
    // the text prevents that and changes nothing else.
    std::istringstream stream(std::string(text) + "\n#");
    try {
        YAML::Parser parser(stream);
        run(parser, builder, lines);
    } catch (const Refused& refused) {
        builder.mistakes.push_back(refused.mistake);
        builder.root = {};
    } catch (const YAML::Exception& exception) {
        builder.mistakes.push_back(mistakeOf(exception, lines));
        builder.root = {};
    }
    return {std::move(builder.root), std::move(builder.mistakes)};
}

}  // namespace driftkeeper
