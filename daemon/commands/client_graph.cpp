// The command that shows the graph over all stacks.
#include "daemon/commands/asking.hpp"
#include "daemon/commands/commands.hpp"
#include "parsers/text/encoding.hpp"

namespace driftkeeper {

int showGraph(const Options& options) {
    const Daemon daemon = daemonOf(options);
    std::string path = "/api/v1/graph?format=" + percentEncoded(options.format);
    if (!options.stack.empty()) path += "&stack=" + percentEncoded(options.stack);
    const Answer answer = ask(daemon, "GET", path);
    return answer.status == 200 ? print(answer, answer.body, false)
                                : refusedFor(daemon, answer, options.stack);
}

}  // namespace driftkeeper
