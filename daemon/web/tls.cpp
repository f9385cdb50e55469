#include "daemon/web/tls.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "daemon/base/files.hpp"

namespace driftkeeper {
namespace {

using Names = std::vector<std::string>;

template <auto Free>
struct End {
    template <class T>
    void operator()(T* what) const noexcept {
        Free(what);
    }
};
using Bio = std::unique_ptr<BIO, End<BIO_free_all>>;
using Certificate = std::unique_ptr<X509, End<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, End<EVP_PKEY_free>>;
using AlternativeNames = std::unique_ptr<GENERAL_NAMES, End<GENERAL_NAMES_free>>;

// What OpenSSL says last, in words that hold nothing of the input.
std::string reason() {
    std::string last = "no reason given";
    while (const auto code = ERR_get_error())
        if (const char* text = ERR_reason_error_string(code)) last = text;
    return last;
}

Result<std::string> textOf(const std::string& text, const std::filesystem::path& file) {
    if (file.empty()) return text;
    return readFile(file);
}

Bio reader(std::string_view text) {
    return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

int noPassphrase(char*, int, int, void*) {
    return 0;  // never asks at a terminal
}

std::vector<Certificate> certificatesIn(std::string_view text) {
    std::vector<Certificate> all;
    const Bio bio = reader(text);
    while (X509* one = PEM_read_bio_X509(bio.get(), nullptr, noPassphrase, nullptr))
        all.emplace_back(one);
    ERR_clear_error();  // the end of the text counts as an error
    return all;
}

Result<void> useCertificate(SSL_CTX* context, const WebConfig::Tls& settings) {
    const auto broken = [](std::string why) {
        return failure(Remedy::FixSetup, "tls_certificate", std::move(why));
    };
    const auto chainText = textOf(settings.cert, settings.certFile);
    if (!chainText) return broken("the certificate cannot be read: " + chainText.error().message);
    const auto keyText = textOf(settings.key, settings.keyFile);
    if (!keyText)
        return broken("the key of the certificate cannot be read: " + keyText.error().message);
    auto chain = certificatesIn(*chainText);
    if (chain.empty()) return broken("there is no certificate in " + settings.certFile.string());
    if (SSL_CTX_use_certificate(context, chain.front().get()) != 1)
        return broken("the certificate cannot be used: " + reason());
    for (std::size_t i = 1; i < chain.size(); ++i)
        if (SSL_CTX_add1_chain_cert(context, chain[i].get()) != 1)
            return broken("the chain of the certificate cannot be used: " + reason());
    const Bio bio = reader(*keyText);
    const Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, noPassphrase, nullptr));
    if (!key) return broken("there is no key without a passphrase in " + settings.keyFile.string());
    if (SSL_CTX_use_PrivateKey(context, key.get()) != 1 || SSL_CTX_check_private_key(context) != 1)
        return broken("the key does not belong to the certificate: " + reason());
    return {};
}

std::string textOf(const GENERAL_NAME& name) {
    int type = 0;
    const void* value = GENERAL_NAME_get0_value(&name, &type);
    if (type != GEN_DNS && type != GEN_EMAIL && type != GEN_URI && type != GEN_IPADD) return {};
    const auto* text = static_cast<const ASN1_STRING*>(value);
    const std::string bytes(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                            static_cast<std::size_t>(ASN1_STRING_length(text)));
    if (type != GEN_IPADD) return bytes;
    std::array<char, INET6_ADDRSTRLEN> shown{};
    if (bytes.size() != 4 && bytes.size() != 16) return {};
    inet_ntop(bytes.size() == 4 ? AF_INET : AF_INET6, bytes.data(), shown.data(), shown.size());
    return shown.data();
}

bool hasAllowedName(X509* certificate, const Names& allowed) {
    const AlternativeNames names(static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    if (!names) return false;
    for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
        const auto text = textOf(*sk_GENERAL_NAME_value(names.get(), i));
        if (!text.empty() && std::ranges::find(allowed, text) != allowed.end()) return true;
    }
    return false;
}

// What a client's certificate has to be, found from the callback by its context.
struct ClientRules {
    bool isVerified = false;
    Names allowed;
};

int rulesIndex() {
    static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return index;
}

int judgeClient(int isFine, X509_STORE_CTX* store) {
    const auto* ssl =
        static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
    const auto* rules =
        static_cast<const ClientRules*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), rulesIndex()));
    if (rules->isVerified && isFine == 0) return 0;
    if (X509_STORE_CTX_get_error_depth(store) > 0 || rules->allowed.empty()) return 1;
    return hasAllowedName(X509_STORE_CTX_get_current_cert(store), rules->allowed) ? 1 : 0;
}

Result<void> askClients(SSL_CTX* context, const WebConfig::Tls& settings) {
    using enum WebConfig::ClientAuth;
    if (settings.clientAuth == None) return {};
    const bool isNeeded =
        settings.clientAuth == RequireAny || settings.clientAuth == RequireAndVerify;
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | (isNeeded ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0),
                       judgeClient);
    if (settings.clientCa.empty() && settings.clientCaFile.empty()) return {};
    const auto text = textOf(settings.clientCa, settings.clientCaFile);
    if (!text)
        return failure(Remedy::FixSetup, "tls_client_ca",
                       "client_ca_file: " + text.error().message);
    const auto authorities = certificatesIn(*text);
    if (authorities.empty())
        return failure(Remedy::FixSetup, "tls_client_ca",
                       "there is no certificate in " + settings.clientCaFile.string());
    for (const auto& authority : authorities) {
        if (X509_STORE_add_cert(SSL_CTX_get_cert_store(context), authority.get()) != 1)
            return failure(Remedy::FixSetup, "tls_client_ca",
                           "a certificate of client_ca: " + reason());
        SSL_CTX_add_client_CA(context, authority.get());
    }
    return {};
}

bool isOfTls13(const std::string& suite) {
    return suite.find("_WITH_") == std::string::npos;
}

// Suites of TLS 1.3 are always on, as in the format's home.
bool useSuites(SSL_CTX* context, const Names& suites) {
    std::string older;
    for (const auto& suite : suites)
        if (!isOfTls13(suite))
            older += (older.empty() ? "" : ":") + std::string(OPENSSL_cipher_name(suite.c_str()));
    return older.empty() || SSL_CTX_set_cipher_list(context, older.c_str()) == 1;
}

bool useParameters(SSL_CTX* context, const WebConfig::Tls& settings) {
    const auto number = [](WebConfig::TlsVersion version) {
        return version == WebConfig::TlsVersion::Tls12 ? TLS1_2_VERSION : TLS1_3_VERSION;
    };
    const std::string curves = fmt::format("{}", fmt::join(settings.curves, ":"));
    const std::string_view name = "driftkeeper";
    SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
                                     SSL_OP_NO_TICKET | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    return SSL_CTX_set_session_id_context(context,
                                          reinterpret_cast<const unsigned char*>(name.data()),
                                          static_cast<unsigned>(name.size())) == 1 &&
           SSL_CTX_set_num_tickets(context, 0) == 1 &&
           SSL_CTX_set_min_proto_version(context, number(settings.least)) == 1 &&
           SSL_CTX_set_max_proto_version(context, number(settings.most)) == 1 &&
           useSuites(context, settings.cipherSuites) &&
           (curves.empty() || SSL_CTX_set1_groups_list(context, curves.c_str()) == 1);
}

}  // namespace

Result<std::shared_ptr<ssl_ctx_st>> makeTls(const WebConfig::Tls& settings) {
    using enum WebConfig::ClientAuth;
    const bool isVerified =
        settings.clientAuth == VerifyIfGiven || settings.clientAuth == RequireAndVerify;
    auto rules = std::make_shared<ClientRules>(ClientRules{isVerified, settings.clientAllowedSans});
    // The rules live as long as the context.
    std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()),
                                     [rules](SSL_CTX* end) { SSL_CTX_free(end); });
    if (!context || SSL_CTX_set_ex_data(context.get(), rulesIndex(), rules.get()) != 1 ||
        !useParameters(context.get(), settings))
        return failure(Remedy::FixSetup, "tls_setup", "TLS cannot be set up: " + reason());
    if (auto used = useCertificate(context.get(), settings); !used)
        return std::unexpected(used.error());
    if (auto asked = askClients(context.get(), settings); !asked)
        return std::unexpected(asked.error());
    return context;
}

}  // namespace driftkeeper
