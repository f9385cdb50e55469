#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace driftkeeper {

// Text in the known_hosts format of OpenSSH (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT, 9.2): plain and hashed names,
// [host]:port, patterns, negation, @revoked. Lines of @cert-authority and broken lines say nothing.

enum class HostKeyVerdict {
    Known,    // the key is listed for the host
    Changed,  // the host is listed with another key of this type
    Unknown,  // the host is not listed, or only with keys of other types
    Revoked
};

// `key`: the key as the server shows it (RFC 4253 §6.6; its first field is the type).
HostKeyVerdict judgeHostKey(std::string_view knownHosts, std::string_view host, std::uint16_t port,
                            std::string_view key);

// The types that are listed for the host, in the file's order, no duplicates: what to ask the server for.
std::vector<std::string> knownKeyTypes(std::string_view knownHosts, std::string_view host, std::uint16_t port);

// The type that a key names, such as "ssh-ed25519"; empty for broken bytes.
std::string keyType(std::string_view key);

// host, or [host]:port where the port is not 22.
std::string knownHostsName(std::string_view host, std::uint16_t port);

}  // namespace driftkeeper
