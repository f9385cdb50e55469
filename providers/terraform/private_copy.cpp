#include "providers/terraform/private_copy.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "providers/look/files.hpp"

namespace driftkeeper::terraform {
namespace {

namespace fs = std::filesystem;

fs::path commonFolder(const fs::path& a, const fs::path& b) {
    fs::path result;
    for (auto i = a.begin(), j = b.begin(); i != a.end() && j != b.end() && *i == *j; ++i, ++j)
        result /= *i;
    return result;
}

void copyOne(const fs::path& from, const fs::path& to, std::error_code& error) {
    const fs::file_status status = fs::symlink_status(from, error);
    if (error || !fs::exists(status)) return error.clear();
    if (fs::is_directory(status)) {
        fs::create_directories(to, error);
        for (fs::directory_iterator entry(from, error), end; !error && entry != end;
             entry.increment(error)) {
            const fs::path name = entry->path().filename();
            if (name != ".git" && name != ".terraform") copyOne(entry->path(), to / name, error);
            if (error) return;
        }
    } else if (fs::is_symlink(status) || fs::is_regular_file(status)) {
        fs::create_directories(to.parent_path(), error);
        if (!error && fs::symlink_status(to).type() == fs::file_type::not_found)
            fs::copy(from, to, fs::copy_options::copy_symlinks, error);
    }
}

}  // namespace

Result<fs::path> copyTree(const fs::path& directory, std::vector<fs::path> others,
                          const fs::path& target) {
    if (auto made = emptyFolder(target); !made) return std::unexpected(made.error());
    fs::path root = directory;
    for (const fs::path& path : others) root = commonFolder(root, path.lexically_normal());
    others.push_back(directory);
    std::ranges::sort(others);
    for (const fs::path& path : others) {
        std::error_code error;
        copyOne(path, target / path.lexically_normal().lexically_relative(root), error);
        if (error)
            return failure(
                Remedy::FixSetup,
                error == std::errc::no_space_on_device ? "disk_full" : "private_directory",
                fmt::format("cannot copy {}: {}", path.string(), error.message()));
    }
    return directory == root ? target : target / directory.lexically_relative(root);
}

}  // namespace driftkeeper::terraform
