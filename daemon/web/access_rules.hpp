#pragma once

#include <memory>
#include <string>
#include <vector>

#include "daemon/model/settings.hpp"
#include "daemon/model/web_config.hpp"

struct ssl_ctx_st;  // OpenSSL's SSL_CTX

namespace driftkeeper {

// What lets callers in at this moment. A plain value that is replaced as a whole when settings or
// files change.
struct AccessRules {
    bool isOpen = true;                         // who reads shows no credentials: loopback only
    std::string ownToken;                       // of the state directory; empty: nobody has it
    std::vector<AccessSettings::Token> tokens;  // their files are read at every use
    std::vector<std::string> operators;         // of the users
    std::vector<std::string> hosts;             // further names of ours, with or without a port
    WebConfig config;                           // users, headers, rate limit
    std::shared_ptr<ssl_ctx_st> tls;            // null: connections are in the clear
};

// Who is at the other end, as the kernel says.
struct Peer {
    std::string address;      // numeric; empty: the Unix socket
    bool isLocal = false;     // came by the Unix socket
    bool mayOperate = false;  // local: root, or of the socket's group
    std::string client{};     // whose connections count together: a network, or a user of this host
};

}  // namespace driftkeeper
