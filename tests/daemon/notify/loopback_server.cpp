#include "tests/daemon/notify/loopback_server.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

namespace driftkeeper::tests {
namespace {

std::size_t bodyLength(const std::string& head) {
    const auto at = head.find("Content-Length: ");
    return at == std::string::npos ? 0 : std::stoul(head.substr(at + 16));
}

void require(bool fine) {
    if (!fine) throw std::runtime_error("the test server cannot be set up");
}

}  // namespace

std::string Caller::readRequest() const {
    std::string text;
    std::array<char, 4096> piece{};
    for (;;) {
        const auto end = text.find("\r\n\r\n");
        if (end != std::string::npos && text.size() >= end + 4 + bodyLength(text.substr(0, end)))
            return text;
        const ssize_t count = ::recv(socket_, piece.data(), piece.size(), 0);
        if (count <= 0) return text;
        text.append(piece.data(), static_cast<std::size_t>(count));
    }
}

bool Caller::send(std::string_view text) const {
    while (!text.empty()) {
        const ssize_t count = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
        if (count <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

void Caller::waitForClose() const {
    std::array<char, 4096> piece{};
    while (::recv(socket_, piece.data(), piece.size(), 0) > 0) {
    }
}

LoopbackServer::LoopbackServer(std::function<void(const Caller&)> script)
    : script_(std::move(script)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    require(::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    require(::listen(listener_, 8) == 0);
    socklen_t size = sizeof address;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::jthread([this] { serve(); });
}

LoopbackServer::~LoopbackServer() {
    stopping_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    if (const int socket = current_; socket >= 0) ::shutdown(socket, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
}

void LoopbackServer::serve() {
    while (!stopping_) {
        const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (socket < 0) return;
        ++connections_;
        current_ = socket;
        script_(Caller(socket));
        current_ = -1;
        ::close(socket);
    }
}

std::string LoopbackServer::url(std::string_view scheme) const {
    return fmt::format("{}://127.0.0.1:{}/canary/path", scheme, port_);
}

TlsAnswer::TlsAnswer(std::string answer) : answer_(std::move(answer)) {
    EVP_PKEY* key = EVP_EC_gen("P-256");
    X509* certificate = X509_new();
    require(key != nullptr && certificate != nullptr);
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    X509_NAME* subject = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
    X509_set_issuer_name(certificate, subject);
    X509_EXTENSION* names =
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1");
    X509_add_ext(certificate, names, -1);
    X509_EXTENSION_free(names);
    require(X509_sign(certificate, key, EVP_sha256()) > 0);

    SSL_CTX* context = SSL_CTX_new(TLS_server_method());
    require(SSL_CTX_use_certificate(context, certificate) == 1 &&
            SSL_CTX_use_PrivateKey(context, key) == 1);
    context_ = context;

    std::string name = (std::filesystem::temp_directory_path() / "certificate-XXXXXX").string();
    const int descriptor = ::mkstemp(name.data());
    std::FILE* file = ::fdopen(descriptor, "w");
    require(file != nullptr && PEM_write_X509(file, certificate) == 1);
    std::fclose(file);
    file_ = name;
    X509_free(certificate);
    EVP_PKEY_free(key);
}

TlsAnswer::~TlsAnswer() {
    SSL_CTX_free(static_cast<SSL_CTX*>(context_));
    std::error_code ignored;
    std::filesystem::remove(file_, ignored);
}

void TlsAnswer::operator()(const Caller& peer) const {
    SSL* tls = SSL_new(static_cast<SSL_CTX*>(context_));
    SSL_set_fd(tls, peer.socket());
    std::array<char, 4096> piece{};
    if (SSL_accept(tls) == 1 && SSL_read(tls, piece.data(), static_cast<int>(piece.size())) > 0) {
        SSL_write(tls, answer_.data(), static_cast<int>(answer_.size()));
        SSL_shutdown(tls);
    }
    SSL_free(tls);
}

}  // namespace driftkeeper::tests
