#pragma once

#include <map>
#include <string>
#include <vector>

namespace driftkeeper {

// What a caller may do. Everything that only shows needs Read, everything that changes something
// Operate.
enum class Role { None, Read, Operate };

// Who asks, as the server found out before the handler is called.
struct Caller {
    std::string name;        // of a token or user; empty: nobody in particular
    Role role = Role::Read;  // on loopback everybody may read
    std::string csrf;  // what a form of the page must send back as `csrf`; empty: no form of this
                       // caller is taken
};

struct WebRequest {
    Caller caller;
    std::string method;
    std::vector<std::string>
        path;  // decoded segments: /api/v1/stacks/a%2Fb is {"api","v1","stacks","a/b"}
    std::map<std::string, std::string> query;    // decoded
    std::map<std::string, std::string> headers;  // lower-case names
    std::string body;
};

struct WebResponse {
    int status = 200;
    std::string type = "application/json";
    std::string body;
    std::map<std::string, std::string> headers;
};

}  // namespace driftkeeper
