#include "providers/gitops/manifests.hpp"

#include <map>

#include "parsers/gitops/folders.hpp"
#include "providers/look/files.hpp"

namespace driftkeeper::gitops {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t largestFile = std::size_t{16} << 20;

class Walk {
public:
    explicit Walk(fs::path root) : root_(std::move(root)) {}

    void visit(const fs::path& path) {
        std::error_code error;
        if (!fs::is_directory(path, error)) return take(path);
        for (fs::recursive_directory_iterator entry(path, error), end; !error && entry != end;
             entry.increment(error)) {
            const auto name = entry->path().filename().string();
            if (entry->is_directory(error) && name.starts_with('.'))
                entry.disable_recursion_pending();
            else if (entry->is_regular_file(error))
                take(entry->path());
        }
    }

    std::vector<SourceFile> files() && {
        std::vector<SourceFile> all;
        for (auto& [path, text] : texts_) all.push_back({path, std::move(text)});
        return all;
    }

private:
    void take(const fs::path& file) {
        const std::string path = file.lexically_relative(root_).generic_string();
        if (!isManifest(path) || texts_.contains(path)) return;
        if (auto text = fileText(file, largestFile)) texts_.emplace(path, *std::move(text));
    }

    fs::path root_;
    std::map<std::string, std::string> texts_;
};

}  // namespace

std::string folderIn(const Workspace& workspace) {
    std::string folder =
        (workspace.directory / "").lexically_relative(workspace.root / "").generic_string();
    if (folder.ends_with('/')) folder.pop_back();
    return folder.empty() ? "." : folder;
}

std::vector<SourceFile> readManifests(const Workspace& workspace) {
    const auto root = workspace.sight.onHost(workspace.root);
    Walk walk(root);
    walk.visit(workspace.sight.onHost(workspace.directory));
    for (const auto& path : workspace.closure) walk.visit(root / path);
    return std::move(walk).files();
}

}  // namespace driftkeeper::gitops
