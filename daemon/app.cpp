#include "daemon/app.hpp"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <mutex>
#include <thread>

#include "daemon/alert/outbox.hpp"
#include "daemon/api/api.hpp"
#include "daemon/base/files.hpp"
#include "daemon/base/log.hpp"
#include "daemon/base/random.hpp"
#include "daemon/base/signals.hpp"
#include "daemon/base/systemd.hpp"
#include "daemon/base/version.hpp"
#include "daemon/check/check_runner.hpp"
#include "daemon/check/running.hpp"
#include "daemon/check/workspace.hpp"
#include "daemon/observe/egress_report.hpp"
#include "daemon/observe/service_status.hpp"
#include "daemon/settings/config_file.hpp"
#include "daemon/watch/open_state.hpp"
#include "daemon/watch/watch.hpp"
#include "daemon/web/access.hpp"
#include "daemon/web/server.hpp"
#include "parsers/text/ascii.hpp"
#include "parsers/text/encoding.hpp"
#include "providers/process/real_tool_runner.hpp"

namespace driftkeeper {
namespace {

constexpr std::chrono::seconds longestSilence{
    90};  // of the watch thread, before the watchdog is left to bite
constexpr std::chrono::seconds longestMigration{600};
constexpr std::chrono::seconds longestEnd{30};  // tools get 20 s of it

constexpr int badSettings = 2;
constexpr int badState = 4;  // a restart does not repair it: RestartPreventExitStatus= of the unit

int fail(std::string_view what, const Error& error) {
    log::error(log::event::cannotStart, what, {{"code", error.code}, {"reason", error.message}});
    systemd::status("Cannot start: " + std::string(what) + ": " + error.message);
    return error.code == "store_damaged" || error.code == "store_newer" ? badState : 1;
}

// Made at the first start, and where it is empty: operators and scripts read it there.
Result<std::string> tokenOf(const Settings& settings) {
    const auto path = settings.stateDirectory / "token";
    if (std::filesystem::exists(path)) {
        auto token = readFile(path, 4096);
        if (!token) return token;
        std::string text(trimmed(*token));
        if (!text.empty()) return text;
        log::warning(log::event::tokenMade, "the token file is empty: a new token is made",
                     {{"path", path.string()}});
    }
    const std::string token = hex(randomBytes(32));
    if (auto written = writeFile(path, token + "\n", 0640); !written)
        return std::unexpected(written.error());
    return token;
}

void work(const Job& job, Scheduler& scheduler, CheckRunner& runner, const std::stop_token& stop) {
    if (job.kind == Job::Kind::Remove) {
        scheduler.removed(job.stack.id, runner.remove(job.stack, job.why, stop));
    } else {
        const auto outcome = runner.run(job.stack, stop);
        scheduler.finished(job.stack.id, outcome.failures, outcome.again);
    }
}

}  // namespace

namespace {

// What holds the tools, and what it does not hold on this kernel.
void reportSandbox(SandboxMode mode, Metrics& metrics) {
    metrics.sandbox(name(mode));
    const bool isWhole = mode == SandboxMode::Strict;
    if (isWhole) log::info(log::event::starting, "tools run in rooms of their own");
    for (const std::string& gap : sandboxGaps(mode)) {
        if (isWhole)
            log::info(log::event::starting, "not held by the sandbox", {{"gap", gap}});
        else
            log::warning(log::event::noSandbox, "not held by the sandbox",
                         {{"sandbox", std::string(name(mode))}, {"gap", gap}});
    }
}

// Who holds the limits of checks, for people.
std::string reportLimits(const std::expected<ControlGroups, std::string>& groups,
                         Metrics& metrics) {
    metrics.limitsHeldByKernel(groups.has_value());
    const std::string words =
        groups ? "limits of checks are held by control groups"
               : "limits of checks are held by measuring what they use: " + groups.error();
    log::info(log::event::starting, words);
    return words;
}

}  // namespace

int serve(const Options& options) {
    blockSignals();
    umask(077);
    prctl(PR_SET_DUMPABLE, 0);  // memory holds credentials: no core, no ptrace by the tools' user

    // Settings: all mistakes at once, or none.
    auto loaded = loadSettings(configFileOf(options.configFile));
    if (!loaded.mistakes.empty()) {
        reportMistakes(loaded.mistakes);
        return badSettings;
    }
    if (const auto mistakes = Access::mistakes(loaded.settings); !mistakes.empty()) {
        reportMistakes(mistakes);
        return badSettings;
    }
    CurrentSettings settings(std::move(loaded.settings));
    const auto initial = settings.get();
    log::info(log::event::starting, "starting",
              {{"version", version},
               {"settings", configFileOf(options.configFile).string()},
               {"state", initial->stateDirectory}});

    // What is remembered. Another version's rows may have to be brought up to date first.
    systemd::status("Opening the state in " + initial->stateDirectory.string());
    systemd::extendTimeout(longestMigration);
    if (auto made = makeDirectory(initial->stateDirectory); !made)
        return fail("no state directory", made.error());
    const SystemClock clock;
    auto store = openState(initial->stateDirectory, clock);
    if (!store) return fail("the state cannot be opened", store.error());
    const auto token = tokenOf(*initial);
    if (!token) return fail("no token", token.error());
    const auto key = (*store)->notes.constant("value_tag_key", [] { return hex(randomBytes(32)); });
    if (!key) return fail("no key for value tags", key.error());

    // The fleet as it was left: counted before anybody asks.
    Overview overview;
    Metrics metrics(version);
    const auto statuses = (*store)->stacks.statuses();
    if (!statuses) return fail("the state cannot be read", statuses.error());
    for (const auto& status : *statuses) overview.keep(status);
    const auto expectChecks = [&](const Settings& now) {
        for (const auto& [provider, unused] : now.providers) metrics.expect(provider);
    };
    expectChecks(*initial);
    metrics.workers(initial->checks.parallel);

    // What looks at infrastructure.
    const auto policy = sandboxPolicyOf(*initial);
    if (!policy) return fail("tools cannot be confined", policy.error());
    reportSandbox(policy->mode, metrics);
    const auto groups = ControlGroups::take();
    const std::string limitsHeld = reportLimits(groups, metrics);
    EgressReport egress(metrics);
    RealToolRunner tools(
        *policy, [&egress](const Egress& one) { egress.add(one.host, one.port, one.allowedBy); },
        limitsOf(*initial), groups ? &*groups : nullptr);
    const ValueTags tags(*key);
    Providers providers = makeProviders(tools, tags);
    Checkouts checkouts(initial->stateDirectory / "git");
    checkouts.setDiskLimit(initial->checkoutDisk);

    // What tells people.
    const std::string url = daemonUrl(*initial);
    std::function<void()> wakeOutbox = [] {};
    RuleBook rules(settings);
    Mutes mutes(settings, **store);
    if (auto read = mutes.load(); !read) return fail("the silences cannot be read", read.error());
    Alerter alerter(settings, **store, overview, mutes, rules, clock, [&] { wakeOutbox(); });
    const std::string page = initial->externalUrl.empty() ? url : initial->externalUrl;
    Outbox outbox(settings, **store, alerter, metrics, clock, page);
    wakeOutbox = [&] { outbox.wake(); };

    // What decides when.
    Scheduler scheduler(clock);
    Repositories repositories(settings, checkouts, **store, scheduler, overview, alerter, rules,
                              clock);
    std::unique_ptr<WebServer> web;
    repositories.watchOrphans();
    Running underWay(clock, [&](std::string_view json) {
        if (web) web->publish("running", json);
    });
    CheckRunner runner({settings, checkouts, repositories, providers, **store, overview, metrics,
                        alerter, rules, clock, underWay, laysOver(checkouts, policy->mode),
                        [&](const StackStatus& status) {
                            if (web) web->publish("check", stacksJson({stackObject(status)}));
                        }});

    // A reload takes all of the new settings or none of them.
    ServiceStatus service(settings, overview);
    std::mutex reloading;
    const auto reload = [&]() -> Result<std::string> {
        const std::scoped_lock lock(reloading);
        auto next = loadSettings(configFileOf(options.configFile));
        if (next.mistakes.empty()) next.mistakes = Access::mistakes(next.settings);
        if (!next.mistakes.empty()) {
            metrics.reloaded(false);
            service.refused(next.mistakes);
            return failure(Remedy::FixSetup, "settings", render(next.mistakes));
        }
        const auto before = settings.get();
        std::string note = "settings reloaded";
        if (next.settings.stateDirectory != before->stateDirectory ||
            next.settings.listenAddress != before->listenAddress ||
            next.settings.listenPort != before->listenPort ||
            next.settings.access.socket != before->access.socket ||
            next.settings.sandbox != before->sandbox ||
            next.settings.checks.parallel != before->checks.parallel)
            note +=
                "; state_directory, listen, access.socket, sandbox and checks.parallel change at "
                "the "
                "next start";
        next.settings.stateDirectory = before->stateDirectory;
        settings.set(std::move(next.settings));
        expectChecks(*settings.get());
        checkouts.setDiskLimit(settings.get()->checkoutDisk);
        tools.setLimits(limitsOf(*settings.get()));
        outbox.restart();
        repositories.settingsChanged();
        metrics.reloaded(true);
        service.accepted();
        log::info(log::event::settingsReloaded, note,
                  {{"repositories", std::to_string(settings.get()->repositories.size())}});
        return note;
    };

    // The outside.
    Api api({settings, **store, scheduler, overview, metrics, clock, checkouts, rules, mutes,
             outbox, underWay, reload, repositories, limitsHeld});
    Access access(settings, *token);
    auto server =
        WebServer::start({initial->listenAddress, initial->listenPort, initial->access.socket,
                          Api::routes(), [&] { return access.rules(); }},
                         [&](const WebRequest& request) { return api.answer(request); });
    if (!server) return fail("cannot listen", server.error());
    web = std::move(*server);

    // Everything runs.
    std::stop_source stopping;
    Workers workers(
        scheduler, clock,
        [&](const Job& job, const std::stop_token& stop) { work(job, scheduler, runner, stop); },
        [&](const std::string& stack) { return underWay.since(stack); }, initial->checks.parallel);
    Watch watch(
        settings, **store, scheduler, overview, mutes, alerter, clock,
        [&](std::vector<Delivery> unkept) { return outbox.sendPast(std::move(unkept)); }, workers);
    std::vector<std::jthread> threads;
    threads.emplace_back([&] { repositories.run(stopping.get_token()); });
    threads.emplace_back([&] { watch.run(stopping.get_token()); });
    outbox.restart();
    log::info(log::event::ready, "driftkeeper is ready",
              {{"version", version},
               {"listen", url},
               {"repositories", std::to_string(initial->repositories.size())}});
    if (initial->repositories.empty())
        log::warning(log::event::idle, "no repositories are configured: nothing is checked",
                     {{"settings", configFileOf(options.configFile).string()}});
    systemd::ready(service.text());

    // Until somebody says stop.
    const auto pause = std::min(systemd::watchdogInterval().value_or(std::chrono::seconds(1)),
                                std::chrono::milliseconds(1000));
    bool hangs = false;
    for (bool running = true; running;) {
        const auto signal = waitForSignal(pause);
        const bool alive = watch.silence() < longestSilence;
        if (alive) systemd::watchdog();
        if (!alive && !hangs)
            log::error(log::event::hanging,
                       "the watch thread hangs: the watchdog ends this daemon");
        hangs = !alive;
        service.refresh();
        if (!signal) continue;
        if (*signal == SIGHUP) {
            systemd::reloading();
            (void)reload();
            systemd::ready(service.text());
        } else {
            running = false;
        }
    }

    // Nothing new starts; running tools end; the delivery in flight ends; then the world goes in
    // reverse order.
    log::info(log::event::stopping, "stopping");
    systemd::stopping("Stopping: running checks end");
    stopping.request_stop();
    const bool allEnded = workers.stop(longestEnd);
    outbox.stop();
    threads.clear();
    web.reset();
    if (!allEnded) {
        log::error(log::event::checkHangs, "a check does not end: it is left behind");
        _exit(0);
    }
    log::info(log::event::stopped, "stopped");
    return 0;
}

}  // namespace driftkeeper
