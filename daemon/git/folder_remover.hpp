#pragma once

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

namespace driftkeeper {

// Removes folders in a thread of its own: large trees take their time, and nobody waits for it.
// What is left when it ends stays there. Thread-safe.
class FolderRemover {
public:
    FolderRemover();

    // Nobody may use these names again.
    void add(std::vector<std::filesystem::path> folders);
    // Blocks until all that was added is gone.
    void finish();

private:
    void run(const std::stop_token& stop);

    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::deque<std::filesystem::path> waiting_{};  // the first one is being removed
    std::jthread thread_;                          // the last member: it uses the others
};

}  // namespace driftkeeper
