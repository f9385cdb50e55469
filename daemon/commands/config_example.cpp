// `driftkeeper config example`: a settings file with every key, all of them comments.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <set>
#include <string>

#include "daemon/commands/commands.hpp"
#include "daemon/settings/settings_file.hpp"

namespace driftkeeper {
namespace {

using Kind = SettingNode::Kind;

constexpr std::size_t widest = 110;

constexpr std::string_view head =
    R"(# Settings of driftkeeper. `driftkeeper config check` lists every mistake with its line.
#
# Lines that start with "#" and no blank are settings with their defaults, or examples where there is no default:
# uncomment them to change them. "# Or" is an alternative. An unknown or repeated key is an error.
# Durations are written 30s, 5m, 2h or 1d. Every secret can stand in a file of its own: KEY_file instead of KEY.
# In file names ${CREDENTIALS_DIRECTORY}, in front, is where systemd puts a service's credentials (LoadCredential=).
)";

bool isPlain(std::string_view text) {
    const bool word =
        text.find_first_not_of(
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._/:-") == text.npos;
    return word && !text.empty() && text.front() != ':' && text.front() != '-' &&
           text.back() != ':';
}

std::string quoted(const std::string& text) {
    return isPlain(text) ? text : "\"" + text + "\"";
}

class ExampleWriter {
public:
    std::string write(const SettingNode& root) {
        text_ = head;
        for (const auto& part : root.parts) {
            text_ += '\n';
            prose(part.help, 0);
            key(part, 0, "#");
        }
        return std::move(text_);
    }

private:
    // What people are told, as prose.
    void prose(std::string_view words, std::size_t indent) {
        while (!words.empty()) {
            const auto width = widest - indent;
            auto end = words.size() <= width ? words.size() : words.rfind(' ', width);
            if (end == words.npos) end = words.size();
            line(indent, "# ", words.substr(0, end));
            words.remove_prefix(std::min(end + 1, words.size()));
        }
    }

    void line(std::size_t indent, std::string_view mark, std::string_view words) {
        text_ += fmt::format("{:{}}{}{}\n", "", indent, mark, words);
    }

    void key(const SettingNode& node, std::size_t indent, const std::string& mark,
             const std::set<std::string>& leftOut = {}) {
        const SettingNode* deep = inner(node);
        const auto value = exampleOf(node);
        if (!value.empty() || deep == nullptr) return line(indent, mark, node.key + ": " + value);
        line(indent, mark, node.key + ":");
        const std::size_t below = indent + mark.size() + 1;
        if (deep->kind == Kind::Mapping) return parts(*deep, below, leftOut);
        items(deep->parts.front(), below);
    }

    // The form that has keys of its own, of it or of its items; nullptr: a value of one line.
    static const SettingNode* inner(const SettingNode& node) {
        if (node.kind == Kind::Mapping && !node.parts.empty()) return &node;
        if (node.kind == Kind::List &&
            (node.parts.front().kind == Kind::Mapping || !node.parts.front().forms.empty()) &&
            inner(node.parts.front()) != nullptr)
            return &node;
        for (const auto& form : node.forms)
            if (const auto* found = inner(form)) return found;
        return nullptr;
    }

    static std::string exampleOf(const SettingNode& node) {
        const auto values = node.fixedDefault();
        if (node.kind == Kind::List && !values.empty())
            return fmt::format("[\"{}\"]", fmt::join(values, "\", \""));
        if (!values.empty()) return quoted(values[0]);
        if (!node.example.empty()) return node.example;
        return node.kind == Kind::Mapping && node.parts.empty() ? "{}" : "";
    }

    void parts(const SettingNode& mapping, std::size_t indent,
               const std::set<std::string>& leftOut = {}, std::string mark = "#") {
        const auto common = commonKeys(mapping);
        std::set<std::string> taken;
        for (const auto& part : mapping.parts) {
            if (leftOut.contains(part.key) || isLeftOut(mapping, part)) continue;
            const bool instead =
                std::ranges::any_of(mapping.groups, [&](const SettingNode::Group& group) {
                    const auto isTaken = [&](const std::string& key) {
                        return taken.contains(key);
                    };
                    return std::ranges::find(group.keys, part.key) != group.keys.end() &&
                           std::ranges::any_of(group.keys, isTaken);
                });
            prose(proseOf(mapping, part), indent);
            key(part, indent, instead ? "# Or: " : mark,
                &part == &mapping.parts.front() ? std::set<std::string>{} : common);
            if (!instead) taken.insert(part.key);
            if (mark == "#- ") {
                mark = "#";
                indent += 2;
            }
        }
    }

    // Of mappings that have much in common (providers), what all have and the first one shows.
    static std::set<std::string> commonKeys(const SettingNode& mapping) {
        std::set<std::string> common;
        const auto& first = mapping.parts.front();
        for (const auto& key : first.parts) {
            const auto hasIt = [&](const SettingNode& one) {
                const auto found = std::ranges::find(one.parts, key.key, &SettingNode::key);
                return one.kind == Kind::Mapping && found != one.parts.end() &&
                       found->help == key.help;
            };
            if (std::ranges::all_of(mapping.parts, hasIt)) common.insert(key.key);
        }
        return common;
    }

    // Of KEY and KEY_file one is enough: a secret is shown in a file, by the help of KEY.
    static bool isLeftOut(const SettingNode& mapping, const SettingNode& node) {
        const bool isFile = node.key.ends_with("_file");
        const auto other = isFile ? node.key.substr(0, node.key.size() - 5) : node.key + "_file";
        const bool isPair =
            std::ranges::any_of(mapping.groups, [&](const SettingNode::Group& group) {
                return std::ranges::find(group.keys, node.key) != group.keys.end() &&
                       std::ranges::find(group.keys, other) != group.keys.end();
            });
        if (!isPair) return false;
        const auto key =
            std::ranges::find(mapping.parts, isFile ? other : node.key, &SettingNode::key);
        const bool isSecret = key->example.find("change-me") != std::string::npos;
        return isSecret != isFile;
    }

    // What KEY is, of a KEY_file.
    static const std::string& proseOf(const SettingNode& mapping, const SettingNode& node) {
        if (!node.key.ends_with("_file")) return node.help;
        const auto key = node.key.substr(0, node.key.size() - 5);
        const auto found = std::ranges::find(mapping.parts, key, &SettingNode::key);
        return found == mapping.parts.end() || found->kind != Kind::Text ? node.help : found->help;
    }

    // An item of each form; where one of several keys is needed, an item for each of them.
    void items(const SettingNode& item, std::size_t indent) {
        for (const auto& form : item.forms) items(form, indent);
        if (!item.forms.empty()) return;
        const auto group = std::ranges::find_if(item.groups, [](const SettingNode::Group& one) {
            return one.needed && one.keys.size() > 2;
        });
        if (group == item.groups.end()) return parts(item, indent, {}, "#- ");
        for (const auto& chosen : group->keys) choice(item, group->keys, chosen, indent);
    }

    // A channel of each type, and of each of its forms.
    void choice(const SettingNode& item, const std::vector<std::string>& keys,
                const std::string& chosen, std::size_t indent) {
        const auto& type = *std::ranges::find(item.parts, chosen, &SettingNode::key);
        prose(type.help, indent);
        std::size_t number = 0;
        const auto write = [&](const SettingNode& form) {
            line(
                indent, "#- ",
                fmt::format("name: {}{}", chosen, ++number == 1 ? "" : fmt::format("-{}", number)));
            std::set<std::string> outer{keys.begin(), keys.end()};
            if (chosen == keys.front() && number == 1) {
                outer.insert("name");
                parts(item, indent + 2, outer);
            }
            line(indent + 2, "#", chosen + ":");
            std::set<std::string> shared;
            for (const auto& part : item.parts) shared.insert(part.key);
            parts(form, indent + 4, shared);
        };
        if (type.forms.empty()) return write(type);
        for (const auto& form : type.forms) write(form);
    }

    std::string text_;
};

}  // namespace

int printExample(const Options& /*options*/) {
    std::fputs(ExampleWriter().write(settingsDescription()).c_str(), stdout);
    return 0;
}

}  // namespace driftkeeper
