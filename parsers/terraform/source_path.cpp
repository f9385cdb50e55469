#include "parsers/terraform/source_path.hpp"

#include <vector>

namespace driftkeeper::terraform {
namespace {

// Appends the parts of `path`; false when ".." leaves the root.
bool append(std::vector<std::string_view>& parts, std::string_view path) {
    while (!path.empty()) {
        const auto slash = path.find('/');
        const auto part = path.substr(0, slash);
        path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
        if (part.empty() || part == ".") continue;
        if (part != "..") {
            parts.push_back(part);
        } else if (parts.empty()) {
            return false;
        } else {
            parts.pop_back();
        }
    }
    return true;
}

}  // namespace

std::string_view fileName(std::string_view path) noexcept {
    return path.substr(path.find_last_of('/') + 1);
}

std::string folderOf(std::string_view path) {
    const auto slash = path.find_last_of('/');
    return slash == std::string_view::npos ? "." : std::string(path.substr(0, slash));
}

bool isOpenTofuFile(std::string_view path) noexcept {
    return path.ends_with(".tofu") || path.ends_with(".tofu.json");
}

std::optional<std::string> resolved(std::string_view folder, std::string_view relative) {
    std::vector<std::string_view> parts;
    if (relative.starts_with('/') || !append(parts, folder) || !append(parts, relative))
        return std::nullopt;
    std::string path;
    for (const auto part : parts) path.append(path.empty() ? "" : "/").append(part);
    return path.empty() ? "." : path;
}

std::optional<std::string> outsidePath(std::string_view folder, std::string_view literal) {
    for (const std::string_view here : {"${path.module}/", "${path.root}/", "./"}) {
        if (literal.starts_with(here)) literal.remove_prefix(here.size());
    }
    if (!(literal.starts_with("../") || literal == "..") ||
        literal.find('\n') != std::string_view::npos)
        return std::nullopt;
    for (const std::string_view variable : {"${", "%{", "*", "?", "{", "["}) {
        if (const auto begin = literal.find(variable); begin != std::string_view::npos) {
            literal = literal.substr(0, literal.find_last_of('/', begin) + 1);
        }
    }
    return resolved(folder, literal);
}

}  // namespace driftkeeper::terraform
