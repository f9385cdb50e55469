#pragma once

#include <grpcpp/security/server_credentials.h>

#include <memory>
#include <string>

namespace driftkeeper::box {

// go-plugin's handshake, seen from the plugin. Throws std::runtime_error when the caller is no
// plugin host or speaks another protocol.
class Handshake {
public:
    // Reads what the host put into the environment; with a client certificate there, makes one of
    // our own (AutoMTLS).
    Handshake();

    const std::string& socket() const { return socket_; }  // path
    std::shared_ptr<grpc::ServerCredentials> credentials() const;
    // What the host waits for on stdout.
    std::string line() const;

private:
    std::string socket_;
    std::string clientCertificate_;  // PEM; empty: no TLS
    std::string certificate_;        // PEM
    std::string key_;                // PEM
    std::string encoded_;            // DER of the certificate, base64 without padding
};

}  // namespace driftkeeper::box
