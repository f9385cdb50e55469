#include "providers/terraform/plugin_cache_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <condition_variable>
#include <mutex>

#include "providers/look/files.hpp"
#include "providers/terraform/reasons.hpp"

namespace driftkeeper::terraform {

Outcome<Descriptor> lockPluginCache(const std::filesystem::path& pluginCache,
                                    const TimedRunner& runner) {
    if (pluginCache.empty()) return Descriptor();
    std::error_code error;
    std::filesystem::create_directories(pluginCache, error);
    Descriptor file(
        ::open((pluginCache / ".driftkeeper.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!file.isOpen())
        return std::unexpected(reason("private_directory", "the plugin cache cannot be written"));
    std::mutex mutex;
    std::condition_variable_any turn;
    // flock wakes nobody up by a stop request, so the lock is tried again every now and then.
    while (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
        if (runner.stop().stop_requested()) return std::unexpected(reason("stopped"));
        if (runner.left().count() == 0)
            return std::unexpected(reason("timeout", "waiting for the plugin cache"));
        std::unique_lock lock(mutex);
        turn.wait_for(lock, runner.stop(), std::chrono::milliseconds(50), [] { return false; });
    }
    return file;
}

}  // namespace driftkeeper::terraform
