#include "providers/terraform/lock_keeper.hpp"

#include <algorithm>
#include <vector>

#include "providers/look/files.hpp"

namespace driftkeeper::terraform {
namespace fs = std::filesystem;

LockKeeper::LockKeeper(fs::path file, fs::path home, Sight sight, const ValueTags& tags)
    : file_(std::move(file)),
      home_(std::move(home)),
      sight_(std::move(sight)),
      tags_(tags),
      git_(fileText(sight_.onHost(file_))) {}

Result<void> LockKeeper::put(const std::string& text) const {
    return writeFile(sight_.toWrite(file_), text);
}

std::string LockKeeper::digestOf(const std::string& text) const {
    std::string digest = tags_.tag(text);
    std::ranges::replace(digest, ':', '-');
    return digest;
}

fs::path LockKeeper::keptFile() const {
    return home_ / ((git_ ? digestOf(*git_) : std::string("none")) + ".hcl");
}

// A link is what Git has: init replaces the file, and nobody else may lead us elsewhere.
std::optional<std::string> LockKeeper::now() const {
    const fs::path file = sight_.onHost(file_);
    std::error_code error;
    if (fs::is_symlink(file, error)) return git_;
    return fileBelow(file.parent_path(), file.filename());
}

std::string LockKeeper::text() const {
    return now().value_or("");
}

std::string LockKeeper::digest() const {
    const auto text = now();
    return text ? digestOf(*text) : "";
}

Result<void> LockKeeper::place() {
    const auto kept = fileText(keptFile());
    return kept && kept != git_ ? put(*kept) : Result<void>();
}

void LockKeeper::forget() {
    std::error_code error;
    fs::remove(keptFile(), error);
    fs::remove(sight_.onHost(file_), error);
}

Result<std::string> LockKeeper::keep() {
    const auto now = this->now();
    if (git_ && now) {
        const LockFile after = readLockFile(*now);
        LockFile before = readLockFile(*git_);
        std::erase_if(before, [&](const auto& one) {
            return !after.contains(one.first);
        });  // pruned: used by nothing
        if (std::string change = selectionChange(before, after); !change.empty()) {
            if (auto written = put(*git_); !written) return std::unexpected(written.error());
            return change;
        }
    }
    if (!now || now == fileText(keptFile())) return std::string();
    std::error_code error;
    std::vector<fs::path> old;
    for (fs::directory_iterator entry(home_, error), end; !error && entry != end;
         entry.increment(error))
        if (entry->path().extension() == ".hcl") old.push_back(entry->path());
    if (auto written = writeFile(keptFile(), *now); !written)
        return std::unexpected(written.error());
    for (const fs::path& path : old)
        if (path != keptFile()) fs::remove(path, error);
    return std::string();
}

}  // namespace driftkeeper::terraform
