#include "daemon/git/closure.hpp"

#include <algorithm>
#include <iterator>
#include <set>

#include "daemon/git/source_files.hpp"
#include "parsers/text/digest.hpp"
#include "parsers/text/encoding.hpp"
#include "providers/catalog.hpp"

namespace driftkeeper {

namespace {

// Collects what some paths of a tree come down to.
class ClosureWalk {
public:
    ClosureWalk(const SourceTree& tree, OtherStacks others) : tree_(tree), others_(others) {}

    void start(std::string_view path) {
        auto real = tree_.resolved(path);
        if (real && starts_.insert(*real).second) todo_.push_back(std::move(*real));
    }

    std::vector<const TreeFile*> run() {
        named_ = starts_;  // links that are met later name nothing
        while (!todo_.empty()) {
            const std::string place = std::move(todo_.back());
            todo_.pop_back();
            if (const auto* file = tree_.find(place)) take(*file);
            takeFolder(place);
        }
        std::vector<const TreeFile*> sorted(files_.begin(), files_.end());
        std::ranges::sort(sorted, {},
                          [](const TreeFile* file) -> const std::string& { return file->path; });
        return sorted;
    }

private:
    void take(const TreeFile& file) {
        files_.insert(&file);
        if (file.kind == TreeFile::Kind::Link) start(file.path);
    }

    void takeFolder(const std::string& place) {
        const auto files = tree_.below(place);
        const auto others =
            others_ == OtherStacks::Skipped ? otherStacks(files, place) : std::set<std::string>();
        for (const auto& file : files) {
            bool skipped = false;
            for (auto folder = folderOf(file.path); !skipped && folder != place && folder != ".";
                 folder = folderOf(folder))
                skipped = others.contains(folder);
            if (!skipped) take(file);
        }
    }

    std::set<std::string> otherStacks(std::span<const TreeFile> files,
                                      const std::string& place) const {
        std::set<std::string> folders;
        for (const auto& file : files) {
            if (!marksFolder(file.path)) continue;
            auto folder = folderOf(file.path);
            if (folder != place && !named_.contains(folder)) folders.insert(std::move(folder));
        }
        return folders;
    }

    const SourceTree& tree_;
    const OtherStacks others_;
    std::set<std::string> starts_;
    std::set<std::string> named_;
    std::vector<std::string> todo_;
    std::set<const TreeFile*> files_;
};

// The files of the repository that the stack's options name, from its folder.
std::vector<std::string> namedFiles(const Stack& stack) {
    std::vector<std::string> files;
    const ProviderKind* kind = providerKind(stack.provider);
    if (kind == nullptr) return files;
    for (const OptionSpec& spec : kind->options)
        if (spec.kind == OptionSpec::Kind::InnerPath || spec.kind == OptionSpec::Kind::InnerPaths)
            std::ranges::copy(listOf(stack.options, spec.key), std::back_inserter(files));
    return files;
}

}  // namespace

std::vector<const TreeFile*> closureFiles(const SourceTree& tree, const Stack& stack,
                                          OtherStacks others) {
    ClosureWalk walk(tree, others);
    walk.start(stack.path);
    for (const auto& path : stack.closure) walk.start(path);
    for (const auto& file : namedFiles(stack))
        if (!file.starts_with('/')) walk.start(within(stack.path, file));
    return walk.run();
}

std::string digestOf(const SourceTree& tree, const Stack& stack) {
    std::string list;
    for (const auto* file : closureFiles(tree, stack, OtherStacks::Skipped)) append(list, *file);
    return hex(sha256(list));
}

}  // namespace driftkeeper
