#include "providers/look/sight.hpp"

#include <algorithm>

namespace driftkeeper {
namespace {

namespace fs = std::filesystem;

// nullopt: it lies elsewhere than in the tree.
std::optional<fs::path> innerPath(const Sandbox::Tree& tree, const fs::path& seen) {
    const fs::path inner = (seen / "").lexically_normal().lexically_relative(tree.at / "");
    if (inner.empty() || *inner.begin() == "..") return std::nullopt;
    return inner.has_filename() ? inner : inner.parent_path();
}

enum class Over { Nothing, Something, Hidden };

// What lies over a path of the checkout. A folder alone says nothing of what is in it.
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
    if (type == fs::file_type::directory) return Over::Nothing;
    return type == fs::file_type::regular ? Over::Something : Over::Hidden;
}

}  // namespace

fs::path Sight::onHost(const fs::path& seen) const {
    const auto inner = tree ? innerPath(*tree, seen) : std::nullopt;
    if (!inner) return seen;
    switch (laidOver(tree->scratch / "upper", *inner)) {
        case Over::Something:
            return tree->scratch / "upper" / *inner;
        case Over::Hidden:
            return tree->scratch / "nothing";
        case Over::Nothing:
            break;
    }
    return *inner == "." ? tree->checkout : tree->checkout / *inner;
}

fs::path Sight::toWrite(const fs::path& seen) const {
    const auto inner = tree ? innerPath(*tree, seen) : std::nullopt;
    if (!inner) return seen;
    const fs::path path = tree->scratch / "upper" / *inner;
    std::error_code ignored;  // who writes says why it cannot
    fs::create_directories(path.parent_path(), ignored);
    for (fs::path folder = path.parent_path(); folder != tree->scratch;
         folder = folder.parent_path())
        fs::permissions(folder, fs::perms(0755), ignored);
    return path;
}

}  // namespace driftkeeper
