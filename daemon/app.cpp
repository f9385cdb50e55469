#include "daemon/app.hpp"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include <cstdio>
#include <mutex>
#include <thread>

#include "daemon/api.hpp"
#include "daemon/base/files.hpp"
#include "daemon/base/log.hpp"
#include "daemon/base/random.hpp"
#include "daemon/base/signals.hpp"
#include "daemon/base/systemd.hpp"
#include "daemon/check_runner.hpp"
#include "daemon/config_file.hpp"
#include "daemon/outbox.hpp"
#include "daemon/version.hpp"
#include "daemon/watch.hpp"
#include "daemon/web/server.hpp"
#include "daemon/workspace.hpp"
#include "providers/process/real_tool_runner.hpp"
#include "providers/terraform/terraform_provider.hpp"

namespace driftkeeper {
namespace {

constexpr std::chrono::seconds longestSilence{90};  // of the watch thread, before the watchdog is left to bite

int fail(std::string_view what, const Error& error) {
    log::error(what, {{"code", error.code}, {"reason", error.message}});
    return 1;
}

// Made at the first start; operators and scripts read it there.
Result<std::string> tokenOf(const Settings& settings) {
    const auto path = settings.stateDirectory / "token";
    if (std::filesystem::exists(path)) {
        auto token = readFile(path, 4096);
        while (token && !token->empty() && token->back() == '\n') token->pop_back();
        return token;
    }
    const std::string token = toHex(randomBytes(32));
    if (auto written = writeFile(path, token + "\n", 0640); !written) return std::unexpected(written.error());
    return token;
}

void work(Scheduler& scheduler, CheckRunner& runner, std::stop_token stop) {
    while (const auto job = scheduler.next(stop)) {
        if (job->kind == Job::Kind::Remove) {
            scheduler.removed(job->stack.id, runner.remove(job->stack, stop));
        } else {
            const auto outcome = runner.run(job->stack, stop);
            scheduler.finished(job->stack.id, outcome.failures, outcome.again);
        }
    }
}

}  // namespace

int serve(const Options& options) {
    blockSignals();
    umask(077);
    prctl(PR_SET_DUMPABLE, 0);  // memory holds credentials: no core, no ptrace by the tools' user

    // Settings: all mistakes at once, or none.
    auto loaded = loadSettings(configFileOf(options));
    if (!loaded.mistakes.empty()) {
        std::fputs(render(loaded.mistakes).c_str(), stderr);
        return 2;
    }
    CurrentSettings settings(std::move(loaded.settings));
    const auto initial = settings.get();

    // What is remembered.
    if (auto made = makeDirectory(initial->stateDirectory); !made) return fail("no state directory", made.error());
    auto store = openSqliteStore(initial->stateDirectory);
    if (!store) return fail("the state cannot be opened", store.error());
    const auto token = tokenOf(*initial);
    if (!token) return fail("no token", token.error());
    const auto key = (*store)->constant("value_tag_key", [] { return toHex(randomBytes(32)); });
    if (!key) return fail("no key for value tags", key.error());

    // The fleet as it was left: counted before anybody asks.
    Overview overview;
    Metrics metrics(version);
    const auto statuses = (*store)->statuses();
    if (!statuses) return fail("the state cannot be read", statuses.error());
    for (const auto& status : *statuses) overview.keep(status);
    const auto expectChecks = [&](const Settings& now) {
        for (const auto& [provider, unused] : now.providers) metrics.expect(provider);
    };
    expectChecks(*initial);

    // What looks at infrastructure.
    const SystemClock clock;
    if (landlockVersion() == 0) log::warning("this kernel has no Landlock: plans run without a sandbox");
    RealToolRunner tools;
    const ValueTags tags(*key);
    Providers providers = makeProviders(tools, tags);
    Checkouts checkouts(initial->stateDirectory / "git");

    // What tells people.
    const std::string url = daemonUrl(*initial);
    std::function<void()> wakeOutbox = [] {};
    RuleBook rules(settings);
    Mutes mutes(settings, **store);
    if (auto read = mutes.load(); !read) return fail("the silences cannot be read", read.error());
    Teller teller(settings, **store, overview, mutes, rules, clock, [&] { wakeOutbox(); });
    const std::string page = initial->externalUrl.empty() ? url : initial->externalUrl;
    Outbox outbox(settings, **store, teller, metrics, clock, page);
    wakeOutbox = [&] { outbox.wake(); };

    // What decides when.
    Scheduler scheduler(clock);
    Repositories repositories(settings, checkouts, **store, scheduler, overview, teller, rules, clock);
    std::unique_ptr<WebServer> web;
    repositories.watchOrphans();
    CheckRunner runner({settings, checkouts, repositories, providers, **store, overview, metrics, teller, rules, clock,
                        [&] { outbox.wake(); },
                        [&](const StackStatus& status) {
                            if (web) web->publish("check", stacksJson({stackObject(status)}));
                        }});
    Watch watch(settings, **store, scheduler, overview, teller, clock);

    // A reload takes all of the new settings or none of them.
    std::mutex reloading;
    const auto reload = [&]() -> Result<std::string> {
        const std::scoped_lock lock(reloading);
        auto next = loadSettings(configFileOf(options));
        if (!next.mistakes.empty()) {
            metrics.reloaded(false);
            log::error("settings not reloaded: the old ones stay in force",
                       {{"mistakes", std::to_string(next.mistakes.size())}, {"first", next.mistakes.front().message}});
            return failure(Remedy::FixSetup, "settings", render(next.mistakes));
        }
        const auto before = settings.get();
        std::string note = "settings reloaded";
        if (next.settings.stateDirectory != before->stateDirectory ||
            next.settings.listenAddress != before->listenAddress || next.settings.listenPort != before->listenPort ||
            next.settings.checks.parallel != before->checks.parallel)
            note += "; state_directory, listen and checks.parallel change at the next start";
        next.settings.stateDirectory = before->stateDirectory;
        settings.set(std::move(next.settings));
        expectChecks(*settings.get());
        outbox.restart();
        repositories.settingsChanged();
        metrics.reloaded(true);
        log::info(note);
        return note;
    };

    // The outside.
    Api api({settings, **store, scheduler, overview, metrics, clock, checkouts, rules, mutes, outbox, reload});
    auto server = WebServer::start({initial->listenAddress, initial->listenPort, *token},
                                   [&](const WebRequest& request) { return api.answer(request); });
    if (!server) return fail("cannot listen", server.error());
    web = std::move(*server);

    // Everything runs.
    std::stop_source stopping;
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < initial->checks.parallel; ++i)
        threads.emplace_back([&] { work(scheduler, runner, stopping.get_token()); });
    for (int i = 0; i < 2; ++i) threads.emplace_back([&] { repositories.run(stopping.get_token()); });
    threads.emplace_back([&] { watch.run(stopping.get_token()); });
    outbox.restart();
    log::info("driftkeeper is ready",
              {{"version", version}, {"listen", url}, {"repositories", std::to_string(initial->repositories.size())}});
    systemd::ready("Watching " + std::to_string(initial->repositories.size()) + " repositories");

    // Until somebody says stop.
    const auto pause =
        std::min(systemd::watchdogInterval().value_or(std::chrono::seconds(1)), std::chrono::milliseconds(1000));
    for (bool running = true; running;) {
        const auto signal = waitForSignal(pause);
        if (watch.silence() < longestSilence) systemd::watchdog();
        if (!signal) continue;
        if (*signal == SIGHUP) {
            systemd::reloading();
            const auto done = reload();
            systemd::ready(done ? "Settings reloaded" : "Settings NOT reloaded: the old ones stay in force");
        } else {
            running = false;
        }
    }

    // Nothing new starts; running tools end; the delivery in flight ends; then the world goes in reverse order.
    log::info("stopping");
    systemd::stopping();
    stopping.request_stop();
    outbox.stop();
    threads.clear();
    web.reset();
    log::info("stopped");
    return 0;
}

}  // namespace driftkeeper
