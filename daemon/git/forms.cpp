#include "daemon/git/forms.hpp"

#include <git2.h>
#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <optional>
#include <set>

#include "daemon/git/objects.hpp"
#include "parsers/text/ascii.hpp"

namespace driftkeeper {

namespace {

constexpr std::string_view attributesName = ".gitattributes";
constexpr std::array<const char*, 6> attributeNames = {
    "text", "eol", "crlf", "ident", "working-tree-encoding", "filter"};

using Values = std::array<const char*, attributeNames.size()>;

bool isAttributesFile(std::string_view path) {
    return path == attributesName || path.ends_with("/.gitattributes");
}

// The folders whose .gitattributes count for what lies below them, and what they say.
struct AttributeFiles {
    std::set<std::string, std::less<>> folders;
    std::string content;
};

AttributeFiles attributeFilesOf(const SourceTree& tree) {
    AttributeFiles found;
    for (const auto& file : tree.files) {
        if (!isAttributesFile(file.path) || file.kind == TreeFile::Kind::Link) continue;
        found.folders.insert(folderOf(file.path));
        found.content += file.path + '\0' + file.id + '\n';
    }
    for (const auto& part : tree.parts) found.content += part.folder + '\n';
    return found;
}

bool isBelowAttributes(std::string_view path, const AttributeFiles& files) {
    for (std::string folder = folderOf(path);; folder = folderOf(folder)) {
        if (files.folders.contains(folder)) return true;
        if (folder == ".") return false;
    }
}

std::string_view pathInPart(const TreePart& part, std::string_view path) {
    return part.folder == "." ? path : path.substr(part.folder.size() + 1);
}

bool is(const char* value, std::string_view text) {
    return git_attr_value(value) == GIT_ATTR_VALUE_STRING && text == value;
}

bool isOurFilter(const char* value) {
    return is(value, "lfs") || (git_attr_value(value) == GIT_ATTR_VALUE_STRING &&
                                std::string_view(value).starts_with("git-crypt"));
}

// Nothing that it says changes what a checkout on Linux writes.
bool leavesBytes(const Values& values) {
    const auto& [text, eol, crlf, ident, encoding, filter] = values;
    return !is(eol, "crlf") && git_attr_value(ident) != GIT_ATTR_VALUE_TRUE &&
           git_attr_value(encoding) != GIT_ATTR_VALUE_STRING && !isOurFilter(filter);
}

std::string_view textOf(const char* value) {
    const auto kind = git_attr_value(value);
    if (kind == GIT_ATTR_VALUE_STRING) return value;
    return kind == GIT_ATTR_VALUE_TRUE ? "set" : "unset";
}

std::string formOf(const Values& values) {
    if (leavesBytes(values)) return {};
    std::string form;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (git_attr_value(values[i]) == GIT_ATTR_VALUE_UNSPECIFIED) continue;
        const std::string_view name = attributeNames[i];
        if (name == "filter" && !isOurFilter(values[i])) continue;
        form += form.empty() ? "" : " ";
        form += name;
        form += '=';
        form += textOf(values[i]);
    }
    return form;
}

Result<std::string> readForm(git_repository* repository, const SourceTree& tree,
                             const std::string& path) {
    const auto& part = tree.partOf(path);
    const std::string inner(pathInPart(part, path));
    git_attr_options options = GIT_ATTR_OPTIONS_INIT;
    options.flags =
        GIT_ATTR_CHECK_INDEX_ONLY | GIT_ATTR_CHECK_NO_SYSTEM | GIT_ATTR_CHECK_INCLUDE_COMMIT;
    options.attr_commit_id = oidOf(part.commit);
    Values values{};
    std::array<const char*, attributeNames.size()> names = attributeNames;
    if (git_attr_get_many_ext(values.data(), repository, &options, inner.c_str(), names.size(),
                              names.data()) < 0)
        return damaged();
    return formOf(values);
}

// As git's convert.c has it: what cannot be said in the encoding stays as it is.
std::optional<std::string> encoded(std::string_view text, std::string_view encoding) {
    const bool isPlain = encoding.size() <= 64 && std::ranges::all_of(encoding, [](char c) {
                             return isLetterOrDigit(c) || c == '-' || c == '_' || c == '.';
                         });
    if (!isPlain) return std::nullopt;
    std::string to(encoding), out;
    if (to == "UTF-16LE-BOM" || to == "utf-16le-bom") {
        to = "UTF-16LE";
        out = "\xff\xfe";
    }
    const auto close = [](iconv_t* one) { iconv_close(*one); };
    iconv_t opened = iconv_open(to.c_str(), "UTF-8");
    if (opened == reinterpret_cast<iconv_t>(-1)) return std::nullopt;
    const std::unique_ptr<iconv_t, decltype(close)> converter(&opened, close);
    std::string input(text);
    char* from = input.data();
    std::size_t left = input.size();
    std::array<char, 65536> piece{};
    for (bool isDone = false; !isDone;) {
        isDone = left == 0;
        char* at = piece.data();
        std::size_t room = piece.size();
        const auto converted = isDone ? iconv(opened, nullptr, nullptr, &at, &room)
                                      : iconv(opened, &from, &left, &at, &room);
        if (converted == static_cast<std::size_t>(-1) && errno != E2BIG) return std::nullopt;
        out.append(piece.data(), piece.size() - room);
    }
    return out;
}

struct Filters {
    git_filter_list* list = nullptr;
    git_buf out = GIT_BUF_INIT;
    Filters() = default;
    Filters(const Filters&) = delete;
    Filters& operator=(const Filters&) = delete;
    ~Filters() {
        git_buf_dispose(&out);
        git_filter_list_free(list);
    }
};

// libgit2's own filters: line ends and $Id$. The blob's id is what $Id$ becomes.
Result<std::string> filtered(git_repository* repository, const SourceTree& tree,
                             const TreeFile& file) {
    const auto& part = tree.partOf(file.path);
    const std::string inner(pathInPart(part, file.path));
    const git_oid id = oidOf(file.id);
    git_blob* blob = nullptr;
    if (git_blob_lookup(&blob, repository, &id) < 0) return damaged();
    const std::unique_ptr<git_blob, decltype(&git_blob_free)> owned(blob, &git_blob_free);
    git_filter_options options = GIT_FILTER_OPTIONS_INIT;
    options.flags = GIT_FILTER_NO_SYSTEM_ATTRIBUTES | GIT_FILTER_ATTRIBUTES_FROM_COMMIT;
    options.attr_commit_id = oidOf(part.commit);
    Filters filters;
    if (git_filter_list_load_ext(&filters.list, repository, blob, inner.c_str(),
                                 GIT_FILTER_TO_WORKTREE, &options) < 0 ||
        git_filter_list_apply_to_blob(&filters.out, filters.list, blob) < 0)
        return damaged();
    return std::string(filters.out.ptr, filters.out.size);
}

}  // namespace

Result<void> noteForms(git_repository* repository, SourceTree& tree, KnownForms& known) {
    const auto attributes = attributeFilesOf(tree);
    if (known.attributes != attributes.content) known = {attributes.content, {}};
    if (attributes.folders.empty()) return {};
    for (auto& file : tree.files) {
        if (file.kind == TreeFile::Kind::Link || !isBelowAttributes(file.path, attributes))
            continue;
        auto it = known.byPath.find(file.path);
        if (it == known.byPath.end()) {
            auto form = readForm(repository, tree, file.path);
            if (!form) return std::unexpected(form.error());
            it = known.byPath.emplace(file.path, std::move(*form)).first;
        }
        file.form = it->second;
    }
    return {};
}

std::string_view wordOf(std::string_view form, std::string_view name) {
    while (!form.empty()) {
        const auto end = std::min(form.find(' '), form.size());
        const auto word = form.substr(0, end);
        form.remove_prefix(std::min(end + 1, form.size()));
        if (word.size() > name.size() && word.starts_with(name) && word[name.size()] == '=')
            return word.substr(name.size() + 1);
    }
    return {};
}

Result<std::string> checkedOutBytes(git_repository* repository, git_odb* objects,
                                    const SourceTree& tree, const TreeFile& file,
                                    std::uint64_t limit) {
    auto bytes = readBlob(objects, file, limit);
    if (!bytes || file.form.empty()) return bytes;
    const bool isFiltered =
        wordOf(file.form, "eol") == "crlf" || wordOf(file.form, "ident") == "set";
    if (isFiltered) bytes = filtered(repository, tree, file);
    const auto encoding = wordOf(file.form, "working-tree-encoding");
    if (!bytes || encoding.empty()) return bytes;
    auto converted = encoded(*bytes, encoding);
    return converted ? std::move(*converted) : std::move(*bytes);
}

}  // namespace driftkeeper
