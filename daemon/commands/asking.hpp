#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/cli/options.hpp"
#include "daemon/notify/channel.hpp"
#include "parsers/json/json.hpp"

// What the commands that ask the running daemon have in common.
namespace driftkeeper {

struct Daemon {
    std::string url;    // http, https, or http+unix with the path of a socket in place of the host
    std::string token;  // empty: could not be read, or must not be shown there
    std::string tokenTrouble{};  // then: why, and what to do; one sentence each
    std::string tokenFix{};
    std::string caFile{};  // whom to trust beside the system's authorities: of DRIFTKEEPER_CA
    std::chrono::milliseconds patience{20'000};  // with one answer
};

// Where the daemon is: --url (also unix:/path/of/socket), else the socket of the settings where
// there is one, else what they say, else the default. The token is that of DRIFTKEEPER_TOKEN, else
// the one in the state directory, which goes nowhere but to this host.
Daemon daemonOf(const Options& options);

// `path` begins with '/'. The token goes along, but never in the clear to another host.
Answer ask(const Daemon& daemon, const std::string& method, const std::string& path,
           std::string body = {});

// All print why on stderr, each way out of it on a line of its own, and are the exit status: a
// mistake of one's own, an answer that is no yes, and one that does not come from driftkeeper.
int trouble(const std::string& text, const std::vector<std::string>& fixes = {});
int refused(const Daemon& daemon, const Answer& answer);
int refusedFor(const Daemon& daemon, const Answer& answer,
               const std::string& stack);  // names like it are told
int strange(const Daemon& daemon);

// The answer itself, or the text for people, on stdout; 0.
int print(const Answer& answer, const std::string& text, bool json);

// A value of an answer, for a table.
std::string cell(const Json& value);

// A list of the API as a table.
struct Listing {
    std::string path;
    const char* list;  // member of the answer
    std::vector<std::string> headings;
    std::vector<std::vector<std::string>> columns;  // paths of members
};
std::string listTable(const Listing& listing, std::string_view body);

// Prints what `path` answers, as the text of its body (nullopt: not driftkeeper's) or as it is.
// With --watch again whenever it changes, until Ctrl-C: on a terminal as a screen that is drawn
// anew, as JSON a line each.
using TextOfBody = std::function<std::optional<std::string>(const std::string& body)>;
int showAnswer(const Daemon& daemon, const Options& options, const std::string& path,
               const TextOfBody& text);
int showList(const Daemon& daemon, const Options& options, const Listing& listing);

}  // namespace driftkeeper
