#include "daemon/settings/include.hpp"

#include <fmt/format.h>
#include <glob.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "daemon/base/files.hpp"
#include "daemon/settings/settings_file.hpp"

namespace driftkeeper {
namespace {

void moveDown(YamlNode& node, std::size_t lines) {
    node.position.line += lines;
    for (auto& item : node.sequence) moveDown(item, lines);
    for (auto& [key, value] : node.mapping) {
        moveDown(key, lines);
        moveDown(value, lines);
    }
}

YamlDocument parsedAt(Reading& reading, std::string_view text, std::size_t before) {
    auto document = parseYaml(text);
    for (auto& mistake : document.mistakes) {
        mistake.position.line += before;
        const bool key = mistake.code == "repeated_key";
        reading.mistake(mistake.position, mistake.code, mistake.message, key ? 1 : 0);
    }
    if (before > 0) moveDown(document.root, before);
    return document;
}

bool isUnread(const YamlDocument& document) {
    return document.root.kind == YamlNode::Kind::Null && !document.mistakes.empty();
}

// The paths that a pattern names, by name; hidden files only where the pattern says so.
std::vector<std::string> matching(const std::filesystem::path& pattern) {
    glob_t found{};
    std::vector<std::string> paths;
    if (glob(pattern.c_str(), 0, nullptr, &found) == 0)
        paths.assign(found.gl_pathv,
                     std::next(found.gl_pathv, static_cast<std::ptrdiff_t>(found.gl_pathc)));
    globfree(&found);
    std::ranges::sort(paths);
    return paths;
}

class Merge {
public:
    explicit Merge(Reading& reading) : reading_(reading) {}

    // `key`: of `from`, for the mistake.
    void merge(YamlNode& into, YamlNode from, const SettingNode* known, const Place& key) {
        using enum YamlNode::Kind;
        if (from.kind == Null) return;
        if (into.kind == Null) {
            into = std::move(from);
        } else if (isList(into, from, known)) {
            append(into, std::move(from));
        } else if (into.kind == Mapping && from.kind == Mapping) {
            mergeKeys(into, std::move(from), known, key.path);
        } else {
            reading_.mistake(key, "given_twice",
                             fmt::format("{} is given in {}, too; leave one of them out", key.path,
                                         reading_.lineOf(into.position.line, key.node->position)));
        }
    }

private:
    static bool isList(const YamlNode& into, const YamlNode& from, const SettingNode* known) {
        using enum YamlNode::Kind;
        if (known != nullptr && known->kind == SettingNode::Kind::List) return true;
        return into.kind == Sequence && from.kind == Sequence;
    }

    // A single item may stand without brackets.
    static void append(YamlNode& into, YamlNode from) {
        if (into.kind != YamlNode::Kind::Sequence) {
            YamlNode list;
            list.kind = YamlNode::Kind::Sequence;
            list.position = into.position;
            list.sequence.push_back(std::move(into));
            into = std::move(list);
        }
        if (from.kind != YamlNode::Kind::Sequence) return into.sequence.push_back(std::move(from));
        std::ranges::move(from.sequence, std::back_inserter(into.sequence));
    }

    void mergeKeys(YamlNode& into, YamlNode from, const SettingNode* known,
                   const std::string& path) {
        for (auto& [key, value] : from.mapping) {
            const auto found = std::ranges::find(
                into.mapping, key.scalar, [](const YamlEntry& entry) { return entry.key.scalar; });
            if (found == into.mapping.end()) {
                into.mapping.push_back({std::move(key), std::move(value)});
            } else {
                merge(found->value, std::move(value), part(known, key.scalar),
                      {&key, memberPath(path, shortenedKey(key.scalar))});
            }
        }
    }

    static const SettingNode* part(const SettingNode* known, const std::string& key) {
        if (known == nullptr) return nullptr;
        const auto found = std::ranges::find(known->parts, key, &SettingNode::key);
        return found == known->parts.end() ? nullptr : &*found;
    }

    Reading& reading_;
};

// One file at a time, in the order in which they are named.
class Includes {
public:
    Includes(Reading& reading, const std::filesystem::path& self, IncludedDocument& document,
             std::list<std::string>& texts)
        : reading_(reading), document_(document), texts_(texts) {
        note(self);
    }

    void follow(const Place& item, const std::filesystem::path& folder) {
        const auto& pattern = item.node->scalar;
        const auto paths = matching(folder / pattern);
        const bool isGlob = pattern.find_first_of("*?[") != std::string::npos;
        if (paths.empty() && !isGlob) {
            document_.isPartial = true;
            reading_.mistake(item, "included_nothing",
                             "there is no such file; a pattern as conf.d/*.yaml may match none");
        }
        for (const auto& path : paths)
            if (note(path)) add(item, path);
    }

private:
    // False for one that was there before.
    bool note(const std::filesystem::path& path) {
        std::error_code error;
        const auto real = std::filesystem::weakly_canonical(path, error);
        return seen_.insert(error ? path.string() : real.string()).second;
    }

    void add(const Place& item, const std::string& path) {
        if (seen_.size() > mostIncluded + 1) {
            if (!std::exchange(document_.isPartial, true))
                reading_.mistake(item, "too_large",
                                 fmt::format("more than {} files are included", mostIncluded));
            return;
        }
        auto text = readFile(path, mostSettingsBytes);
        if (!text) {
            document_.isPartial = true;
            return reading_.mistake(item, "unreadable", text.error().message, Show::Yes);
        }
        if (text->starts_with("\xEF\xBB\xBF")) text->erase(0, 3);
        const auto& kept = texts_.emplace_back(std::move(*text));
        merge(parsedAt(reading_, kept, reading_.addText(path, kept)));
    }

    void merge(YamlDocument document) {
        if (isUnread(document)) {
            document_.isPartial = true;
            return;
        }
        auto& root = document.root;
        if (root.kind != YamlNode::Kind::Null && root.kind != YamlNode::Kind::Mapping)
            return reading_.mistake({&root, ""}, "wrong_type",
                                    "a mapping (key: value) is expected here", Show::No);
        const auto isInclude = [](const YamlEntry& entry) { return entry.key.scalar == "include"; };
        for (const auto& entry : root.mapping)
            if (isInclude(entry))
                reading_.mistake(
                    {&entry.key, "include"}, "nested_include",
                    "an included file includes no others; name them in the first file");
        std::erase_if(root.mapping, isInclude);
        Merge(reading_).merge(document_.root, std::move(root), &settingsDescription(), {});
    }

    Reading& reading_;
    IncludedDocument& document_;
    std::list<std::string>& texts_;
    std::set<std::string> seen_;
};

}  // namespace

IncludedDocument parseFirst(Reading& reading, std::string_view text) {
    auto document = parsedAt(reading, text, 0);
    const bool unread = isUnread(document);
    return {std::move(document.root), unread, unread};
}

void followIncludes(Reading& reading, const std::filesystem::path& folder,
                    const std::filesystem::path& self, IncludedDocument& document,
                    std::list<std::string>& texts) {
    const auto* given = document.root.find("include");
    if (given == nullptr) return;
    const YamlNode include = *given;  // the document changes
    Includes includes(reading, self, document, texts);
    for (const auto& item : reading.items({&include, "include"}))
        if (item.node->kind == YamlNode::Kind::Scalar && !judgeFileName(item.node->scalar))
            includes.follow(item, folder);
}

}  // namespace driftkeeper
