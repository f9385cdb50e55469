// `driftkeeper check`: one look without a daemon. Nothing is stored, and the tree is not written
// to.
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <functional>
#include <iterator>
#include <optional>
#include <thread>

#include "daemon/alert/decide/owners.hpp"
#include "daemon/base/clock.hpp"
#include "daemon/base/files.hpp"
#include "daemon/base/random.hpp"
#include "daemon/base/signals.hpp"
#include "daemon/check/providers.hpp"
#include "daemon/check/workspace.hpp"
#include "daemon/cli/columns.hpp"
#include "daemon/cli/progress.hpp"
#include "daemon/commands/asking.hpp"
#include "daemon/commands/callers_wishes.hpp"
#include "daemon/commands/commands.hpp"
#include "daemon/commands/scratch.hpp"
#include "daemon/commands/working_tree.hpp"
#include "daemon/contract/stack_object.hpp"
#include "daemon/fleet/codeowners_file.hpp"
#include "daemon/fleet/inventory.hpp"
#include "daemon/git/checkouts.hpp"
#include "daemon/git/head.hpp"
#include "daemon/judge/rule_book.hpp"
#include "daemon/model/stack_name.hpp"
#include "daemon/settings/config_file.hpp"
#include "daemon/wording/check_text.hpp"
#include "daemon/wording/junit.hpp"
#include "daemon/wording/left_out.hpp"
#include "daemon/wording/markdown.hpp"
#include "providers/catalog.hpp"
#include "providers/process/real_tool_runner.hpp"

namespace driftkeeper {
namespace {

namespace fs = std::filesystem;

// Ctrl-C ends the tools and then the command.
class Interrupt {
public:
    Interrupt() : thread_([this](std::stop_token end) { wait(end); }) {}
    [[nodiscard]] std::stop_token token() const noexcept { return source_.get_token(); }

private:
    void wait(std::stop_token end) {
        while (!end.stop_requested())
            if (waitForSignal(std::chrono::milliseconds(100))) source_.request_stop();
    }
    std::stop_source source_;
    std::jthread thread_;
};

struct Task {
    Stack stack;
    Workspace workspace;
    std::optional<Error> trouble;  // why it cannot be looked at
};

Result<void> addSource(Task& task, Checkouts& checkouts, const RepositorySettings& repository,
                       const std::string& commit, LaysOver isLaidOver) {
    task.workspace.commit = commit;
    const auto shared = checkouts.prepare(repository, task.stack, commit);
    if (!shared) return std::unexpected(shared.error());
    return placeSource(task.workspace, checkouts, repository, task.stack, *shared, isLaidOver);
}

Report reportOf(const Task& task, const Workspace& workspace, Providers& providers,
                std::stop_token stop) {
    if (task.trouble) return failedReport(task.trouble->code, task.trouble->message);
    const auto provider = providers.find(task.stack.provider);
    if (provider == providers.end())
        return failedReport("setup", "there is no provider \"" + task.stack.provider + "\"");
    return provider->second->inspect(workspace, std::nullopt, std::move(stop));
}

// The rules that a repository brings along. Broken ones hide nothing, and that is said.
void keepRules(RuleBook& rules, const std::string& repository,
               const std::function<std::optional<std::string>(const std::string&)>& read) {
    std::vector<IgnoreRule> own;
    for (const auto& file : rulesFiles) {
        const auto text = read(file.name);
        if (!text) continue;
        auto loaded = file.parse(*text, repository, file.name);
        std::fputs(render(loaded.mistakes).c_str(), stderr);
        if (loaded.mistakes.empty()) std::ranges::move(loaded.rules, std::back_inserter(own));
    }
    (void)rules.keep(repository, std::move(own), {});
}

// Whom a repository names for its folders; what is wrong with that file is said.
Codeowners ownersIn(const std::string& repository, const ReadTreeFile& read) {
    auto file = readCodeowners(read);
    if (!file.mistake.empty())
        std::fprintf(stderr, "driftkeeper: %s\n",
                     printable("repository " + repository + ": " + file.mistake).c_str());
    return std::move(file.codeowners);
}

std::vector<StackObject> lookAtAll(const std::vector<Task>& tasks, const RuleBook& rules,
                                   Providers& providers, unsigned parallel, std::stop_token stop) {
    std::vector<StackObject> results(tasks.size());
    std::atomic<std::size_t> next = 0;
    Progress progress(tasks.size());
    const SystemClock clock;
    const auto work = [&] {
        for (std::size_t i = next++; i < tasks.size(); i = next++) {
            Workspace workspace = tasks[i].workspace;
            const std::string name = printable(tasks[i].stack.fullName());
            workspace.progress = [&](std::string_view phrase) {
                progress.say(name, printable(phrase));
            };
            progress.begin(name);
            Check check;
            check.commit = workspace.commit;
            check.started = clock.now();
            check.report = reportOf(tasks[i], workspace, providers, stop);
            check.finished = clock.now();
            rules.judge(check.report, tasks[i].stack, check.finished);
            results[i] = stackObject(tasks[i].stack, check);
            progress.end(name);
        }
    };
    std::vector<std::jthread> threads;
    for (unsigned i = 1; i < std::min<std::size_t>(parallel, tasks.size()); ++i)
        threads.emplace_back(work);
    work();
    threads.clear();
    return results;
}

int statusOf(const std::vector<StackObject>& stacks) {
    bool inconclusive = false;
    bool setup = stacks.empty();
    for (const auto& stack : stacks) {
        if (stack.verdict == Verdict::Drifted || stack.verdict == Verdict::Unapplied) return 1;
        inconclusive = inconclusive || stack.verdict == Verdict::Inconclusive;
        setup = setup || (stack.reason && stack.reason->code == "tool_missing");
    }
    if (setup) return 2;
    return inconclusive ? 3 : 0;
}

std::string textOf(const std::vector<StackObject>& stacks, const std::string& format) {
    if (format == "json") return stacksJson(stacks) + "\n";
    if (format == "junit") return junitXml(stacks);
    if (format == "markdown") return checkMarkdown(stacks);
    TextStyle style;
    style.colour = wantsColour();
    if (const auto width = terminalWidth(); width != 0) style.width = width;
    return checkText(stacks, style);
}

// What was not looked at is said, whatever the format; where something may be missing, nobody may
// take it for success.
int print(const std::vector<StackObject>& stacks, const std::vector<LeftOut>& leftOut,
          const Options& options) {
    constexpr int inconclusive = 3;
    std::fputs(textOf(stacks, options.format).c_str(), stdout);
    std::fputs(leftOutText(leftOut).c_str(), stderr);
    const int status = statusOf(stacks);
    const bool mayMiss =
        std::ranges::any_of(leftOut, [](const LeftOut& one) { return isTrouble(one.reason); });
    return status == 0 && mayMiss ? inconclusive : status;
}

// Short, so that the sockets of plugins below it stay within their 108 bytes.
void giveFolders(Workspace& workspace, const Scratch& scratch, std::size_t number) {
    workspace.privateDirectory = scratch.path() / std::to_string(number);
    workspace.notesDirectory = scratch.path() / ("n" + std::to_string(number));
    for (const auto* folder : {&workspace.privateDirectory, &workspace.notesDirectory})
        fs::create_directory(*folder);
}

}  // namespace

int checkTree(const Options& options) {
    blockSignals();
    std::error_code error;
    const fs::path directory = fs::canonical(options.directory, error);
    if (error || !fs::is_directory(directory))
        return trouble(options.directory + ": no such folder");

    // The stacks: the folder itself and all below it.
    const fs::path root = rootOfTree(directory);
    const std::string here = directory.lexically_relative(root).generic_string();
    WorkingTree tree(root);
    const auto found = tree.stacksAt(directory, here, options.provider);
    if (found.empty()) {
        std::fputs(leftOutText(tree.leftOut()).c_str(), stderr);
        return trouble(directory.string() +
                       ": nothing to check: no infrastructure code here or below");
    }

    const Scratch scratch;
    if (scratch.path().empty())
        return trouble("no temporary folder can be created in " +
                       fs::temp_directory_path().string());
    const std::string commit = headCommit(root);
    // Outside of a repository the folder that was asked for takes its place in names.
    const fs::path& named = root.has_filename() ? root : directory;
    Settings settings;
    settings.repositories.emplace_back().name = named.filename().string();
    const CurrentSettings current(std::move(settings));
    RuleBook rules(current);
    keepRules(rules, named.filename().string(),
              [&](const std::string& file) -> std::optional<std::string> {
                  auto text = readFile(named / file, mostRulesText);
                  return text ? std::optional(*std::move(text)) : std::nullopt;
              });
    const Codeowners codeowners =
        ownersIn(named.filename().string(),
                 [&](const std::string& file) -> Result<std::optional<std::string>> {
                     std::error_code ignored;
                     if (!fs::is_regular_file(named / file, ignored))
                         return std::optional<std::string>();
                     return readFile(named / file, mostCodeownersText);
                 });
    const CallersWishes wishes(options, callerEnvironment());
    std::fputs(wishes.notHeeded(found).c_str(), stderr);
    const auto laidOver = treeToLayOver(root, directory, found, scratch.path());
    std::vector<Task> tasks;
    for (const auto& one : found) {
        Task task{};
        const auto shown = [&](const std::string& path) {
            return (root / path).lexically_normal().lexically_relative(named).generic_string();
        };
        task.stack.repository = named.filename().string();
        task.stack.path = shown(one.path);
        task.stack.name = shown(one.name.empty() ? one.path : one.name);
        task.stack.options = wishes.of(one);
        task.stack.name = usualStackName(task.stack.name, task.stack.options);
        task.stack.closure = one.closure;
        task.stack.provider = one.provider;
        addOwners(task.stack, codeowners, ownFilesOf(one.provider),
                  ownFileOf(one.provider, task.stack.options));
        task.workspace.root = root;
        task.workspace.directory = (root / one.path).lexically_normal();
        task.workspace.options = task.stack.options;
        task.workspace.commit = commit;
        task.workspace.closure = task.stack.closure;
        task.workspace.workingTree = true;
        giveFolders(task.workspace, scratch, tasks.size());
        if (laidOver)
            task.workspace.sight.tree = {*laidOver, *laidOver,
                                         scratch.path() / ("w" + std::to_string(tasks.size()))};
        tasks.push_back(std::move(task));
    }

    RealToolRunner tools({strongestSandbox(), {}}, {}, limitsOf({}));
    const ValueTags tags(randomBytes(32));
    Providers providers = makeProviders(tools, tags);
    const Interrupt interrupt;
    const unsigned parallel = std::thread::hardware_concurrency();
    return print(lookAtAll(tasks, rules, providers, parallel, interrupt.token()), tree.leftOut(),
                 options);
}

int checkConfigured(const Options& options) {
    blockSignals();
    auto loaded = loadSettings(configFileOf(options.configFile));
    if (!loaded.mistakes.empty()) {
        std::fputs(render(loaded.mistakes).c_str(), stderr);
        return 2;
    }
    const CurrentSettings current(loaded.settings);
    const Settings& settings = loaded.settings;
    RuleBook rules(current);
    const Scratch scratch;
    if (scratch.path().empty())
        return trouble("no temporary folder can be created in " +
                       fs::temp_directory_path().string());

    const auto policy = sandboxPolicyOf(settings);
    if (!policy) return trouble(policy.error().message);

    const Interrupt interrupt;
    Checkouts checkouts(scratch.path() / "git");
    checkouts.setDiskLimit(settings.checkoutDisk);
    const LaysOver isLaidOver = laysOver(checkouts, policy->mode);
    std::vector<Task> tasks;
    std::vector<LeftOut> leftOut;
    for (const auto& repository : settings.repositories) {
        const auto snapshot = checkouts.sync(repository, interrupt.token(),
                                             kindsFor(repository, providersOf(settings)));
        if (!snapshot)
            return trouble("repository " + repository.name + ": " + snapshot.error().message);
        keepRules(rules, repository.name,
                  [&](const std::string& file) -> std::optional<std::string> {
                      auto text = checkouts.file(repository, snapshot->commit, file, mostRulesText);
                      return text ? *std::move(text) : std::nullopt;
                  });
        const Codeowners codeowners = ownersIn(repository.name, [&](const std::string& file) {
            return checkouts.file(repository, snapshot->commit, file, mostCodeownersText);
        });
        const Inventory inventory =
            inventoryOf(repository, settings.checks, providersOf(settings), snapshot->files);
        for (const auto* some : {&snapshot->leftOut, &inventory.leftOut})
            for (const auto& one : *some)
                leftOut.push_back({repository.name + "/" + one.path, one.reason});
        std::vector<Stack> stacks = inventory.stacks;
        stacks.insert(stacks.end(), inventory.missing.begin(), inventory.missing.end());
        for (auto& stack : stacks) {
            if (!options.stack.empty() && stack.fullName() != options.stack &&
                stack.name != options.stack)
                continue;
            stack.id = std::to_string(tasks.size());
            addOwners(stack, codeowners, ownFilesOf(stack.provider),
                      ownFileOf(stack.provider, stack.options));
            auto workspace = daemonWorkspace(settings, stack);
            if (!workspace) return trouble(stack.fullName() + ": " + workspace.error().message);
            giveFolders(*workspace, scratch, tasks.size());
            Task task{std::move(stack), std::move(*workspace), std::nullopt};
            if (auto placed = addSource(task, checkouts, repository, snapshot->commit, isLaidOver);
                !placed)
                task.trouble = placed.error();
            tasks.push_back(std::move(task));
        }
    }
    if (tasks.empty())
        return trouble(options.stack.empty()
                           ? "nothing to check: the settings have no repository with a stack"
                           : "nothing to check: there is no stack " + options.stack);
    RealToolRunner tools(*policy, {}, limitsOf(settings));
    const ValueTags tags(randomBytes(32));
    Providers providers = makeProviders(tools, tags);
    return print(lookAtAll(tasks, rules, providers, settings.checks.parallel, interrupt.token()),
                 leftOut, options);
}

}  // namespace driftkeeper
