#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/result.hpp"

namespace driftkeeper::terraform {

// Settings of a backend as files: whoever may list processes reads their arguments, and a setting
// may be a password. The files have mode 0600 and go with this object. One thread at a time.
class BackendFiles {
public:
    // `given`: KEY=VALUE, or the name of a file. Fails as writeFile() does.
    static Result<BackendFiles> in(const std::filesystem::path& folder,
                                   const std::vector<std::string>& given);
    ~BackendFiles();
    BackendFiles(BackendFiles&&) noexcept = default;
    BackendFiles& operator=(BackendFiles&&) = delete;

    // What -backend-config is given, in the order of `given`: the later setting wins.
    [[nodiscard]] const std::vector<std::string>& names() const noexcept { return names_; }

private:
    BackendFiles() = default;

    std::vector<std::string> names_;
    std::vector<std::filesystem::path> written_;
};

// KEY=VALUE as an attribute of HCL. As on the command line, a value that begins as a list or an
// object is an expression; that of a secret never is.
std::string backendAttribute(std::string_view setting);

}  // namespace driftkeeper::terraform
