#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/web/server.hpp"

namespace driftkeeper {

// Who is answered. A page elsewhere that makes a browser talk to us by a name of its own (DNS rebinding) fails at Host,
// one that posts across origins at Origin, and everybody without the token at every method that may change something.
class Admission {
public:
    Admission(const std::string& address, std::uint16_t port, std::string token);

    // The refusal, or nullopt for a request that may reach the handler.
    [[nodiscard]] std::optional<WebResponse> refusal(const WebRequest& request) const;

private:
    [[nodiscard]] bool isOurHost(std::string_view host) const;
    [[nodiscard]] bool isOurOrigin(std::string_view origin) const;
    [[nodiscard]] bool hasToken(const WebRequest& request) const;

    std::vector<std::string> hosts_;  // lower case, with the port
    std::string token_;
};

}  // namespace driftkeeper
