#include "providers/terraform/lock_keeper.hpp"

#include <algorithm>
#include <vector>

#include "providers/look/files.hpp"

namespace driftkeeper::terraform {
namespace fs = std::filesystem;

// While a look runs, HOME/borrowed holds the commit and, in the file beside it, Git's text. A look
// that finds them and the same commit was killed, and puts Git's text back. With another commit the
// export is new and already as Git has it.
LockKeeper::LockKeeper(fs::path directory, fs::path home, std::string commit, const ValueTags& tags)
    : file_(directory / ".terraform.lock.hcl"),
      home_(std::move(home)),
      commit_(std::move(commit)),
      tags_(tags) {
    recover();
    git_ = fileText(file_);
}

LockKeeper::~LockKeeper() {
    if (placed_) restore();
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
    std::error_code error;
    if (fs::is_symlink(file_, error)) return git_;
    return fileBelow(file_.parent_path(), file_.filename());
}

std::string LockKeeper::text() const {
    return now().value_or("");
}

std::string LockKeeper::digest() const {
    const auto text = now();
    return text ? digestOf(*text) : "";
}

void LockKeeper::recover() {
    const auto borrowed = fileText(home_ / "borrowed");
    if (!borrowed) return;
    if (*borrowed == commit_) {
        git_ = fileText(home_ / "git");
        restore();
    }
    std::error_code error;
    fs::remove(home_ / "borrowed", error);
}

void LockKeeper::restore() {
    std::error_code error;
    if (!git_)
        fs::remove(file_, error);
    else if (fileText(file_) != git_ && !writeFile(file_, *git_))
        return;  // the next look tries again
    fs::remove(home_ / "borrowed", error);
}

Result<void> LockKeeper::place() {
    std::error_code error;
    fs::remove(home_ / "git", error);
    if (git_)
        if (auto written = writeFile(home_ / "git", *git_); !written) return written;
    if (auto written = writeFile(home_ / "borrowed", commit_); !written) return written;
    placed_ = true;
    const auto kept = fileText(keptFile());
    return kept && kept != git_ ? writeFile(file_, *kept) : Result<void>();
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
            if (auto written = writeFile(file_, *git_); !written)
                return std::unexpected(written.error());
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
