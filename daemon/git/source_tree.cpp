#include "daemon/git/source_tree.hpp"

#include <algorithm>
#include <utility>

namespace driftkeeper {

namespace {

constexpr int mostHops = 40;

}  // namespace

std::string folderOf(std::string_view path) {
    const auto slash = path.rfind('/');
    return slash == std::string_view::npos ? "." : std::string(path.substr(0, slash));
}

std::string within(std::string_view folder, std::string_view path) {
    return folder == "." ? std::string(path) : std::string(folder) + "/" + std::string(path);
}

const TreeFile* SourceTree::find(std::string_view path) const {
    const auto it = std::ranges::lower_bound(files, path, {}, &TreeFile::path);
    return it != files.end() && it->path == path ? &*it : nullptr;
}

std::span<const TreeFile> SourceTree::below(std::string_view folder) const {
    if (folder == ".") return files;
    const auto begin =
        std::ranges::lower_bound(files, std::string(folder) + "/", {}, &TreeFile::path);
    const auto end = std::ranges::lower_bound(files, std::string(folder) + "0", {},
                                              &TreeFile::path);  // '0' follows '/'
    return {begin, end};
}

std::optional<std::string> SourceTree::resolved(std::string_view path) const {
    std::vector<std::string> ahead;  // parts to go, the next one last
    const auto push = [&ahead](std::string_view text) {
        const auto at = static_cast<std::ptrdiff_t>(ahead.size());
        while (!text.empty()) {
            const auto end = std::min(text.find('/'), text.size());
            ahead.emplace(ahead.begin() + at, text.substr(0, end));
            text.remove_prefix(std::min(end + 1, text.size()));
        }
    };
    push(path);
    std::string here = ".";
    int hops = 0;
    while (!ahead.empty()) {
        const std::string part = std::move(ahead.back());
        ahead.pop_back();
        if (part.empty() || part == ".") continue;
        if (part == "..") {
            if (here == ".") return std::nullopt;
            here = folderOf(here);
            continue;
        }
        const std::string next = within(here, part);
        const auto* file = find(next);
        if (file && file->kind == TreeFile::Kind::Link) {
            if (++hops > mostHops) return std::nullopt;
            push(file->target);
            continue;
        }
        if (!file && below(next).empty()) return std::nullopt;
        here = next;
    }
    return here;
}
const TreePart& SourceTree::partOf(std::string_view path) const {
    const TreePart* found = &parts.front();
    for (const auto& part : parts)
        if (part.folder != "." && path.starts_with(part.folder + "/") &&
            (found->folder == "." || part.folder.size() > found->folder.size()))
            found = &part;
    return *found;
}

std::optional<std::string> normalised(std::string_view path) {
    if (path.starts_with('/')) return std::nullopt;
    std::string out;
    while (!path.empty()) {
        const auto end = std::min(path.find('/'), path.size());
        const auto part = path.substr(0, end);
        path.remove_prefix(std::min(end + 1, path.size()));
        if (part.empty() || part == ".") continue;
        if (part == "..") {
            if (out.empty()) return std::nullopt;
            const auto slash = out.rfind('/');
            out.resize(slash == std::string::npos ? 0 : slash);
            continue;
        }
        if (!out.empty()) out += '/';
        out += part;
    }
    return out.empty() ? "." : out;
}
}  // namespace driftkeeper
