#include "providers/look/sight.hpp"

#include "providers/process/remove_tree.hpp"

namespace driftkeeper {
namespace {

namespace fs = std::filesystem;

// nullopt: it lies elsewhere than in the tree.
std::optional<fs::path> innerPath(const Sandbox::Tree& tree, const fs::path& seen) {
    const fs::path inner = (seen / "").lexically_normal().lexically_relative(tree.at / "");
    if (inner.empty() || *inner.begin() == "..") return std::nullopt;
    return inner.has_filename() ? inner : inner.parent_path();
}

enum class Over { Nothing, Folder, File, Hidden };

// What lies over a path of the checkout.
Over laidOver(const fs::path& upper, const fs::path& inner) {
    fs::path at = upper;
    std::error_code error;
    fs::file_type type = fs::file_type::directory;
    for (const auto& part : inner) {
        if (type != fs::file_type::directory) return Over::Hidden;
        at /= part;
        type = fs::symlink_status(at, error).type();
        if (type == fs::file_type::not_found) return Over::Nothing;
    }
    if (type == fs::file_type::directory) return Over::Folder;
    return type == fs::file_type::regular ? Over::File : Over::Hidden;
}

fs::path below(const fs::path& folder, const fs::path& inner) {
    return inner == "." ? folder : folder / inner;
}

void addNames(std::set<std::string>& names, const fs::path& folder) {
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error))
        names.insert(entry->path().filename().string());
}

}  // namespace

bool Sight::holds(const fs::path& seen) const {
    return tree && innerPath(*tree, seen);
}

fs::path Sight::onHost(const fs::path& seen) const {
    const auto inner = tree ? innerPath(*tree, seen) : std::nullopt;
    if (!inner) return seen;
    const fs::path original = below(tree->checkout, *inner);
    const fs::path over = below(tree->scratch / "upper", *inner);
    std::error_code error;
    switch (laidOver(tree->scratch / "upper", *inner)) {
        case Over::File:
            return over;
        case Over::Hidden:
            return tree->scratch / "nothing";
        case Over::Folder:
            return fs::is_directory(original, error) ? original : over;
        case Over::Nothing:
            break;
    }
    return original;
}

std::set<std::string> Sight::namesIn(const fs::path& seen) const {
    std::set<std::string> names;
    addNames(names, onHost(seen));
    const auto inner = tree ? innerPath(*tree, seen) : std::nullopt;
    if (inner && laidOver(tree->scratch / "upper", *inner) == Over::Folder)
        addNames(names, below(tree->scratch / "upper", *inner));
    return names;
}

fs::path Sight::toWrite(const fs::path& seen) const {
    const auto inner = tree ? innerPath(*tree, seen) : std::nullopt;
    if (!inner) return seen;
    fs::path at = tree->scratch / "upper";
    std::error_code ignored;  // who writes says why it cannot
    for (const auto& part : inner->parent_path()) {
        at /= part;
        if (fs::symlink_status(at, ignored).type() == fs::file_type::directory) continue;
        removeTree(at);
        fs::create_directories(at, ignored);
        fs::permissions(at, fs::perms(0755), ignored);
    }
    return at / inner->filename();
}

}  // namespace driftkeeper
