#pragma once

#include <memory>

#include "daemon/model/web_config.hpp"
#include "parsers/result.hpp"

struct ssl_ctx_st;  // OpenSSL's SSL_CTX

namespace driftkeeper {

// The server's side of TLS, with the files as they are now. Sessions are not resumed: every
// connection shows what it has to show. Fails with `tls_certificate`, `tls_client_ca` or
// `tls_setup` (FixSetup); no message holds a key.
Result<std::shared_ptr<ssl_ctx_st>> makeTls(const WebConfig::Tls& settings);

}  // namespace driftkeeper
