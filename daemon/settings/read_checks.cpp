#include "daemon/settings/sections.hpp"
#include "daemon/settings/url.hpp"

namespace driftkeeper {
namespace {

// A list of programs, or VERSION: PROGRAM.
void readPrograms(Reading& reading, const Place& place, std::map<std::string, std::string>& programs) {
    if (!place) return;
    const auto [list, mapping] =
        reading.forms<2>(place, [](const YamlNode& node) { return node.kind == YamlNode::Kind::Mapping ? 1U : 0U; });
    const auto add = [&](const Place& given, const std::string& version) {
        std::string program;
        reading.text(given, program, judgeProgram, Show::Yes);
        programs.emplace(program, version);
    };
    if (list)
        for (const auto& item : reading.items(list)) add(item, "");
    if (mapping)
        for (const auto& [version, given] : reading.names(mapping, "")) add(given, version.node->scalar);
}

}  // namespace

void readChecks(Reading& reading, const Place& place, CheckSettings& checks) {
    Section section(reading, place);
    reading.duration(section.take("every"), checks.every, Seconds(1));
    reading.duration(section.take("timeout"), checks.timeout, Seconds(1));
    long parallel = checks.parallel;
    reading.integer(section.take("parallel"), parallel, 1, 1024);
    checks.parallel = static_cast<unsigned>(parallel);
    long confirm = checks.confirm;
    reading.integer(section.take("confirm"), confirm, 1, 100);
    checks.confirm = static_cast<int>(confirm);
    reading.duration(section.take("confirm_after"), checks.confirmAfter, Seconds(0));
    reading.duration(section.take("unapplied_grace"), checks.unappliedGrace, Seconds(0));
    reading.duration(section.take("group_wait"), checks.groupWait, Seconds(0));
    reading.duration(section.take("stale_after"), checks.staleAfter, Seconds(1));
    section.close();
}

void readProviders(Reading& reading, const Place& place, std::map<std::string, ProviderSettings>& providers) {
    Section section(reading, place);
    for (const auto name : providerWords()) {
        const auto given = section.take(name);
        if (!given) continue;
        auto& provider = providers[std::string(name)];
        Section inner(reading, given);
        reading.text(inner.take("program"), provider.program, judgeProgram, Show::Yes);
        reading.file(inner.take("cli_config_file"), provider.cliConfigFile);
        reading.file(inner.take("plugin_cache"), provider.pluginCache);
        readPrograms(reading, inner.take("programs"), provider.programs);
        reading.environment(inner.take("environment"), provider.environment);
        readOptions(inner, name, ".", provider.options);
        inner.close();
    }
    section.close();
}

void readHeartbeat(Reading& reading, const Place& place, std::optional<HeartbeatSettings>& heartbeat) {
    if (!place) return;
    Section section(reading, place);
    HeartbeatSettings read;
    section.secret("url", read.url, judgeHttpUrl, Need::Required);
    reading.duration(section.take("every"), read.every, Seconds(1));
    section.close();
    heartbeat = std::move(read);
}

}  // namespace driftkeeper
