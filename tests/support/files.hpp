#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace driftkeeper::tests {

// A fresh folder below TMPDIR, removed with everything in it when this goes out of scope.
class TempDir {
public:
    TempDir();
    ~TempDir();
    TempDir(const TempDir&) = delete;
    TempDir& operator=(const TempDir&) = delete;

    const std::filesystem::path& path() const { return path_; }
    std::filesystem::path operator/(const std::filesystem::path& below) const {
        return path_ / below;
    }

private:
    std::filesystem::path path_;
};

// Both throw std::runtime_error with the file's name.
std::string readFile(const std::filesystem::path& file);
void writeFile(const std::filesystem::path& file,
               std::string_view text);  // makes the folders above it
// Whoever reads meanwhile sees the old text or the new one, never a part.
void replaceFile(const std::filesystem::path& file, std::string_view text);

// The text with the first `from` replaced; throws when there is none, so that an edit cannot miss.
std::string replaced(std::string text, std::string_view from, std::string_view to);

}  // namespace driftkeeper::tests
