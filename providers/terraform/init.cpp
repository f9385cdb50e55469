#include "providers/terraform/init.hpp"

#include <string>

#include "parsers/terraform/beside_configuration.hpp"
#include "parsers/terraform/lock_file.hpp"
#include "providers/look/files.hpp"
#include "providers/look/sight.hpp"
#include "providers/terraform/backend_files.hpp"
#include "providers/terraform/plugin_cache_lock.hpp"
#include "providers/terraform/plugin_packages.hpp"

namespace driftkeeper::terraform {

Outcome<ToolResult> runInit(const Session& session, TimedRunner& runner, LockFileMode lockFile,
                            std::string_view lockText, ToolName tool) {
    if (!session.initHome.empty())
        if (auto made = emptyFolder(session.initHome); !made) return because(made.error(), tool);
    const auto backend = BackendFiles::in(session.runDirectory, session.backendConfig);
    if (!backend) return because(backend.error(), tool);
    const ToolCall init = initCall(session, backend->names(), lockFile);
    if (session.sharedPlugins.empty()) {  // the caller's own cache, or none
        const auto turn = lockPluginCache(session.pluginCache, runner);
        if (!turn) return std::unexpected(turn.error());
        return runner.run(init);
    }
    if (auto linked =
            linkPackages(session.pluginCache, session.sharedPlugins, readLockFile(lockText));
        !linked)
        return because(linked.error(), tool);
    auto result = runner.run(init);
    if (result && result->status == 0) {
        const Sight sight{session.sandbox.tree};
        const auto file = sight.onHost(session.directory / lockFileName);
        const auto after = fileBelow(file.parent_path(), file.filename());
        sharePackages(session.pluginCache, session.sharedPlugins,
                      readLockFile(after.value_or(std::string(lockText))));
    }
    return result;
}

}  // namespace driftkeeper::terraform
