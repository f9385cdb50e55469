// `driftkeeper init`: looks at a working tree or a Git URL, and writes settings for it.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <sstream>

#include "daemon/base/files.hpp"
#include "daemon/cli/columns.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/commands/asking.hpp"
#include "daemon/commands/commands.hpp"
#include "daemon/commands/first_settings.hpp"
#include "daemon/commands/scratch.hpp"
#include "daemon/commands/tools.hpp"
#include "daemon/commands/working_tree.hpp"
#include "daemon/git/checkouts.hpp"
#include "daemon/git/head.hpp"
#include "daemon/git/mirror.hpp"
#include "daemon/git/remote_url.hpp"
#include "daemon/wording/left_out.hpp"
#include "parsers/text/printable.hpp"
#include "providers/catalog.hpp"
#include "providers/look/environment.hpp"
#include "providers/process/real_tool_runner.hpp"

namespace driftkeeper {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t mostShown = 20;

// What was found, and what it came from.
struct Survey {
    std::string where;
    FirstSettings first;
};

fs::path home() {
    const char* variable = std::getenv("HOME");
    return variable == nullptr ? fs::path("/nonexistent") : fs::path(variable);
}

bool isUrl(const std::string& text) {
    std::error_code error;
    if (fs::exists(text, error)) return false;
    const auto colon = text.find(':');
    return text.find("://") != std::string::npos ||
           (colon != std::string::npos && text.find('@') < colon);
}

// For a look from a shell: the keys that a shell has.
GitCredentials credentialsOfUser(const std::string& url) {
    GitCredentials credentials;
    const auto parsed = parseRemoteUrl(url);
    if (!parsed || parsed->scheme != RemoteUrl::Scheme::Ssh) return credentials;
    std::error_code error;
    for (const char* name : {"id_ed25519", "id_ecdsa", "id_rsa"})
        if (credentials.sshKeyFile.empty() && fs::exists(home() / ".ssh" / name, error))
            credentials.sshKeyFile = home() / ".ssh" / name;
    if (fs::exists(home() / ".ssh/known_hosts", error))
        credentials.knownHostsFile = home() / ".ssh/known_hosts";
    if (fs::exists(home() / ".ssh/config", error))
        credentials.sshConfigFile = home() / ".ssh/config";
    return credentials;
}

RepositorySettings repositoryOf(const FirstSettings& first) {
    RepositorySettings repository;
    repository.name = first.name;
    repository.url = first.url;
    repository.ref = first.ref;
    repository.credentials = credentialsOfUser(first.url);
    return repository;
}

Result<Survey> surveyUrl(const std::string& url) {
    const auto parsed = parseRemoteUrl(url);
    if (!parsed) return std::unexpected(parsed.error());
    Survey survey;
    survey.where = parsed->shown;
    survey.first.name = repositoryName(parsed->shown);
    survey.first.url = parsed->scheme == RemoteUrl::Scheme::Ssh ? url : parsed->text;
    const Scratch scratch;
    if (scratch.path().empty())
        return failure(Remedy::FixSetup, "no_room", "no temporary folder can be created");
    Checkouts checkouts(scratch.path() / "git", Seconds{120});
    RepositorySettings repository = repositoryOf(survey.first);
    repository.url = url;
    const auto snapshot = checkouts.sync(repository, {});
    if (!snapshot) return std::unexpected(snapshot.error());
    auto stacks = discoverAll(snapshot->files);
    survey.first.leftOut = takeLeftOut(stacks);
    std::ranges::copy(snapshot->leftOut, std::back_inserter(survey.first.leftOut));
    survey.first.stacks = withBackends(stacks, snapshot->files);
    return survey;
}

Result<Survey> surveyTree(const std::string& folder) {
    std::error_code error;
    const fs::path directory = fs::canonical(folder, error);
    if (error || !fs::is_directory(directory))
        return failure(Remedy::FixSetup, "no_folder", folder + ": no such folder");
    const fs::path root = rootOfTree(directory);
    const auto origin = originOf(root);
    if (!origin)
        return failure(
            Remedy::FixSetup, "no_repository",
            directory.string() + " is not in a Git repository, and the daemon checks only those");
    Survey survey;
    survey.where = root.string();
    survey.first.url = origin->url.empty() ? root.string() : origin->url;
    survey.first.ref = origin->url.empty() ? origin->here : origin->branch;
    survey.first.name = repositoryName(survey.first.url);
    WorkingTree tree(root);
    auto stacks = tree.stacksBelow(root);
    survey.first.leftOut = takeLeftOut(stacks);
    std::ranges::copy(tree.leftOut(), std::back_inserter(survey.first.leftOut));
    survey.first.stacks = withBackends(stacks, tree.files());
    return survey;
}

Diagnosis diagnoseGit(const FirstSettings& first) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    const auto commit = askRemote(repositoryOf(first), {{}, deadline});
    if (commit) return {"git", Diagnosis::Level::Ok, first.url + " can be read", {}};
    return {"git", Diagnosis::Level::Warning, commit.error().message,
            "credentials of the repository in the settings"};
}

std::optional<std::string> variableOfShell(const std::string& name) {
    const char* value = std::getenv(name.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

std::vector<std::string> namesOfShell() {
    std::vector<std::string> names;
    for (const auto& [name, value] : callerEnvironment()) names.push_back(name);
    return names;
}

std::vector<Diagnosis> diagnose(const FirstSettings& first) {
    std::set<std::string> providers;
    for (const auto& stack : first.stacks) providers.insert(stack.provider);
    std::vector<Diagnosis> findings = {diagnoseGit(first)};
    RealToolRunner runner;
    for (const auto& need : toolNeeds(providers, {}))
        findings.push_back(diagnoseTool(need, runner, {}));
    std::ranges::move(diagnoseCredentials(first.stacks, variableOfShell, home()),
                      std::back_inserter(findings));
    return findings;
}

// Kinds that need credentials of their own are only shown as long as there are none.
std::set<std::string> withheldOf(const FirstSettings& first,
                                 const std::vector<Diagnosis>& findings) {
    std::set<std::string> withheld;
    for (const auto& stack : first.stacks) {
        const ProviderKind* kind = providerKind(stack.provider);
        if (kind == nullptr || kind->isDiscovered) continue;
        const auto isMissing = [&](const CredentialSpec& spec) {
            return std::ranges::any_of(findings, [&](const Diagnosis& one) {
                return one.area == spec.area && one.level != Diagnosis::Level::Ok;
            });
        };
        if (std::ranges::any_of(kind->credentials, isMissing)) withheld.insert(stack.provider);
    }
    return withheld;
}

std::string stackTable(const FirstSettings& first) {
    std::vector<std::vector<std::string>> rows;
    for (std::size_t i = 0; i < std::min(first.stacks.size(), mostShown); ++i) {
        const auto& stack = first.stacks[i];
        const auto by = stack.madeBy.empty() ? "" : " by " + printable(stack.madeBy);
        rows.push_back(
            {"  " + printable(stack.path) + by, stack.provider, printable(stack.backend)});
    }
    std::string text = table({"  STACK", "PROVIDER", "STATE IN"}, rows, terminalWidth());
    if (first.stacks.size() > mostShown)
        text += fmt::format("  … and {} more\n", first.stacks.size() - mostShown);
    return text;
}

std::string leftOutLines(const FirstSettings& first) {
    std::string lines;
    std::istringstream text(leftOutText(first.leftOut));
    for (std::string line; std::getline(text, line);) lines += "  " + line + "\n";
    return lines;
}

// Owner and mode stay what they were: whom the package lets read its settings still may.
Result<void> overwrite(const fs::path& file, const std::string& text) {
    struct stat before {};
    if (::stat(file.c_str(), &before) != 0) return writeFile(file, text, 0640);
    auto written = writeFile(file, text, before.st_mode & 07777);
    if (written && ::chown(file.c_str(), before.st_uid, before.st_gid) != 0)
        return failure(Remedy::FixSetup, "unwritable",
                       file.string() + " was written, but is now owned by the current user");
    return written;
}

// Nothing that is there is lost, also not by two at once.
Result<void> writeSettings(const fs::path& file, const std::string& text, bool force) {
    if (force) return overwrite(file, text);
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
    if (descriptor < 0 && errno == EEXIST)
        return failure(Remedy::FixSetup, "exists",
                       file.string() + " already exists and was not changed");
    if (descriptor < 0)
        return failure(Remedy::FixSetup, "unwritable", file.string() + ": " + std::strerror(errno));
    ::close(descriptor);
    return writeFile(file, text, 0640);
}

std::string shellWord(const std::string& text) {
    const bool plain = std::ranges::all_of(text, [](unsigned char c) {
        return std::isalnum(c) != 0 ||
               std::string_view("/._-+@%=:,").find(static_cast<char>(c)) != std::string_view::npos;
    });
    if (plain && !text.empty()) return text;
    std::string out = "'";
    for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + "'";
}

std::string nextSteps(const fs::path& file) {
    const std::string word = shellWord(printable(file.string()));
    return fmt::format(
        "Wrote {0}. Next:\n"
        "  driftkeeper config check {0}\n"
        "  driftkeeper check --config {0}    # one check; stores nothing, alerts nobody\n"
        "  driftkeeper serve --config {0}    # then, elsewhere: driftkeeper doctor --config {0}\n",
        word);
}

}  // namespace

int initialise(const Options& options) {
    const auto found =
        isUrl(options.directory) ? surveyUrl(options.directory) : surveyTree(options.directory);
    if (!found)
        return trouble(
            found.error().message,
            {"give a working tree or a URL: driftkeeper init https://git.example.com/infra.git"});
    Survey survey = *found;
    const bool prints = options.output == "-";
    const fs::path file =
        options.output.empty() ? fs::path("driftkeeper.yaml") : fs::path(options.output);
    std::error_code error;
    survey.first.isPackaged = fs::absolute(file, error).string().starts_with("/etc/");
    const auto findings = diagnose(survey.first);
    survey.first.withheld = withheldOf(survey.first, findings);
    survey.first.ofShell = filesOfShell(survey.first.stacks, variableOfShell, home());
    survey.first.variables = variablesOfTools(namesOfShell());

    std::FILE* const talk = prints ? stderr : stdout;
    std::fputs(
        fmt::format("{}: {} stack{}\n{}{}\n{}\n", printable(survey.where),
                    survey.first.stacks.size(), survey.first.stacks.size() == 1 ? "" : "s",
                    survey.first.stacks.empty() ? "  no infrastructure code was found\n"
                                                : stackTable(survey.first),
                    leftOutLines(survey.first), diagnosisText(findings, !prints && wantsColour()))
            .c_str(),
        talk);
    if (prints) {
        std::fputs(settingsText(survey.first).c_str(), stdout);
        return 0;
    }
    if (auto written = writeSettings(file, settingsText(survey.first), options.force); !written)
        return trouble(written.error().message,
                       {"write elsewhere: --output FILE; preview: --output -; overwrite: --force"});
    std::fputs(nextSteps(file).c_str(), stdout);
    return 0;
}

}  // namespace driftkeeper
