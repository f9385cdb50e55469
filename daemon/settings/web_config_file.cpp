#include "daemon/settings/web_config_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "daemon/base/files.hpp"
#include "daemon/settings/section.hpp"
#include "daemon/settings/url.hpp"
#include "parsers/text/ascii.hpp"

namespace driftkeeper {
namespace {

constexpr std::size_t mostBytes = std::size_t{1} << 20;
using Words = std::vector<std::string_view>;

// What crypto/tls of Go calls its suites: the names of IANA. Those of TLS 1.3 are always on there,
// and here.
const Words cipherWords{"TLS_AES_128_GCM_SHA256",
                        "TLS_AES_256_GCM_SHA384",
                        "TLS_CHACHA20_POLY1305_SHA256",
                        "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
                        "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
                        "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
                        "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
                        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                        "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                        "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
                        "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"};

const std::vector<std::pair<std::string_view, std::string_view>> curveWords{
    {"CurveP256", "P-256"}, {"CurveP384", "P-384"}, {"CurveP521", "P-521"}, {"X25519", "X25519"}};

Words firstOf(const std::vector<std::pair<std::string_view, std::string_view>>& pairs) {
    Words words;
    for (const auto& [word, meaning] : pairs) words.push_back(word);
    return words;
}

Judgement judgePem(std::string_view text) {
    if (text.find("-----BEGIN ") != std::string_view::npos) return std::nullopt;
    return Objection{"bad_text", "this is not PEM: it has no line -----BEGIN …-----"};
}

// $2a$, $2b$ or $2y$, two digits, 22 characters of salt and 31 of hash. More than 2^16 rounds take
// seconds each.
Judgement judgeBcrypt(std::string_view text) {
    const bool isHash = text.size() == 60 && text.starts_with("$2") &&
                        std::string_view("aby").find(text[2]) != std::string_view::npos &&
                        text[3] == '$' && isDigit(text[4]) && isDigit(text[5]) && text[6] == '$' &&
                        std::ranges::all_of(text.substr(7), [&](char c) {
                            return isLetterOrDigit(c) || c == '.' || c == '/';
                        });
    const int cost = isHash ? (text[4] - '0') * 10 + (text[5] - '0') : 0;
    if (isHash && cost >= 4 && cost <= 16) return std::nullopt;
    return Objection{"bad_bcrypt",
                     isHash ? "the cost of the hash is not from 4 to 16"
                            : "this is not a bcrypt hash; htpasswd -nBC 10 USER makes one"};
}

// As time.ParseDuration of Go reads it: 1s, 1m30s, 250ms. nullopt for anything else, and for more
// than a day.
std::optional<std::chrono::nanoseconds> goDuration(std::string_view text) {
    static const std::vector<std::pair<std::string_view, std::int64_t>> units{
        {"ns", 1},
        {"us", 1'000},
        {"µs", 1'000},
        {"ms", 1'000'000},
        {"s", 1'000'000'000},
        {"m", 60'000'000'000},
        {"h", 3'600'000'000'000}};
    constexpr std::int64_t aDay = 24 * 3'600'000'000'000;
    if (text == "0") return std::chrono::nanoseconds(0);
    std::int64_t sum = 0;
    for (bool first = true; first || !text.empty(); first = false) {
        std::int64_t count = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
        if (error != std::errc() || count < 0) return std::nullopt;
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        const auto word = text.substr(0, text.find_first_of("0123456789"));
        const auto unit =
            std::ranges::find(units, word, &std::pair<std::string_view, std::int64_t>::first);
        if (unit == units.end() || count > aDay / unit->second) return std::nullopt;
        text.remove_prefix(word.size());
        sum += count * unit->second;
        if (sum > aDay) return std::nullopt;
    }
    return std::chrono::nanoseconds(sum);
}

// KEY as PEM or KEY_file. `given`: one of the two is.
void readPem(Section& section, std::string_view key, std::string& text, std::filesystem::path& file,
             bool& given) {
    auto& reading = section.reading();
    const std::string fileKey = fmt::format("{}_file", key);
    const auto direct = section.take(key);
    const auto named = section.take(fileKey);
    const bool isDirect = direct && !direct.node->scalar.empty();
    const bool isNamed = named && !named.node->scalar.empty();
    given = isDirect || isNamed;
    if (isDirect && isNamed)
        return reading.mistake(named, "both_given",
                               fmt::format("{} and {} are both given", key, fileKey), Show::No);
    if (isDirect) reading.text(direct, text, judgePem, Show::No);
    if (isNamed) reading.file(named, file);
}

void readWordList(Reading& reading, const Place& place, const Words& known,
                  std::vector<std::string>& values) {
    for (const auto& item : reading.items(place))
        if (auto word = reading.word(item, known)) values.push_back(*std::move(word));
}

WebConfig::TlsVersion readVersion(Reading& reading, const Place& place,
                                  WebConfig::TlsVersion usual) {
    if (place && (place.node->scalar == "TLS10" || place.node->scalar == "TLS11")) {
        reading.mistake(place, "unknown_value",
                        "TLS 1.0 and 1.1 are not spoken any more (RFC 8996): TLS12 or TLS13");
        return usual;
    }
    const auto word = reading.word(place, {"TLS12", "TLS13"});
    if (!word) return usual;
    return *word == "TLS12" ? WebConfig::TlsVersion::Tls12 : WebConfig::TlsVersion::Tls13;
}

// Who has to show a certificate, and which.
void readClients(Section& section, WebConfig::Tls& tls) {
    using enum WebConfig::ClientAuth;
    static const std::vector<std::pair<std::string_view, WebConfig::ClientAuth>> policies{
        {"NoClientCert", None},
        {"RequestClientCert", Asked},
        {"RequireAnyClientCert", RequireAny},
        {"RequireClientCert", RequireAny},
        {"VerifyClientCertIfGiven", VerifyIfGiven},
        {"RequireAndVerifyClientCert", RequireAndVerify}};
    auto& reading = section.reading();
    Words words;
    for (const auto& [word, policy] : policies) words.push_back(word);
    const auto type = section.take("client_auth_type");
    if (type && !type.node->scalar.empty())
        if (const auto word = reading.word(type, words))
            tls.clientAuth =
                policies[static_cast<std::size_t>(std::ranges::find(words, *word) - words.begin())]
                    .second;
    bool hasCa = false;
    readPem(section, "client_ca", tls.clientCa, tls.clientCaFile, hasCa);
    const auto sans = section.take("client_allowed_sans");
    reading.texts(sans, tls.clientAllowedSans, judgeWords, Show::Yes);
    const bool verifies = tls.clientAuth == VerifyIfGiven || tls.clientAuth == RequireAndVerify;
    if (hasCa && tls.clientAuth == None)
        reading.mistake(section.place(), "missing_key",
                        "client_auth_type is missing: client_ca alone asks nobody", Show::No);
    if (verifies && !hasCa)
        reading.mistake(type, "missing_key",
                        "client_ca or client_ca_file is missing: nothing could be verified");
    if (sans && tls.clientAuth != RequireAny && tls.clientAuth != RequireAndVerify)
        reading.mistake(sans, "missing_key",
                        "client_allowed_sans needs client_auth_type RequireAnyClientCert or "
                        "RequireAndVerifyClientCert",
                        Show::No);
}

std::optional<WebConfig::Tls> readTls(Reading& reading, const Place& place) {
    if (!place || place.node->kind == YamlNode::Kind::Null) return std::nullopt;
    Section section(reading, place);
    if (!section.place() || section.entries().empty()) return std::nullopt;
    WebConfig::Tls tls;
    bool hasCert = false;
    bool hasKey = false;
    readPem(section, "cert", tls.cert, tls.certFile, hasCert);
    readPem(section, "key", tls.key, tls.keyFile, hasKey);
    if (!hasCert) reading.mistake(place, "missing_key", "cert or cert_file is missing", Show::No);
    if (!hasKey) reading.mistake(place, "missing_key", "key or key_file is missing", Show::No);
    readClients(section, tls);
    const auto least = section.take("min_version");
    tls.least = readVersion(reading, least, WebConfig::TlsVersion::Tls12);
    tls.most = readVersion(reading, section.take("max_version"), WebConfig::TlsVersion::Tls13);
    if (tls.least > tls.most)
        reading.mistake(least, "out_of_range", "min_version is above max_version");
    readWordList(reading, section.take("cipher_suites"), cipherWords, tls.cipherSuites);
    readWordList(reading, section.take("curve_preferences"), firstOf(curveWords), tls.curves);
    for (auto& curve : tls.curves)
        curve = std::ranges::find(curveWords, curve,
                                  &std::pair<std::string_view, std::string_view>::first)
                    ->second;
    bool ignored = true;  // the order of the server counts since Go 1.17, too
    reading.boolean(section.take("prefer_server_cipher_suites"), ignored);
    section.close();
    return tls;
}

void readHeader(Reading& reading, const Place& place, std::string_view name, const Words& values,
                std::map<std::string, std::string>& headers) {
    std::string value;
    if (!place || (place.node->kind == YamlNode::Kind::Scalar && place.node->scalar.empty()))
        return;
    reading.text(place, value, judgeWords, Show::Yes);
    if (value.empty()) return;
    std::string lower = value;
    std::ranges::transform(lower, lower.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
    if (!values.empty() && std::ranges::find(values, lower) == values.end())
        return reading.mistake(place, "bad_header",
                               fmt::format("one of: {}", fmt::join(values, ", ")));
    headers.emplace(name, std::move(value));
}

void readHttp(Reading& reading, const Place& place, WebConfig& config) {
    Section section(reading, place);
    const auto http2 = section.take("http2");
    reading.boolean(http2, config.http2Wanted);
    Section headers(reading, section.take("headers"));
    readHeader(reading, headers.take("Content-Security-Policy"), "Content-Security-Policy", {},
               config.headers);
    readHeader(reading, headers.take("X-Frame-Options"), "X-Frame-Options", {"deny", "sameorigin"},
               config.headers);
    readHeader(reading, headers.take("X-Content-Type-Options"), "X-Content-Type-Options",
               {"nosniff"}, config.headers);
    readHeader(reading, headers.take("X-XSS-Protection"), "X-XSS-Protection", {}, config.headers);
    readHeader(reading, headers.take("Strict-Transport-Security"), "Strict-Transport-Security", {},
               config.headers);
    headers.close();
    section.close();
}

void readUsers(Reading& reading, const Place& place, std::map<std::string, std::string>& users) {
    const Section section(reading, place);
    for (const auto& [key, value] : section.entries()) {
        const Place name{&key, place.path + "." + key.scalar.substr(0, 60)};
        if (const auto bad = judgeWords(key.scalar);
            bad || key.scalar.find(':') != std::string::npos) {
            reading.mistake(name, "bad_name", "the name of a user is a line without ':'", Show::No);
            continue;
        }
        std::string hash;
        reading.text({&value, name.path}, hash, judgeBcrypt, Show::No);
        users[key.scalar] = hash;
    }
}

void readRateLimit(Reading& reading, const Place& place,
                   std::optional<WebConfig::RateLimit>& limit) {
    if (!place) return;
    Section section(reading, place);
    const auto interval = section.take("interval");
    const auto burst = section.take("burst");
    long requests = -1;  // also when it was a mistake
    reading.integer(burst, requests, 0, 1'000'000);
    if (interval && reading.isScalar(interval, "a duration as 1s or 250ms")) {
        const auto read = goDuration(interval.node->scalar);
        if (!read)
            reading.mistake(interval, "bad_duration",
                            "this is not a duration; write it as 1s, 1m30s or 250ms");
        const bool isOn = read && read->count() > 0;
        if (isOn && !burst)
            reading.mistake(place, "missing_key",
                            "burst is missing: no request would ever be answered", Show::No);
        if (isOn && requests == 0)
            reading.mistake(burst, "out_of_range", "no request would ever be answered");
        if (isOn && requests > 0) limit = {*read, static_cast<unsigned>(requests)};
    }
    section.close();
}

WebConfig readWebConfig(Reading& reading, const YamlNode& root,
                        const std::filesystem::path& folder) {
    WebConfig config;
    Section section(reading, {&root, ""});
    config.tls = readTls(reading, section.take("tls_server_config"));
    if (config.tls)
        for (auto* file : {&config.tls->certFile, &config.tls->keyFile, &config.tls->clientCaFile})
            if (file->is_relative() && !file->empty()) *file = folder / *file;
    readHttp(reading, section.take("http_server_config"), config);
    readUsers(reading, section.take("basic_auth_users"), config.users);
    readRateLimit(reading, section.take("rate_limit"), config.rateLimit);
    section.close();
    return config;
}

SettingsMistake missing(const Settings& settings, std::string code, std::string message) {
    return {settings.access.webConfigFile.string(),
            {},
            "",
            "settings/" + code,
            std::move(message),
            "",
            0};
}

}  // namespace

LoadedWebConfig parseWebConfig(std::string_view text, const std::filesystem::path& file) {
    if (text.size() > mostBytes)
        return {{},
                {{file.string(),
                  {},
                  "",
                  "settings/too_large",
                  "the file is larger than 1 MiB",
                  "",
                  0}}};
    Reading reading(file.string(), text, processEnvironment());
    const auto document = parseYaml(text);
    for (const auto& mistake : document.mistakes)
        reading.mistake(mistake.position, mistake.code, mistake.message, 0);
    WebConfig config;
    if (document.mistakes.empty())
        config = readWebConfig(reading, document.root, file.parent_path());
    return {std::move(config), reading.takeMistakes()};
}

LoadedWebConfig loadWebConfig(const Settings& settings) {
    const auto& access = settings.access;
    if (access.webConfigFile.empty()) return {};
    const auto text = readFile(access.webConfigFile, mostBytes);
    if (!text) return {{}, {missing(settings, "unreadable", text.error().message)}};
    auto loaded = parseWebConfig(*text, access.webConfigFile);
    if (!loaded.mistakes.empty()) return loaded;
    for (const auto& name : access.operators)
        if (!loaded.config.users.contains(name))
            loaded.mistakes.push_back(
                missing(settings, "unknown_value",
                        fmt::format("basic_auth_users has no {}, which is one of "
                                    "access.operators",
                                    name)));
    if (isLoopback(settings.listenAddress)) return loaded;
    if (!loaded.config.tls)
        loaded.mistakes.push_back(
            missing(settings, "listen_not_loopback",
                    "tls_server_config is missing: listen is beyond loopback, where TLS is "
                    "required"));
    if (loaded.config.users.empty() && access.tokens.empty())
        loaded.mistakes.push_back(
            missing(settings, "listen_not_loopback",
                    "basic_auth_users is missing, and the settings have no access.tokens: "
                    "beyond loopback credentials are required"));
    return loaded;
}

}  // namespace driftkeeper
