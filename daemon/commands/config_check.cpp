// `driftkeeper config check`: what serve would say of the settings, without starting anything.
#include <cstdio>

#include "daemon/commands/commands.hpp"
#include "daemon/settings/config_file.hpp"
#include "daemon/web/access.hpp"
#include "parsers/json/json_writer.hpp"

namespace driftkeeper {
namespace {

// For editors and pipelines; columns and lines from 1.
std::string mistakesJson(const std::vector<SettingsMistake>& mistakes) {
    JsonWriter json;
    json.beginObject().key("version").number(std::uint64_t{1}).key("mistakes").beginArray();
    for (const auto& mistake : mistakes) {
        json.beginObject();
        json.key("file").text(mistake.file);
        json.key("line").number(std::uint64_t{mistake.position.line});
        json.key("column").number(std::uint64_t{mistake.position.column});
        json.key("key_path").text(mistake.keyPath);
        json.key("code").text(mistake.code);
        json.key("message").text(mistake.message);
        json.endObject();
    }
    json.endArray().endObject();
    return std::move(json).take();
}

}  // namespace

int checkConfig(const Options& options) {
    const auto path = configFileOf(options.configFile);
    auto loaded = loadSettings(path);
    if (loaded.mistakes.empty()) loaded.mistakes = Access::mistakes(loaded.settings);
    const int status = loaded.mistakes.empty() ? 0 : 2;
    if (options.json) {
        std::puts(mistakesJson(loaded.mistakes).c_str());
    } else if (status != 0) {
        std::fputs(render(loaded.mistakes).c_str(), stderr);
    } else {
        std::printf("%s: no mistakes (%zu repositories, %zu channels, %zu routes)\n", path.c_str(),
                    loaded.settings.repositories.size(), loaded.settings.channels.size(),
                    loaded.settings.routes.size());
    }
    return status;
}

}  // namespace driftkeeper
