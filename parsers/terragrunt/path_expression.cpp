#include "parsers/terragrunt/path_expression.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <vector>

#include "parsers/hcl/lexer.hpp"
#include "parsers/terraform/source_path.hpp"

namespace driftkeeper::terragrunt {
namespace {

using hcl::Token;
using hcl::TokenKind;
using Text = std::optional<std::string>;

constexpr int deepest = 16;            // locals in locals, templates in templates
constexpr std::size_t longest = 4096;  // of a text

std::string absolute(const std::string& path) {
    return path == "." ? "/" : "/" + path;
}

std::string relative(const std::string& path, const std::string& from) {
    return std::filesystem::path(absolute(path))
        .lexically_relative(absolute(from))
        .generic_string();
}

Text parentFolderOf(const Scope& scope, const std::string& name) {
    for (std::string folder = scope.unit; folder != ".";) {
        folder = terraform::folderOf(folder);
        const auto path = terraform::resolved(folder, name);
        if (path && (scope.tree.read(*path) || scope.tree.hasFolder(*path))) return absolute(*path);
    }
    return std::nullopt;
}

using Arguments = std::vector<Text>;

Text findInParentFolders(const Scope& scope, const Arguments& given) {
    if (given.size() > 2 || (!given.empty() && !given[0])) return std::nullopt;
    auto found = parentFolderOf(scope, given.empty() ? "terragrunt.hcl" : *given[0]);
    return found || given.size() < 2 ? found : given[1];
}

Text terragruntDir(const Scope& scope, const Arguments&) {
    return absolute(scope.unit);
}

Text parentDir(const Scope& scope, const Arguments&) {
    return absolute(scope.includeFolder.empty() ? scope.unit : scope.includeFolder);
}

Text repoRoot(const Scope&, const Arguments&) {
    return "/";
}

Text toRepoRoot(const Scope& scope, const Arguments&) {
    return relative(".", scope.unit);
}

Text fromRepoRoot(const Scope& scope, const Arguments&) {
    return scope.unit;
}

Text toInclude(const Scope& scope, const Arguments&) {
    return scope.includeFolder.empty() ? "." : relative(scope.unit, scope.includeFolder);
}

Text fromInclude(const Scope& scope, const Arguments&) {
    return scope.includeFolder.empty() ? "." : relative(scope.includeFolder, scope.unit);
}

Text dirname(const Scope&, const Arguments& given) {
    if (given.size() != 1 || !given[0]) return std::nullopt;
    const auto slash = given[0]->rfind('/');
    if (slash == std::string::npos) return ".";
    return slash == 0 ? "/" : given[0]->substr(0, slash);
}

Text basename(const Scope&, const Arguments& given) {
    if (given.size() != 1 || !given[0]) return std::nullopt;
    return given[0]->substr(given[0]->rfind('/') + 1);
}

struct Function {
    std::string_view name;
    Text (*call)(const Scope&, const Arguments&);
};

constexpr std::array functions = {Function{"find_in_parent_folders", findInParentFolders},
                                  Function{"get_terragrunt_dir", terragruntDir},
                                  Function{"get_original_terragrunt_dir", terragruntDir},
                                  Function{"get_parent_terragrunt_dir", parentDir},
                                  Function{"get_repo_root", repoRoot},
                                  Function{"get_path_to_repo_root", toRepoRoot},
                                  Function{"get_path_from_repo_root", fromRepoRoot},
                                  Function{"path_relative_to_include", toInclude},
                                  Function{"path_relative_from_include", fromInclude},
                                  Function{"dirname", dirname},
                                  Function{"basename", basename}};

// Reads one value off the tokens; what it does not know makes the whole text unknown.
class Evaluator {
public:
    Evaluator(std::string_view expression, const Scope& scope, int depth)
        : list_(hcl::tokenize(expression).list), scope_(scope), depth_(depth) {
        std::erase_if(list_, [](const Token& token) { return token.kind == TokenKind::Newline; });
    }

    Text whole() {
        auto text = value(0);
        return at_ == list_.size() && text && text->size() <= longest ? text : std::nullopt;
    }

private:
    [[nodiscard]] bool sees(TokenKind kind) const {
        return at_ < list_.size() && list_[at_].kind == kind;
    }
    [[nodiscard]] bool sees(char c) const { return at_ < list_.size() && list_[at_].is(c); }

    Text value(int nested) {
        if (nested + depth_ > deepest) return std::nullopt;
        if (sees(TokenKind::QuoteOpen)) return quoted(nested);
        if (!sees(TokenKind::Identifier)) return std::nullopt;
        const auto name = list_[at_++].text;
        if (sees('(')) return call(name, nested);
        const bool isValue = name == "values" && scope_.values != nullptr;
        if ((name != "local" && !isValue) || !sees('.')) return std::nullopt;
        ++at_;
        if (!sees(TokenKind::Identifier)) return std::nullopt;
        if (isValue) {
            const auto known = scope_.values->find(std::string(list_[at_++].text));
            return known == scope_.values->end() || sees('.') || sees('[') ? Text()
                                                                           : Text(known->second);
        }
        const auto local = scope_.locals.find(std::string(list_[at_++].text));
        if (local == scope_.locals.end() || sees('.') || sees('[')) return std::nullopt;
        return Evaluator(local->second, scope_, depth_ + nested + 1).whole();
    }

    Text quoted(int nested) {
        std::string text;
        for (++at_; at_ < list_.size(); ++at_) {
            if (sees(TokenKind::QuoteClose)) {
                ++at_;
                return text;
            }
            if (sees(TokenKind::Text)) {
                text += hcl::unescaped(list_[at_].text);
            } else if (sees(TokenKind::TemplateOpen) && list_[at_].text.starts_with('$')) {
                ++at_;
                const auto part = value(nested + 1);
                if (!part || !sees(TokenKind::TemplateClose)) return std::nullopt;
                text += *part;
            } else {
                return std::nullopt;
            }
        }
        return std::nullopt;
    }

    Text call(std::string_view name, int nested) {
        Arguments given;
        for (++at_; at_ < list_.size() && !sees(')');) {
            given.push_back(value(nested + 1));
            if (!given.back()) return std::nullopt;
            if (sees(',')) ++at_;
        }
        ++at_;
        const auto* const known = std::ranges::find(functions, name, &Function::name);
        return known == functions.end() ? std::nullopt : known->call(scope_, given);
    }

    std::vector<Token> list_;
    const Scope& scope_;
    int depth_;
    std::size_t at_ = 0;
};

}  // namespace

std::optional<std::string> textOf(std::string_view expression, const Scope& scope) {
    return Evaluator(expression, scope, 0).whole();
}

std::optional<std::string> placeOf(std::string_view text, std::string_view unit) {
    if (!text.starts_with('/')) return terraform::resolved(unit, text);
    while (text.starts_with('/')) text.remove_prefix(1);
    return terraform::resolved(".", text);
}

}  // namespace driftkeeper::terragrunt
