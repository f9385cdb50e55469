#include "daemon/git/folder_remover.hpp"

#include <utility>

#include "providers/process/remove_tree.hpp"

namespace driftkeeper {

namespace {

namespace fs = std::filesystem;

void removeFolder(const fs::path& folder, const std::stop_token& stop) {
    std::error_code error;
    std::vector<fs::path> inner;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
        inner.push_back(it->path());
    for (const auto& path : inner) {
        if (stop.stop_requested()) return;
        removeTree(path);
    }
    removeTree(folder);
}

}  // namespace

FolderRemover::FolderRemover() : thread_([this](std::stop_token stop) { run(stop); }) {}

void FolderRemover::add(std::vector<fs::path> folders) {
    if (folders.empty()) return;
    const std::scoped_lock lock(mutex_);
    for (auto& folder : folders) waiting_.push_back(std::move(folder));
    changed_.notify_all();
}

void FolderRemover::finish() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_.empty(); });
}

void FolderRemover::run(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (changed_.wait(lock, stop, [&] { return !waiting_.empty(); })) {
        const auto folder = waiting_.front();
        lock.unlock();
        removeFolder(folder, stop);
        lock.lock();
        waiting_.pop_front();
        changed_.notify_all();
        if (stop.stop_requested()) return;
    }
}

}  // namespace driftkeeper
