#include "daemon/git/source_files.hpp"

#include "daemon/git/objects.hpp"
#include "parsers/text/digest.hpp"
#include "parsers/text/encoding.hpp"
#include "providers/catalog.hpp"

namespace driftkeeper {

void append(std::string& list, const TreeFile& file) {
    list += file.path;
    list += '\0';
    list += static_cast<char>(file.kind);
    list += file.id;
    list += file.form;
}

Result<Sources> sourceFiles(git_odb* objects, const SourceTree& tree, const WantedKinds& wanted,
                            SilentBlobs& silent) {
    SourceCollector collector;
    for (const auto& file : tree.files) {
        const bool isLink = file.kind == TreeFile::Kind::Link;
        const bool isSource = isSourceFile(file.path, wanted);
        if (!isSource && !isLink) continue;
        const auto path = tree.resolved(file.path);
        const auto* content = path ? tree.find(*path) : nullptr;
        if (isLink && path && !content) collector.takeLink(file.path, *path);
        if (!isSource || !content) continue;
        if (silent.contains(content->id)) {
            collector.takePath(file.path);
            continue;
        }
        auto text = readBlob(objects, *content, SourceCollector::largestRead);
        if (!text && text.error().code != "git_huge_file") return std::unexpected(text.error());
        if (!text)
            collector.leaveOut(file.path, "too_large");
        else if (!collector.take(file.path, std::move(*text)))
            silent.insert(content->id);
    }
    return collector.take();
}

std::string sourcesDigest(const SourceTree& tree, const WantedKinds& wanted) {
    std::string list;
    for (const auto& file : tree.files)
        if (file.kind == TreeFile::Kind::Link || isSourceFile(file.path, wanted))
            append(list, file);
    return hex(sha256(list));
}

}  // namespace driftkeeper
