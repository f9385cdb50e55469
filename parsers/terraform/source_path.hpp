#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace driftkeeper::terraform {

// Paths from a repository's root: '/' between parts, no "." or "..", the root itself is ".".

std::string_view fileName(std::string_view path) noexcept;
std::string folderOf(std::string_view path);
bool isOpenTofuFile(std::string_view path) noexcept;  // *.tofu *.tofu.json

// `relative` seen from `folder`; nullopt when it leaves the repository or is absolute.
std::optional<std::string> resolved(std::string_view folder, std::string_view relative);

// The path that a string literal in `folder` names when it begins with ../ or ${path.module}/../
// (nullopt otherwise). Where a template or a wildcard follows, the folder before it.
std::optional<std::string> outsidePath(std::string_view folder, std::string_view literal);

}  // namespace driftkeeper::terraform
