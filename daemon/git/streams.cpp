#include "daemon/git/streams.hpp"

#include <arpa/inet.h>
#include <git2.h>
#include <git2/sys/stream.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>

#include <array>
#include <memory>
#include <optional>
#include <string>

#include "daemon/git/attempt.hpp"
#include "daemon/git/connection.hpp"

namespace driftkeeper {

namespace {

struct SslRelease {
    void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
    void operator()(SSL* ssl) const noexcept { SSL_free(ssl); }
};

// libgit2 sees the base; we are the whole.
struct Stream : git_stream {
    std::string host;
    std::string port;
    std::optional<Connection> connection;
    std::unique_ptr<SSL_CTX, SslRelease> context;
    std::unique_ptr<SSL, SslRelease> ssl;
    git_cert certificateOfServer{GIT_CERT_NONE};
};

Stream& whole(git_stream* stream) {
    return *static_cast<Stream*>(stream);
}

int failStream(Error error) {
    git_error_set_str(GIT_ERROR_NET, error.message.c_str());
    return Attempt::current()->fail(std::move(error));
}

int connectPlain(git_stream* base) {
    auto& stream = whole(base);
    auto opened = Connection::open(stream.host, stream.port, Attempt::current()->patience);
    if (!opened) return failStream(opened.error());
    stream.connection.emplace(std::move(*opened));
    return 0;
}

ssize_t readPlain(git_stream* base, void* buffer, size_t size) {
    const auto count = whole(base).connection->read({static_cast<char*>(buffer), size});
    if (!count) return failStream(count.error());
    Attempt::current()->hear({static_cast<const char*>(buffer), *count});
    return static_cast<ssize_t>(*count);
}

ssize_t writePlain(git_stream* base, const char* bytes, size_t size, int) {
    const auto written = whole(base).connection->write({bytes, size});
    return written ? static_cast<ssize_t>(size) : failStream(written.error());
}

Error tlsError(const Stream& stream) {
    const std::string server = "the server " + stream.host;
    if (const long verdict = SSL_get_verify_result(stream.ssl.get()); verdict != X509_V_OK)
        return {Remedy::FixSetup, "git_tls",
                server + " shows a certificate that is not trusted: " +
                    X509_verify_cert_error_string(verdict) +
                    " (tls_ca_file of the repository names further authorities)"};
    const auto code = ERR_peek_last_error();
    const int what = ERR_GET_REASON(code);
    if (what == SSL_R_UNSUPPORTED_PROTOCOL || what == SSL_R_TLSV1_ALERT_PROTOCOL_VERSION ||
        what == SSL_R_WRONG_SSL_VERSION || what == SSL_R_VERSION_TOO_LOW)
        return {Remedy::FixSetup, "git_old_tls", server + " offers no TLS 1.2 or 1.3"};
    const char* text = code ? ERR_reason_error_string(code) : nullptr;
    if (!text) return {Remedy::Retry, "git_unreachable", server + " closed the connection"};
    return {Remedy::FixSetup, "git_tls", server + " and we do not agree on TLS: " + scrubbed(text)};
}

// Runs one SSL call to its end. > 0 as OpenSSL has it, 0 at a clean end of the stream, -1 reported.
template <class Call>
int complete(Stream& stream, Call call) {
    for (;;) {
        ERR_clear_error();
        const int result = call(stream.ssl.get());
        if (result > 0) return result;
        const int kind = SSL_get_error(stream.ssl.get(), result);
        if (kind == SSL_ERROR_ZERO_RETURN) return 0;
        if (kind != SSL_ERROR_WANT_READ && kind != SSL_ERROR_WANT_WRITE)
            return failStream(tlsError(stream));
        if (auto ready = stream.connection->wait(kind == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT);
            !ready)
            return failStream(ready.error());
    }
}

bool expectHost(SSL* ssl, const std::string& host) {
    std::array<unsigned char, 16> address{};
    if (inet_pton(AF_INET, host.c_str(), address.data()) == 1 ||
        inet_pton(AF_INET6, host.c_str(), address.data()) == 1)
        return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str()) == 1;
    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return SSL_set1_host(ssl, host.c_str()) == 1 &&
           SSL_set_tlsext_host_name(ssl, host.c_str()) == 1;
}

int connectTls(git_stream* base) {
    if (const int error = connectPlain(base); error < 0) return error;
    auto& stream = whole(base);
    stream.context.reset(SSL_CTX_new(TLS_client_method()));
    auto* context = stream.context.get();
    if (!context) return failStream({Remedy::Retry, "git_tls", "OpenSSL cannot start"});
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_default_verify_paths(context);
    const auto& authorities = Attempt::current()->tlsCaFile;
    if (!authorities.empty() &&
        SSL_CTX_load_verify_locations(context, authorities.c_str(), nullptr) != 1)
        return failStream({Remedy::FixSetup, "git_tls",
                           "tls_ca_file " + scrubbed(authorities.string()) +
                               " cannot be read or holds no certificate"});
    stream.ssl.reset(SSL_new(context));
    auto* ssl = stream.ssl.get();
    if (!ssl || SSL_set_fd(ssl, stream.connection->descriptor()) != 1 ||
        !expectHost(ssl, stream.host))
        return failStream({Remedy::Retry, "git_tls", "OpenSSL cannot start"});
    const int done = complete(stream, [](SSL* s) { return SSL_connect(s); });
    return done > 0 ? 0 : failStream(tlsError(stream));
}

ssize_t readTls(git_stream* base, void* buffer, size_t size) {
    const int wanted = static_cast<int>(std::min<size_t>(size, 1U << 20U));
    const int count =
        complete(whole(base), [&](SSL* ssl) { return SSL_read(ssl, buffer, wanted); });
    if (count > 0)
        Attempt::current()->hear({static_cast<const char*>(buffer), static_cast<size_t>(count)});
    return count;
}

ssize_t writeTls(git_stream* base, const char* bytes, size_t size, int) {
    const int wanted = static_cast<int>(std::min<size_t>(size, 1U << 20U));
    return complete(whole(base), [&](SSL* ssl) { return SSL_write(ssl, bytes, wanted); });
}

// The certificate was verified in connectTls; libgit2 only wants to have one to ask about.
int certificate(git_cert** out, git_stream* base) {
    *out = &whole(base).certificateOfServer;
    return 0;
}

int close(git_stream* base) {
    auto& stream = whole(base);
    stream.ssl.reset();
    stream.connection.reset();
    return 0;
}

void release(git_stream* base) {
    delete &whole(base);
}

int makeStream(git_stream** out, const char* host, const char* port, bool secure) {
    if (!Attempt::current()) return -1;
    auto stream = std::make_unique<Stream>();
    stream->version = GIT_STREAM_VERSION;
    stream->encrypted = secure ? 1 : 0;
    stream->connect = secure ? connectTls : connectPlain;
    stream->certificate = certificate;
    stream->read = secure ? readTls : readPlain;
    stream->write = secure ? writeTls : writePlain;
    stream->close = close;
    stream->free = release;
    stream->host = host;
    stream->port = port;
    *out = stream.release();
    return 0;
}

}  // namespace

void registerStreams() {
    git_stream_registration plain{GIT_STREAM_VERSION,
                                  [](git_stream** out, const char* host, const char* port) {
                                      return makeStream(out, host, port, false);
                                  },
                                  nullptr};
    git_stream_registration tls{GIT_STREAM_VERSION,
                                [](git_stream** out, const char* host, const char* port) {
                                    return makeStream(out, host, port, true);
                                },
                                nullptr};
    git_stream_register(GIT_STREAM_STANDARD, &plain);
    git_stream_register(GIT_STREAM_TLS, &tls);
}

}  // namespace driftkeeper
