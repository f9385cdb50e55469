#include "tests/provider/handshake.hpp"

#include <fmt/format.h>
#include <grpcpp/security/server_credentials.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace driftkeeper::box {
namespace {

template <auto release>
struct Releases {
    template <class T>
    void operator()(T* owned) const {
        release(owned);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Releases<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Releases<X509_free>>;
using Memory = std::unique_ptr<BIO, Releases<BIO_free>>;

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

void checkHost() {
    if (environment("TF_PLUGIN_MAGIC_COOKIE") !=
        "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2") {
        throw std::runtime_error("this program is a plugin: terraform starts it, nobody else");
    }
    const std::string versions = "," + environment("PLUGIN_PROTOCOL_VERSIONS") + ",";
    if (versions.find(",6,") == std::string::npos)
        throw std::runtime_error("the host does not speak protocol 6");
}

std::string socketPath() {
    std::string folder = environment("PLUGIN_UNIX_SOCKET_DIR");
    if (folder.empty()) folder = environment("TMPDIR");
    if (folder.empty()) folder = "/tmp";
    const std::string path = fmt::format("{}/plugin{}.sock", folder, getpid());
    if (path.size() >= sizeof(sockaddr_un::sun_path)) {
        throw std::runtime_error(
            fmt::format("the path of a unix socket cannot be this long: {}", path));
    }
    return path;
}

void extend(X509* certificate, int kind, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

Certificate selfSigned(EVP_PKEY* key) {
    Certificate certificate(X509_new());
    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()),
                     static_cast<long>(std::time(nullptr)));
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -60);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 24L * 3600);
    X509_NAME* name = X509_get_subject_name(certificate.get());
    const auto* host = reinterpret_cast<const unsigned char*>("localhost");
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, host, -1, -1, 0);
    X509_set_issuer_name(certificate.get(), name);
    X509_set_pubkey(certificate.get(), key);
    extend(certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
    extend(certificate.get(), NID_ext_key_usage, "clientAuth,serverAuth");
    extend(certificate.get(), NID_subject_alt_name, "DNS:localhost");
    X509_sign(certificate.get(), key, EVP_sha256());
    return certificate;
}

std::string text(BIO* memory) {
    char* start = nullptr;
    const long size = BIO_get_mem_data(memory, &start);
    return {start, static_cast<std::size_t>(size)};
}

std::string base64Of(X509* certificate) {
    unsigned char* der = nullptr;
    const int size = i2d_X509(certificate, &der);
    std::vector<unsigned char> encoded(static_cast<std::size_t>(size) * 4 / 3 + 4);
    const int length = EVP_EncodeBlock(encoded.data(), der, size);
    OPENSSL_free(der);
    std::string result(encoded.begin(), encoded.begin() + length);
    result.resize(result.find_last_not_of('=') + 1);
    return result;
}

}  // namespace

Handshake::Handshake() {
    checkHost();
    socket_ = socketPath();
    clientCertificate_ = environment("PLUGIN_CLIENT_CERT");
    if (clientCertificate_.empty()) return;
    const Key key(EVP_EC_gen("P-256"));
    const Certificate certificate = selfSigned(key.get());
    const Memory keyText(BIO_new(BIO_s_mem())), certificateText(BIO_new(BIO_s_mem()));
    PEM_write_bio_PrivateKey(keyText.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    PEM_write_bio_X509(certificateText.get(), certificate.get());
    key_ = text(keyText.get());
    certificate_ = text(certificateText.get());
    encoded_ = base64Of(certificate.get());
}

std::shared_ptr<grpc::ServerCredentials> Handshake::credentials() const {
    if (clientCertificate_.empty()) return grpc::InsecureServerCredentials();
    grpc::SslServerCredentialsOptions options(
        GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
    options.pem_root_certs = clientCertificate_;
    options.pem_key_cert_pairs.push_back({key_, certificate_});
    return grpc::SslServerCredentials(options);
}

std::string Handshake::line() const {
    return fmt::format("1|6|unix|{}|grpc|{}\n", socket_, encoded_);
}

}  // namespace driftkeeper::box
