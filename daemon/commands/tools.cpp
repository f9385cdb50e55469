#include "daemon/commands/tools.hpp"

#include <fmt/format.h>

#include <cctype>
#include <cstdlib>

#include "parsers/terraform/version.hpp"
#include "parsers/text/ascii.hpp"
#include "providers/catalog.hpp"
#include "providers/process/find_program.hpp"

namespace driftkeeper {
namespace {

constexpr std::chrono::milliseconds toolPatience{10'000};

using Arguments = std::vector<std::string>;

std::string pathOfTools() {
    const char* path = std::getenv("PATH");
    return path == nullptr ? "/usr/local/bin:/usr/bin:/bin" : path;
}

// The program that the settings name, or the usual one.
std::string programOf(const Settings& settings, const std::string& provider,
                      const ProgramSpec& spec) {
    const auto it = settings.providers.find(provider);
    const auto named =
        it == settings.providers.end() ? std::string() : optionOf(it->second.options, spec.setting);
    return named.empty() ? std::string(spec.name) : named;
}

ToolCall versionCall(const std::string& program, const Arguments& arguments) {
    ToolCall call;
    call.argv = {program};
    call.argv.insert(call.argv.end(), arguments.begin(), arguments.end());
    call.directory = "/";
    call.environment = {{"PATH", pathOfTools()},
                        {"HOME", "/nonexistent"},
                        {"CHECKPOINT_DISABLE", "1"},
                        {"LC_ALL", "C"}};
    call.timeout = toolPatience;
    call.grace = std::chrono::milliseconds(1'000);
    call.maxOutput = 64 * 1024;
    return call;
}

bool isTooOld(const std::string& version, const std::string& least) {
    if (least.empty()) return false;
    const auto is = terraform::versionFrom(version);
    const auto must = terraform::versionFrom(least);
    return is && must && *is < *must;
}

}  // namespace

std::vector<ToolNeed> toolNeeds(const std::set<std::string>& providers, const Settings& settings) {
    std::vector<ToolNeed> needs;
    for (const auto& provider : providers) {
        const ProviderKind* kind = providerKind(provider);
        if (kind == nullptr) continue;
        for (const ProgramSpec& spec : kind->programs)
            needs.push_back({provider, programOf(settings, provider, spec),
                             splitAtBlanks(spec.versionWords), std::string(spec.oldest),
                             std::string(spec.alternative)});
    }
    return needs;
}

std::string versionIn(std::string_view said) {
    for (std::size_t at = 0; at < said.size(); ++at) {
        if (!isDigit(said[at]) || (at > 0 && (isDigit(said[at - 1]) || said[at - 1] == '.')))
            continue;
        std::size_t end = at;
        while (end < said.size() && (isDigit(said[end]) || said[end] == '.')) ++end;
        while (end > at && said[end - 1] == '.') --end;
        const std::string_view number = said.substr(at, end - at);
        if (number.find('.') == std::string_view::npos) continue;
        if (end < said.size() && said[end] == '-')  // 1.6.0-beta1
            for (++end;
                 end < said.size() &&
                 (std::isalnum(static_cast<unsigned char>(said[end])) != 0 || said[end] == '.');)
                ++end;
        return std::string(said.substr(at, end - at));
    }
    return {};
}

Diagnosis diagnoseTool(const ToolNeed& need, ToolRunner& runner, std::stop_token stop) {
    using enum Diagnosis::Level;
    const std::string area = "tool " + need.program;
    std::string program = need.program;
    auto where = findProgram(program, pathOfTools(), "/");
    if (!where && !need.alternative.empty())
        where = findProgram(program = need.alternative, pathOfTools(), "/");
    if (!where)
        return {
            area, Problem,
            fmt::format("{}{} was not found, and {} needs it", need.program,
                        need.alternative.empty() ? "" : " or " + need.alternative, need.provider),
            fmt::format("install it on PATH, or set providers.{}.program", need.provider)};
    const auto said = runner.run(versionCall(where->string(), need.arguments), std::move(stop));
    const bool ended = said && said->ending == ToolResult::Ending::Exited && said->status == 0;
    if (!ended)
        return {area, Problem, fmt::format("{} does not print its version", where->string()),
                fmt::format("try it: {} {}", where->string(), fmt::join(need.arguments, " "))};
    const std::string version = versionIn(said->out + said->err);
    if (isTooOld(version, need.least))
        return {area, Problem,
                fmt::format("{} is {}, but at least {} is required", where->string(), version,
                            need.least),
                "install a newer one, or set providers." + need.provider + ".program"};
    return {area,
            Ok,
            fmt::format("{} {} for {}", where->string(),
                        version.empty() ? "(unknown version)" : version, need.provider),
            {}};
}

}  // namespace driftkeeper
