#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/cli/options.hpp"
#include "daemon/notify/channel.hpp"
#include "daemon/present/json_slice.hpp"

// What the commands that ask the running daemon have in common.
namespace driftkeeper {

struct Daemon {
    std::string url;
    std::string token;  // empty: could not be read
};

// Where the daemon is: --url, else what the settings say, else the default. The token lies in the state directory.
Daemon daemonOf(const Options& options);

// One path segment or query value, percent-encoded.
std::string segment(std::string_view text);

// `path` begins with '/'. A POST carries the token.
Answer ask(const Daemon& daemon, const std::string& method, const std::string& path, std::string body = {});

// Both print why on stderr and are the exit status: a mistake of one's own, and an answer that is no yes.
int trouble(const std::string& text);
int refused(const Daemon& daemon, const Answer& answer);

// The answer itself, or the text for people, on stdout; 0.
int print(const Answer& answer, const std::string& text, bool json);

// A value of an answer, for a table.
std::string cell(const JsonSlice& value);

// A list of the API as a table.
struct Listing {
    std::string path;
    const char* list;  // member of the answer
    std::vector<std::string> headings;
    std::vector<std::vector<std::string>> columns;  // paths of members
};
std::string listTable(const Listing& listing, std::string_view body);
int printList(const Daemon& daemon, const Listing& listing, bool json);

}  // namespace driftkeeper
