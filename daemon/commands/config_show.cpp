// `driftkeeper config show`: the settings in force, with defaults and included files, without any
// secret.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "daemon/commands/commands.hpp"
#include "daemon/settings/config_file.hpp"

namespace driftkeeper {
namespace {

using ShownJson = nlohmann::ordered_json;
using Kind = SettingNode::Kind;

ShownJson shown(const SettingNode& node);

// Null for what is not given and has no default.
ShownJson shownParts(const SettingNode& node) {
    ShownJson out = node.kind == Kind::List ? ShownJson::array() : ShownJson::object();
    for (const auto& part : node.parts) {
        auto value = shown(part);
        if (value.is_null()) continue;
        if (node.kind == Kind::List)
            out.push_back(std::move(value));
        else
            out[part.key] = std::move(value);
    }
    return out.empty() ? ShownJson() : out;
}

ShownJson shown(const SettingNode& node) {
    for (const auto& form : node.forms)
        if (auto value = shown(form); !value.is_null()) return value;
    if (node.kind == Kind::Mapping || node.kind == Kind::Names || node.kind == Kind::List)
        return shownParts(node);
    if (!node.value) return {};
    if (node.kind == Kind::Boolean) return *node.value == "true";
    if (node.kind == Kind::Integer) return std::stol(*node.value);
    return *node.value;
}

// What YAML reads as text without quotes: nothing that looks like another type or has a meaning.
bool isPlain(const std::string& text) {
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    constexpr std::string_view others = "0123456789_./@-";
    if (text.empty() || (letters.find(text[0]) == letters.npos && text[0] != '/')) return false;
    for (const char c : text)
        if (letters.find(c) == letters.npos && others.find(c) == others.npos) return false;
    for (const std::string_view word :
         {"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
        if (text.size() == word.size() &&
            std::equal(text.begin(), text.end(), word.begin(),
                       [](char a, char b) { return (a | 0x20) == b; }))
            return false;
    return true;
}

// 30m and 2h are texts, too.
bool isDuration(const std::string& text) {
    return text.size() > 1 && text.find_first_not_of("0123456789") == text.size() - 1 &&
           std::string_view("smhd").find(text.back()) != std::string_view::npos;
}

std::string scalarText(const ShownJson& value) {
    if (!value.is_string()) return value.dump();
    const auto& text = value.get_ref<const std::string&>();
    return isPlain(text) || isDuration(text)
               ? text
               : value.dump(-1, ' ', false, ShownJson::error_handler_t::replace);
}

void writeYaml(const ShownJson& value, std::size_t indent, std::string& out);

void writeValue(const ShownJson& value, std::size_t indent, std::string& out) {
    if (value.is_structured()) {
        out += '\n';
        writeYaml(value, indent, out);
    } else {
        out += ' ' + scalarText(value) + '\n';
    }
}

void writeYaml(const ShownJson& value, std::size_t indent, std::string& out) {
    const std::string margin(indent, ' ');
    if (value.is_object()) {
        for (const auto& [key, member] : value.items()) {
            out += margin + scalarText(key) + ":";
            writeValue(member, indent + 2, out);
        }
        return;
    }
    for (const auto& item : value) {
        if (!item.is_structured()) {
            out += margin + "- " + scalarText(item) + '\n';
            continue;
        }
        std::string inner;
        writeYaml(item, indent + 2, inner);
        out += margin + "- " + inner.substr(indent + 2);
    }
}

}  // namespace

int showConfig(const Options& options) {
    SettingNode noted;
    const auto loaded =
        loadSettings(configFileOf(options.configFile), processEnvironment(), &noted);
    if (!loaded.mistakes.empty()) {
        std::fputs(render(loaded.mistakes).c_str(), stderr);
        return 2;
    }
    const auto value = shown(noted);
    std::string text;
    if (options.json) {
        text = value.dump(2, ' ', false, ShownJson::error_handler_t::replace) + "\n";
    } else {
        writeYaml(value, 0, text);
    }
    std::fputs(text.c_str(), stdout);
    return 0;
}

}  // namespace driftkeeper
