#include "parsers/hcl/hcl.hpp"

#include <algorithm>

#include "parsers/hcl/lexer.hpp"

namespace driftkeeper::hcl {
namespace {

// Reads blocks off the tokens. A token of lesser depth than the body is what ends the body.
class BodyReader {
public:
    explicit BodyReader(std::string_view text) : tokens_(tokenize(text)), broken_(tokens_.broken) {}

    File run() {
        File file;
        readBody(file.body, 0);
        file.broken = broken_;
        return file;
    }

private:
    [[nodiscard]] bool atEnd() const noexcept { return at_ >= tokens_.list.size(); }
    [[nodiscard]] const Token& token() const noexcept { return tokens_.list[at_]; }
    [[nodiscard]] bool sees(TokenKind kind) const noexcept {
        return !atEnd() && token().kind == kind;
    }
    [[nodiscard]] bool endsLine(std::size_t depth) const noexcept {
        return atEnd() || token().depth < depth ||
               (token().kind == TokenKind::Newline && token().depth == depth);
    }

    void readBody(Block& body, std::size_t depth) {
        while (!atEnd() && token().depth >= depth) {
            if (sees(TokenKind::Newline)) {
                ++at_;
            } else if (sees(TokenKind::Identifier)) {
                readItem(body, depth);
            } else {
                skipLine(depth);
            }
        }
    }

    void readItem(Block& body, std::size_t depth) {
        std::string name(token().text);
        ++at_;
        if (!atEnd() && token().is('=')) {
            ++at_;
            return readAttribute(body, std::move(name), depth);
        }
        Block block{std::move(name), readLabels(), {}, {}};
        if (atEnd() || !token().is('{')) return skipLine(depth);
        ++at_;
        readBody(block, depth + 1);
        if (!atEnd()) ++at_;  // the brace
        body.blocks.push_back(std::move(block));
    }

    std::vector<std::string> readLabels() {
        std::vector<std::string> labels;
        for (;; ++at_) {
            if (sees(TokenKind::Identifier)) {
                labels.emplace_back(token().text);
            } else if (sees(TokenKind::QuoteOpen)) {
                labels.push_back(readQuoted());
            } else {
                return labels;
            }
        }
    }

    // The literal parts of a quoted label; leaves at its last token.
    std::string readQuoted() {
        std::string value;
        const auto depth = token().depth;
        while (at_ + 1 < tokens_.list.size()) {
            ++at_;
            if (token().depth <= depth) break;
            if (sees(TokenKind::Text) && token().depth == depth + 1)
                value += unescaped(token().text);
        }
        return value;
    }

    void readAttribute(Block& body, std::string name, std::size_t depth) {
        const std::size_t first = at_;
        while (!endsLine(depth)) ++at_;
        if (first == at_) {
            broken_ = true;
            return;
        }
        const char* begin = tokens_.list[first].text.data();
        const auto& last = tokens_.list[at_ - 1].text;
        body.attributes.push_back({std::move(name), std::string(begin, last.data() + last.size())});
    }

    void skipLine(std::size_t depth) {
        broken_ = true;
        while (!endsLine(depth)) ++at_;
    }

    Tokens tokens_;
    std::size_t at_ = 0;
    bool broken_;
};

}  // namespace

const Attribute* Block::attribute(std::string_view wanted) const noexcept {
    const auto found = std::ranges::find(attributes, wanted, &Attribute::name);
    return found == attributes.end() ? nullptr : &*found;
}

const Block* Block::block(std::string_view wanted) const noexcept {
    const auto found = std::ranges::find(blocks, wanted, &Block::type);
    return found == blocks.end() ? nullptr : &*found;
}

File read(std::string_view text) {
    return BodyReader(text).run();
}

}  // namespace driftkeeper::hcl
