// `driftkeeper config check`: what serve would say of the settings, without starting anything.
#include <cstdio>

#include "daemon/commands.hpp"
#include "daemon/config_file.hpp"

namespace driftkeeper {

int checkConfig(const Options& options) {
    const auto path = configFileOf(options);
    const auto loaded = loadSettings(path);
    if (!loaded.mistakes.empty()) {
        std::fputs(render(loaded.mistakes).c_str(), stderr);
        return 2;
    }
    std::printf("%s: no mistakes (%zu repositories, %zu channels, %zu routes)\n", path.c_str(),
                loaded.settings.repositories.size(), loaded.settings.channels.size(), loaded.settings.routes.size());
    return 0;
}

}  // namespace driftkeeper
