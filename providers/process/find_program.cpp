#include "providers/process/find_program.hpp"

#include <unistd.h>

#include <algorithm>

namespace driftkeeper {
namespace {

bool isProgram(const std::filesystem::path& path) {
    std::error_code error;
    return std::filesystem::is_regular_file(path, error) && ::access(path.c_str(), X_OK) == 0;
}

}  // namespace

std::optional<std::filesystem::path> findProgram(std::string_view name, std::string_view path,
                                                 const std::filesystem::path& directory) {
    if (name.find('/') != std::string_view::npos) {
        std::filesystem::path candidate = directory / name;
        return isProgram(candidate) ? std::optional(candidate) : std::nullopt;
    }
    for (std::size_t from = 0; from <= path.size();) {
        const std::size_t to = std::min(path.find(':', from), path.size());
        std::filesystem::path candidate =
            std::filesystem::path(path.substr(from, to - from)) / name;
        if (candidate.is_absolute() && isProgram(candidate)) return candidate;
        from = to + 1;
    }
    return std::nullopt;
}

}  // namespace driftkeeper
