#include <curl/curl.h>

#include <algorithm>
#include <cassert>
#include <cctype>
#include <utility>

#include "daemon/notify/channel.hpp"
#include "daemon/notify/curl_owners.hpp"
#include "parsers/text/ascii.hpp"

namespace driftkeeper {
namespace {

constexpr std::size_t mostHeaders = 64 * 1024;  // an answer without an end must not fill memory

// What arrives while curl runs.
struct Incoming {
    std::map<std::string, std::string> headers;
    std::size_t headerBytes = 0;
    std::string body;
    bool full = false;
    std::size_t most = 0;
};

// Returning less than `count` stops the transfer: the rest of a body that is too long is not worth
// waiting for.
std::size_t takeBody(char* bytes, std::size_t, std::size_t count, void* user) {
    auto& incoming = *static_cast<Incoming*>(user);
    const std::size_t room = incoming.most - incoming.body.size();
    incoming.body.append(bytes, std::min(room, count));
    incoming.full = count > room;
    return incoming.full ? room : count;
}

std::size_t takeHeader(char* bytes, std::size_t, std::size_t count, void* user) {
    auto& incoming = *static_cast<Incoming*>(user);
    const std::string_view line(bytes, count);
    incoming.headerBytes += count;
    if (incoming.headerBytes > mostHeaders) return 0;
    if (line.starts_with("HTTP/"))
        incoming.headers.clear();  // an answer after 100 Continue starts again
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return count;
    incoming.headers.insert_or_assign(lowered(trimmed(line.substr(0, colon))),
                                      trimmed(line.substr(colon + 1)));
    return count;
}

bool hasControl(std::string_view text) {
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

// Null when a header could smuggle another one in.
CurlList headerList(const HttpRequest& request) {
    CurlList list(curl_slist_append(nullptr, "Expect:"));  // never wait for 100 Continue
    for (const auto& [name, value] : request.headers) {
        if (hasControl(name) || hasControl(value)) return nullptr;
        curl_slist* longer = curl_slist_append(list.get(), (name + ": " + value).c_str());
        if (longer == nullptr) return nullptr;
    }
    return list;
}

void setMethod(CURL* handle, const HttpRequest& request) {
    if (request.method == "GET" && request.body.empty()) {
        curl_easy_setopt(handle, CURLOPT_HTTPGET, 1L);
        return;
    }
    curl_easy_setopt(handle, CURLOPT_POST, 1L);
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request.body.c_str());
    if (request.method != "POST")
        curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

void setManners(CURL* handle, const HttpClient::Options& options) {
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect.count()));
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(options.total.count()));
    curl_easy_setopt(handle, CURLOPT_USERAGENT, "driftkeeper/" DRIFTKEEPER_VERSION);
    curl_easy_setopt(handle, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    if (!options.tlsCaFile.empty())
        curl_easy_setopt(handle, CURLOPT_CAINFO, options.tlsCaFile.c_str());
    if (options.direct) curl_easy_setopt(handle, CURLOPT_NOPROXY, "*");
    if (!options.proxy.empty()) curl_easy_setopt(handle, CURLOPT_PROXY, options.proxy.c_str());
}

// http+unix://%2Frun%2Fdaemon.sock/path: the socket in place of the host. False: its name is no
// path.
bool setUrl(CURL* handle, const std::string& url) {
    constexpr std::string_view scheme = "http+unix://";
    if (!url.starts_with(scheme))
        return curl_easy_setopt(handle, CURLOPT_URL, url.c_str()) == CURLE_OK;
    const auto slash = std::min(url.find('/', scheme.size()), url.size());
    int length = 0;
    char* path = curl_easy_unescape(handle, url.c_str() + scheme.size(),
                                    static_cast<int>(slash - scheme.size()), &length);
    const std::string socket(path == nullptr ? "" : path);
    curl_free(path);
    if (!socket.starts_with('/')) return false;
    curl_easy_setopt(handle, CURLOPT_UNIX_SOCKET_PATH, socket.c_str());
    const std::string plain = "http://localhost" + url.substr(slash);
    return curl_easy_setopt(handle, CURLOPT_URL, plain.c_str()) == CURLE_OK;
}

void setReceivers(CURL* handle, Incoming& incoming) {
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, takeBody);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &incoming);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, takeHeader);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, &incoming);
}

bool wasWritten(CURL* handle, const HttpRequest& request) {
    long headerBytes = 0;
    curl_off_t bodyBytes = 0;
    curl_easy_getinfo(handle, CURLINFO_REQUEST_SIZE, &headerBytes);
    curl_easy_getinfo(handle, CURLINFO_SIZE_UPLOAD_T, &bodyBytes);
    return headerBytes > 0 && bodyBytes >= static_cast<curl_off_t>(request.body.size());
}

// libcurl's own set-up is not thread-safe before 7.84 everywhere, and costs nothing to do once.
void initialiseCurl() {
    static const CURLcode once = curl_global_init(CURL_GLOBAL_DEFAULT);
    assert(once == CURLE_OK);
    static_cast<void>(once);
}

}  // namespace

HttpClient::HttpClient() : HttpClient(Options{}) {}

HttpClient::HttpClient(Options options) : options_(std::move(options)) {
    initialiseCurl();
}

Answer HttpClient::send(const HttpRequest& request) const {
    const CurlHandle handle(curl_easy_init());
    const CurlList headers = headerList(request);
    if (!handle) return unsent("out of memory");
    if (!headers) return unsent("a header of the request has control characters in it");

    Incoming incoming;
    incoming.most = request.mostAnswer;
    setManners(handle.get(), options_);
    setMethod(handle.get(), request);
    setReceivers(handle.get(), incoming);
    curl_easy_setopt(handle.get(), CURLOPT_HTTPHEADER, headers.get());
    if (!setUrl(handle.get(), request.url)) return unsent("this is not a URL");
    const CURLcode code = curl_easy_perform(handle.get());

    Answer answer;
    answer.written = wasWritten(handle.get(), request);
    if (code != CURLE_OK && !incoming.full) {
        answer.error =
            curl_easy_strerror(code);  // a general sentence: the detailed one would show the host
        return answer;
    }
    long status = 0;
    curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
    answer.status = static_cast<int>(status);
    answer.headers = std::move(incoming.headers);
    answer.body = std::move(incoming.body);
    return answer;
}

}  // namespace driftkeeper
