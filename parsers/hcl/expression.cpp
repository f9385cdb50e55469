#include <algorithm>
#include <map>
#include <set>
#include <span>

#include "parsers/hcl/hcl.hpp"
#include "parsers/hcl/lexer.hpp"

namespace driftkeeper::hcl {
namespace {

std::vector<Token> withoutNewlines(std::string_view expression) {
    auto tokens = tokenize(expression).list;
    std::erase_if(tokens, [](const Token& token) { return token.kind == TokenKind::Newline; });
    return tokens;
}

std::string_view slice(const Token& first, const Token& last) {
    return {first.text.data(),
            static_cast<std::size_t>(last.text.data() + last.text.size() - first.text.data())};
}

// The names that `for` binds, as long as its brackets (in templates: until endfor) are open.
class BoundNames {
public:
    [[nodiscard]] bool has(std::string_view name) const { return counts_.contains(name); }

    void leave(std::size_t depth) {
        while (!scopes_.empty() && depth < scopes_.back().depth) pop();
    }

    void see(const std::vector<Token>& tokens, std::size_t at) {
        const bool inTemplate = at > 0 && tokens[at - 1].kind == TokenKind::TemplateOpen;
        if (inTemplate && tokens[at].text == "endfor" && !scopes_.empty()) pop();
        if (tokens[at].text != "for") return;
        Scope scope{tokens[at].depth - (inTemplate ? 1U : 0U), {}};
        for (++at; at < tokens.size() && tokens[at].text != "in"; ++at) {
            if (tokens[at].kind == TokenKind::Identifier) {
                scope.names.push_back(tokens[at].text);
            } else if (!tokens[at].is(',')) {
                return;
            }
        }
        for (const auto name : scope.names) ++counts_[name];
        scopes_.push_back(std::move(scope));
    }

private:
    struct Scope {
        std::size_t depth;
        std::vector<std::string_view> names;
    };

    void pop() {
        for (const auto name : scopes_.back().names) {
            if (--counts_[name] == 0) counts_.erase(name);
        }
        scopes_.pop_back();
    }

    std::vector<Scope> scopes_;
    std::map<std::string_view, int> counts_;
};

// Finds traversals in one pass. One whose index is being read waits on a stack: its index may hold
// traversals too.
class TraversalFinder {
public:
    explicit TraversalFinder(std::string_view expression) : tokens_(withoutNewlines(expression)) {}

    std::vector<std::string> run() {
        while (at_ < tokens_.size()) step();
        std::set<std::string_view> seen;
        std::vector<std::string> out;
        for (const auto& traversal : found_) {
            if (traversal.find('.') != std::string::npos && seen.insert(traversal).second)
                out.push_back(traversal);
        }
        return out;
    }

private:
    struct Waiting {
        std::size_t slot;
        std::size_t depth;
    };

    void step() {
        const Token& token = tokens_[at_];
        bound_.leave(token.depth);
        if (token.kind == TokenKind::Identifier && !follows('.')) {
            bound_.see(tokens_, at_);
            found_.emplace_back(bound_.has(token.text) ? "" : token.text);
            ++at_;
            return steps(found_.size() - 1);
        }
        ++at_;
        if (!waiting_.empty() && token.is(']') && token.depth == waiting_.back().depth) {
            const auto slot = waiting_.back().slot;
            waiting_.pop_back();
            steps(slot);
        }
    }

    [[nodiscard]] bool follows(char c) const { return at_ > 0 && tokens_[at_ - 1].is(c); }
    [[nodiscard]] bool sees(char c) const { return at_ < tokens_.size() && tokens_[at_].is(c); }

    // .name .0 .* [ … ] after the traversal in `slot`. Indexes are no part of its name.
    void steps(std::size_t slot) {
        while (sees('.') && at_ + 1 < tokens_.size()) {
            const Token& next = tokens_[at_ + 1];
            if (next.kind == TokenKind::Identifier) {
                if (!found_[slot].empty()) found_[slot].append(".").append(next.text);
            } else if (next.kind != TokenKind::Number && !next.is('*')) {
                return;
            }
            at_ += 2;
        }
        if (sees('[')) waiting_.push_back({slot, tokens_[at_++].depth});
    }

    std::vector<Token> tokens_;
    std::size_t at_ = 0;
    BoundNames bound_;
    std::vector<std::string> found_;
    std::vector<Waiting> waiting_;
};

struct OpenQuote {
    std::size_t slot;
    std::size_t depth;
    const char* templateBegin;
};

// Strings in templates in strings …: deeper than this only the outer ones are given, or a text
// could grow by its depth.
constexpr std::size_t deepestString = 8;

// KEY = EXPRESSION or KEY : EXPRESSION.
void addMember(std::vector<Attribute>& members, std::span<const Token> tokens) {
    const auto sign = std::ranges::find_if(tokens, [](const Token& token) {
        return token.depth == 1 && (token.is('=') || token.is(':'));
    });
    if (sign == tokens.begin() || sign == tokens.end() || sign + 1 == tokens.end()) return;
    std::string key(slice(tokens.front(), *(sign - 1)));
    const bool name = sign == tokens.begin() + 1 && tokens.front().kind == TokenKind::Identifier;
    if (!name && !stringLiteral(key, key)) return;
    members.push_back({std::move(key), std::string(slice(*(sign + 1), tokens.back()))});
}

}  // namespace

bool stringLiteral(std::string_view expression, std::string& value) {
    const auto tokens = withoutNewlines(expression);
    if (tokens.size() < 2 || tokens.front().kind != TokenKind::QuoteOpen) return false;
    if (tokens.back().kind != TokenKind::QuoteClose || tokens.back().text.empty()) return false;
    std::string literal;
    for (std::size_t at = 1; at + 1 < tokens.size(); ++at) {
        if (tokens[at].kind != TokenKind::Text || tokens[at].depth != 1) return false;
        literal += unescaped(tokens[at].text);
    }
    value = std::move(literal);
    return true;
}

std::vector<std::string> traversals(std::string_view expression) {
    return TraversalFinder(expression).run();
}

std::vector<std::string> tupleElements(std::string_view expression) {
    const auto tokens = withoutNewlines(expression);
    if (tokens.size() < 3 || !tokens.front().is('[') || !tokens.back().is(']') ||
        tokens[1].text == "for")
        return {};
    std::vector<std::string> elements;
    std::size_t first = 1;
    for (std::size_t at = 1; at < tokens.size(); ++at) {
        const bool last = at + 1 == tokens.size();
        if (tokens[at].depth == 0 && !last) return {};  // [a][0]: an index, not a tuple
        if (!last && !(tokens[at].is(',') && tokens[at].depth == 1)) continue;
        if (first < at) elements.emplace_back(slice(tokens[first], tokens[at - 1]));
        first = at + 1;
    }
    return elements;
}

std::vector<Attribute> objectMembers(std::string_view expression) {
    const auto tokens = tokenize(expression).list;
    if (tokens.size() < 2 || !tokens.front().is('{') || !tokens.back().is('}')) return {};
    std::vector<Attribute> members;
    std::size_t first = 1;
    for (std::size_t at = 1; at < tokens.size(); ++at) {
        const bool last = at + 1 == tokens.size();
        const bool separates =
            tokens[at].depth == 1 && (tokens[at].is(',') || tokens[at].kind == TokenKind::Newline);
        if (!last && !separates) continue;
        addMember(members, std::span(tokens).subspan(first, at - first));
        first = at + 1;
    }
    return members;
}

std::vector<std::string> strings(std::string_view text) {
    std::vector<std::string> out;
    std::vector<OpenQuote> open;
    for (const auto& token : tokenize(text).list) {
        if (token.kind == TokenKind::QuoteOpen) {
            if (open.size() < deepestString) out.emplace_back();
            open.push_back({out.size() - 1, token.depth, nullptr});
            continue;
        }
        if (open.empty()) continue;
        OpenQuote& quote = open.back();
        const bool recorded = open.size() <= deepestString;
        if (token.kind == TokenKind::QuoteClose && token.depth == quote.depth) {
            open.pop_back();
        } else if (token.depth != quote.depth + 1 || !recorded) {
            continue;
        } else if (token.kind == TokenKind::Text) {
            out[quote.slot] += unescaped(token.text);
        } else if (token.kind == TokenKind::TemplateOpen) {
            quote.templateBegin = token.text.data();
        } else if (token.kind == TokenKind::TemplateClose) {
            out[quote.slot].append(quote.templateBegin, token.text.data() + token.text.size());
        }
    }
    return out;
}

}  // namespace driftkeeper::hcl
