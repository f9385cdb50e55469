#include "daemon/settings/environment_file.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "daemon/base/files.hpp"
#include "daemon/settings/scalars.hpp"
#include "parsers/text/ascii.hpp"

namespace driftkeeper {
namespace {

// What stands between quotes; nullopt when they do not end, or more than a comment follows them.
std::optional<std::string> unquoted(std::string_view text) {
    const char quote = text[0];
    std::string value;
    std::size_t at = 1;
    for (; at < text.size() && text[at] != quote; ++at) {
        const bool escape =
            quote == '"' && text[at] == '\\' && at + 1 < text.size() &&
            std::string_view("\"\\$`n").find(text[at + 1]) != std::string_view::npos;
        if (escape) ++at;
        value += escape && text[at] == 'n' ? '\n' : text[at];
    }
    if (at >= text.size()) return std::nullopt;
    const auto rest = trimmed(text.substr(at + 1));
    if (!rest.empty() && rest[0] != '#') return std::nullopt;
    return value;
}

class EnvironmentReader {
public:
    explicit EnvironmentReader(const std::string& fileName) : fileName_(fileName) {}

    void line(std::string_view text) {
        ++line_;
        auto rest = trimmed(text);
        if (rest.empty() || rest[0] == '#' || rest[0] == ';') return;
        if (rest.starts_with("export ")) rest = trimmed(rest.substr(7));
        const auto column = static_cast<std::size_t>(rest.data() - text.data()) + 1;
        const auto sign = rest.find('=');
        if (sign == std::string_view::npos)
            return mistake(column, "settings/no_assignment", "the line is not NAME=VALUE");
        const auto name = trimmed(rest.substr(0, sign));
        if (const auto bad = judgeVariableName(name))
            return mistake(column, "settings/" + bad->code, bad->message);
        assign(std::string(name), trimmed(rest.substr(sign + 1)), column + sign + 1);
    }

    LoadedEnvironment loaded;

private:
    void assign(std::string name, std::string_view text, std::size_t column) {
        std::string value(text);
        if (!text.empty() && (text[0] == '"' || text[0] == '\'')) {
            auto inner = unquoted(text);
            if (!inner)
                return mistake(column, "settings/open_quote",
                               "the value of " + name + " is not quoted properly");
            value = std::move(*inner);
        }
        if (!loaded.variables.emplace(name, std::move(value)).second) {
            mistake(1, "settings/repeated_key", name + " is set twice");
        }
    }

    // No excerpt: a line may be a piece of a secret.
    void mistake(std::size_t column, std::string code, std::string message) {
        loaded.mistakes.push_back(
            {fileName_, {line_, column}, "", std::move(code), std::move(message), "", 0});
    }

    const std::string& fileName_;
    std::size_t line_ = 0;
};

}  // namespace

VariableLookup processEnvironment() {
    return [](std::string_view name) -> std::optional<std::string> {
        const char* value = std::getenv(std::string(name).c_str());
        return value == nullptr ? std::nullopt : std::optional<std::string>(value);
    };
}

LoadedEnvironment parseEnvironment(std::string_view text, const std::string& fileName) {
    EnvironmentReader reader(fileName);
    if (const auto offset = firstUnprintable(text); offset != std::string_view::npos) {
        reader.loaded.mistakes.push_back(
            {fileName, TextLines(text).at(offset), "", "settings/invalid_utf8",
             "the text is not UTF-8, or holds a control character", "", 0});
        return std::move(reader.loaded);
    }
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        reader.line(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return std::move(reader.loaded);
}

Result<Environment> readEnvironmentFile(const std::filesystem::path& path) {
    const auto text = readFile(path);
    if (!text) return std::unexpected(text.error());
    auto loaded = parseEnvironment(*text, path.string());
    if (loaded.mistakes.empty()) return std::move(loaded.variables);
    const auto& first = loaded.mistakes.front();
    return failure(Remedy::FixSetup, "bad_environment_file",
                   fmt::format("{}:{}: {}", first.file, first.position.line, first.message));
}

}  // namespace driftkeeper
