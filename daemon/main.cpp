#include <cstdio>
#include <exception>

#include "daemon/app.hpp"
#include "daemon/base/version.hpp"
#include "daemon/cli/options.hpp"
#include "daemon/commands/commands.hpp"

#ifdef __SANITIZE_ADDRESS__
// libgit2 1.5 loses a compiled pattern for each repository whose format it refuses (sha256).
extern "C" const char* __lsan_default_suppressions() {
    return "leak:libpcre2";
}
#endif

int main(int count, char** words) try {
    using namespace driftkeeper;
    const CommandLine line = parseCommandLine(count, words, version);
    if (!line.options) {
        std::fputs(line.text.c_str(), line.status == 0 ? stdout : stderr);
        return line.status;
    }
    switch (line.options->command) {
        case Command::Serve:
            return serve(*line.options);
        case Command::CheckTree:
            return checkTree(*line.options);
        case Command::CheckConfigured:
            return checkConfigured(*line.options);
        case Command::ConfigCheck:
            return checkConfig(*line.options);
        case Command::ConfigShow:
            return showConfig(*line.options);
        case Command::ConfigExample:
            return printExample(*line.options);
        case Command::ConfigSchema:
            return printSchema(*line.options);
        case Command::Stacks:
        case Command::Findings:
        case Command::Incidents:
        case Command::Show:
        case Command::Ignores:
        case Command::Silences:
            return askDaemon(*line.options);
        case Command::Explain:
            return explainStack(*line.options);
        case Command::TestRule:
            return testRule(*line.options);
        case Command::Silence:
            return silence(*line.options);
        case Command::EndSilence:
            return endSilence(*line.options);
        case Command::Outbox:
        case Command::ShowDelivery:
        case Command::RetryDelivery:
        case Command::DropDelivery:
            return outbox(*line.options);
        case Command::ShowRoutes:
        case Command::TestRoutes:
            return routes(*line.options);
        case Command::TestChannel:
            return testChannel(*line.options);
        case Command::Graph:
            return showGraph(*line.options);
        case Command::Init:
            return initialise(*line.options);
        case Command::Doctor:
            return doctor(*line.options);
        case Command::Complete:
            return complete(*line.options);
        case Command::Run:
            return runStack(*line.options);
    }
    return 2;
} catch (const std::exception& error) {
    std::fprintf(stderr, "driftkeeper: %s\n", error.what());
    return 1;
}
