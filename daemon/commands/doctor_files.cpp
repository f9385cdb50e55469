// The part of `doctor` that looks at files: state, database, token, secrets, plugin cache.
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <set>

#include "daemon/base/files.hpp"
#include "daemon/check/workspace.hpp"
#include "daemon/commands/doctor.hpp"
#include "daemon/commands/token_file.hpp"
#include "daemon/store/state_look.hpp"
#include "parsers/graph/reason_code.hpp"
#include "providers/catalog.hpp"

namespace driftkeeper {
namespace {

namespace fs = std::filesystem;
using enum Diagnosis::Level;

constexpr std::uintmax_t gibibyte = std::uintmax_t{1} << 30;

// Why a path cannot be used for what `mode` of access(2) asks; empty: it can.
std::string hindrance(const fs::path& path, int mode) {
    return ::access(path.c_str(), mode) == 0 ? std::string() : std::strerror(errno);
}

Diagnoses lookAtDirectory(const fs::path& directory) {
    const std::string area = "state directory";
    std::error_code error;
    const auto type = fs::status(directory, error).type();
    if (type == fs::file_type::not_found) {
        fs::path above = directory;
        while (above != above.root_path() && !fs::exists(above, error)) above = above.parent_path();
        const auto why = hindrance(above, W_OK | X_OK);
        if (!why.empty())
            return {{area, Problem,
                     fmt::format("{} does not exist and cannot be created: {}: {}",
                                 directory.string(), above.string(), why),
                     "create it, owned by the user of the daemon: install -d -o USER -m 0750 " +
                         directory.string()}};
        return {
            {area,
             Ok,
             directory.string() + " does not exist yet: the daemon creates it at its first start",
             {}}};
    }
    if (type != fs::file_type::directory)
        return {{area, Problem,
                 directory.string() + " is not a readable directory: " +
                     (error ? error.message() : "it is something else"),
                 "run this with sudo, or set another state_directory"}};
    const std::string who = ownership(directory);
    if (const auto why = hindrance(directory, R_OK | W_OK | X_OK); !why.empty())
        return {{area, Warning,
                 fmt::format("{} ({}) cannot be used by the current user: {}", directory.string(),
                             who, why),
                 "run this as the user of the daemon, or with sudo"}};
    const auto space = fs::space(directory, error);
    if (!error && space.available < gibibyte / 10)
        return {{area, Problem,
                 fmt::format("{}: {} MiB are free", directory.string(), space.available >> 20U),
                 "free space: state and clones of repositories are stored there"}};
    if (!error && space.available < gibibyte)
        return {
            {area, Warning,
             fmt::format("{}: only {} MiB are free", directory.string(), space.available >> 20U),
             "free space soon"}};
    return {
        {area,
         Ok,
         fmt::format("{} ({}), {} GiB free", directory.string(), who, space.available / gibibyte),
         {}}};
}

Diagnoses lookAtDatabase(const fs::path& directory) {
    const std::string area = "database";
    const auto look = lookAtState(directory);
    if (!look)
        return {{area, look.error().code == "store_damaged" ? Problem : Warning,
                 look.error().message, std::string(adviceForReason(look.error().code))}};
    const char* holder = look->inUse ? ", in use" : "";
    if (!look->version) return {{area, Ok, fmt::format("there is none yet{}", holder), {}}};
    if (*look->version > look->known)
        return {{area, Problem,
                 fmt::format("its schema has version {}, but this program supports up to {}",
                             *look->version, look->known),
                 std::string(adviceForReason("store_newer"))}};
    if (*look->version < look->known)
        return {{area,
                 Ok,
                 fmt::format("schema version {}, upgraded to {} at the next start{}",
                             *look->version, look->known, holder),
                 {}}};
    return {{area, Ok, fmt::format("schema version {}{}", *look->version, holder), {}}};
}

Diagnoses lookAtToken(const fs::path& directory) {
    const std::string area = "token";
    std::error_code error;
    if (!fs::exists(directory, error) && !error)
        return {{area, Ok, "none yet: the daemon creates it at its first start", {}}};
    const TokenFile file = readTokenFile(directory);
    if (file.token.empty()) return {{area, Warning, file.trouble, file.fix}};
    struct stat state {};
    if (::stat(file.path.c_str(), &state) == 0 && (state.st_mode & S_IROTH) != 0)
        return {{area, Problem,
                 fmt::format("{} ({}) is world-readable", file.path.string(), ownership(file.path)),
                 fmt::format("chmod 0640 {}, then delete it and restart for a new one",
                             file.path.string())}};
    return {{area, Ok, fmt::format("{} ({})", file.path.string(), ownership(file.path)), {}}};
}

// A file that the settings name.
struct NamedFile {
    std::string key;
    fs::path path;
    bool isSecret = true;
};

void add(std::vector<NamedFile>& files, std::string key, const fs::path& path,
         bool isSecret = true) {
    if (!path.empty()) files.push_back({std::move(key), path, isSecret});
}

std::vector<NamedFile> namedFiles(const Settings& settings) {
    std::vector<NamedFile> files;
    for (const auto& repository : settings.repositories) {
        const std::string at = "repository " + repository.name;
        add(files, at + ", password_file", repository.credentials.password.file);
        add(files, at + ", ssh_key_file", repository.credentials.sshKeyFile);
        add(files, at + ", known_hosts_file", repository.credentials.knownHostsFile, false);
        add(files, at + ", ssh_config_file", repository.credentials.sshConfigFile, false);
        add(files, at + ", tls_ca_file", repository.tlsCaFile, false);
        for (const auto& stack : repository.stacks)
            add(files, at + "/" + stack.path + ", environment_file", stack.environmentFile);
    }
    for (const auto& channel : settings.channels) {
        for (const auto& [key, secret] : channel.secrets)
            add(files, "channel " + channel.name + ", " + key + "_file", secret.file);
        add(files, "channel " + channel.name + ", tls_ca_file", channel.tlsCaFile, false);
    }
    if (settings.heartbeat) add(files, "heartbeat, url_file", settings.heartbeat->url.file);
    for (const auto& token : settings.access.tokens)
        add(files, "access token " + token.name, token.token.file);
    add(files, "access, web_config_file", settings.access.webConfigFile, false);
    for (const auto& hook : settings.hooks) add(files, "hook " + hook.name, hook.secret.file);
    for (const auto& [name, provider] : settings.providers)
        for (const OptionSpec& spec : providerKind(name)->options)
            if (spec.kind == OptionSpec::Kind::File || spec.kind == OptionSpec::Kind::SecretFile)
                add(files, fmt::format("provider {}, {}", name, spec.key),
                    optionOf(provider.options, spec.key),
                    spec.kind == OptionSpec::Kind::SecretFile);
    return files;
}

// systemd gives a running service its credentials where nobody else sees them.
bool isCredential(const fs::path& path) {
    return path.string().starts_with("/run/credentials/");
}

std::optional<Diagnosis> troubleWith(const NamedFile& file) {
    const std::string area = "files";
    struct stat state {};
    const bool there = ::stat(file.path.c_str(), &state) == 0;
    if (!there && isCredential(file.path))
        return Diagnosis{
            area, Warning,
            fmt::format("{}: {} exists only while the service runs", file.key, file.path.string()),
            "is the unit's LoadCredential= of this name there? systemctl cat driftkeeper"};
    if (!there)
        return Diagnosis{
            area, Problem,
            fmt::format("{}: {}: {}", file.key, file.path.string(), std::strerror(errno)),
            "create the file, or set another one in the settings"};
    if (!S_ISREG(state.st_mode))
        return Diagnosis{area, Problem,
                         fmt::format("{}: {} is not a file", file.key, file.path.string()),
                         "set a file in the settings"};
    if (file.isSecret && (state.st_mode & S_IROTH) != 0)
        return Diagnosis{area, Problem,
                         fmt::format("{}: {} ({}) is world-readable", file.key, file.path.string(),
                                     ownership(file.path)),
                         "chmod o= " + file.path.string() + ", and rotate the secret"};
    if (const auto why = hindrance(file.path, R_OK); !why.empty())
        return Diagnosis{area, Problem,
                         fmt::format("{}: {} ({}) cannot be read: {}", file.key, file.path.string(),
                                     ownership(file.path), why),
                         "chown it to the user of the daemon, or run this as that user"};
    if (state.st_size == 0 && file.isSecret)
        return Diagnosis{area, Problem,
                         fmt::format("{}: {} is empty", file.key, file.path.string()),
                         "write the secret to it"};
    return std::nullopt;
}

Diagnoses lookAtNamedFiles(const Settings& settings) {
    Diagnoses findings;
    const auto files = namedFiles(settings);
    for (const auto& file : files)
        if (auto trouble = troubleWith(file)) findings.push_back(*std::move(trouble));
    if (findings.empty())
        findings.push_back({"files",
                            Ok,
                            files.empty()
                                ? "the settings have none"
                                : fmt::format("{} in the settings, all readable", files.size()),
                            {}});
    return findings;
}

Diagnosis lookAtCache(const fs::path& cache) {
    std::error_code error;
    if (!fs::exists(cache, error))
        return {"plugin cache",
                Ok,
                cache.string() + " does not exist yet: the first check creates it",
                {}};
    if (const auto why = hindrance(cache, R_OK | W_OK | X_OK); !why.empty())
        return {"plugin cache", Warning,
                fmt::format("{} ({}) cannot be written: {}", cache.string(), ownership(cache), why),
                "chown it to the user of the daemon"};
    return {"plugin cache", Ok, cache.string(), {}};
}

// Those of all kinds of providers, each once.
Diagnoses lookAtCaches(const Settings& settings) {
    std::set<fs::path> caches;
    for (const ProviderKind* kind : providerKinds())
        for (const OptionSpec& spec : kind->options)
            if (spec.kind == OptionSpec::Kind::CacheFolder)
                caches.insert(cacheFolderOf(settings, kind->name, spec));
    Diagnoses findings;
    for (const auto& cache : caches) findings.push_back(lookAtCache(cache));
    return findings;
}

}  // namespace

std::vector<Probe> fileProbes(const SharedPatient& patient) {
    const auto directory = [patient] { return patient->settings.stateDirectory; };
    return {
        {"state directory", [=](const std::stop_token&) { return lookAtDirectory(directory()); }},
        {"database", [=](const std::stop_token&) { return lookAtDatabase(directory()); }},
        {"token", [=](const std::stop_token&) { return lookAtToken(directory()); }},
        {"files", [=](const std::stop_token&) { return lookAtNamedFiles(patient->settings); }},
        {"plugin cache", [=](const std::stop_token&) { return lookAtCaches(patient->settings); }}};
}

}  // namespace driftkeeper
