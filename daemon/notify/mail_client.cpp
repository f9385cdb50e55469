#include <curl/curl.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <memory>
#include <span>
#include <utility>

#include "daemon/notify/channel.hpp"
#include "daemon/notify/curl_owners.hpp"

// A mail by SMTP submission (RFC 5321, 3207, 4954), by libcurl.
//
// Some recipients may take the mail while others are refused. Then the answer's status is the worst
// refusal, `written` is false, and the header `taken` names those who have it, separated by blanks.
// Who sends again must leave them out: the channel keeps them in its memo, so that nobody gets a
// mail twice because of somebody else. When the mail itself is refused, nobody has it: then
// `written` is true and there is no `taken`. No reply because the TLS is not what was asked for:
// the error begins with "TLS: ".
namespace driftkeeper {
namespace {

constexpr int mailWanted = 354;       // the reply to DATA
constexpr int goodbye = 221;          // the reply to QUIT says nothing of the mail
constexpr int noWayToLogIn = 534;     // what a server would say that offers no login that we have
constexpr long submissionPort = 587;  // of smtp:// without a port

struct UrlEnd {
    void operator()(CURLU* url) const noexcept { curl_url_cleanup(url); }
};
using Url = std::unique_ptr<CURLU, UrlEnd>;

// What goes out and comes in while curl runs.
struct Talk {
    std::string_view unsent;   // of the mail
    std::vector<int> replies;  // their codes
};

std::size_t giveMail(char* buffer, std::size_t, std::size_t room, void* user) {
    auto& talk = *static_cast<Talk*>(user);
    const std::size_t count = std::min(room, talk.unsent.size());
    std::memcpy(buffer, talk.unsent.data(), count);
    talk.unsent.remove_prefix(count);
    return count;
}

// One line of a reply; the last one has no dash after its code.
std::size_t takeLine(char* bytes, std::size_t, std::size_t count, void* user) {
    const std::string_view line(bytes, count);
    int code = 0;
    std::from_chars(line.data(), line.data() + std::min<std::size_t>(line.size(), 3), code);
    const bool isLast = line.size() < 4 || line[3] != '-';
    if (isLast && code >= 100 && code != goodbye) static_cast<Talk*>(user)->replies.push_back(code);
    return count;
}

// A line end or a bracket would end the address and begin a command.
bool isAddress(std::string_view text) {
    return !text.empty() && std::ranges::none_of(text, [](char c) {
        return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f || c == '<' || c == '>';
    });
}

std::string inBrackets(const std::string& address) {
    return '<' + address + '>';
}

CurlList listOf(const std::vector<std::string>& addresses) {
    CurlList list;
    for (const auto& address : addresses) {
        curl_slist* longer = curl_slist_append(list.get(), inBrackets(address).c_str());
        if (longer == nullptr) return nullptr;
        static_cast<void>(list.release());
        list.reset(longer);
    }
    return list;
}

bool namesPort(const std::string& server) {
    const Url url(curl_url());
    char* port = nullptr;
    const bool isThere = curl_url_set(url.get(), CURLUPART_URL, server.c_str(), 0) == CURLUE_OK &&
                         curl_url_get(url.get(), CURLUPART_PORT, &port, 0) == CURLUE_OK;
    curl_free(port);
    return isThere;
}

void setConnection(CURL* handle, const MailRequest& mail, const HttpClient::Options& options) {
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(handle, CURLOPT_URL, mail.server.c_str());
    if (mail.server.starts_with("smtp:") && !namesPort(mail.server))
        curl_easy_setopt(handle, CURLOPT_PORT, submissionPort);
    // A password goes over TLS or not at all.
    const bool mayBeClear = mail.mayBeClear && mail.username.empty() && mail.password.empty();
    curl_easy_setopt(handle, CURLOPT_USE_SSL,
                     static_cast<long>(mayBeClear ? CURLUSESSL_TRY : CURLUSESSL_ALL));
    curl_easy_setopt(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 2L);
    if (!options.tlsCaFile.empty())
        curl_easy_setopt(handle, CURLOPT_CAINFO, options.tlsCaFile.c_str());
    if (options.direct) curl_easy_setopt(handle, CURLOPT_NOPROXY, "*");
    if (!options.proxy.empty()) curl_easy_setopt(handle, CURLOPT_PROXY, options.proxy.c_str());
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect.count()));
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(options.total.count()));
    curl_easy_setopt(
        handle, CURLOPT_SERVER_RESPONSE_TIMEOUT,
        static_cast<long>(std::chrono::ceil<std::chrono::seconds>(options.total).count()));
}

void setMail(CURL* handle, const MailRequest& mail, const CurlList& recipients, Talk& talk) {
    if (!mail.username.empty()) {
        curl_easy_setopt(handle, CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN;AUTH=LOGIN");
        curl_easy_setopt(handle, CURLOPT_USERNAME, mail.username.c_str());
        curl_easy_setopt(handle, CURLOPT_PASSWORD, mail.password.c_str());
    }
    curl_easy_setopt(handle, CURLOPT_MAIL_FROM, inBrackets(mail.from).c_str());
    curl_easy_setopt(handle, CURLOPT_MAIL_RCPT, recipients.get());
    curl_easy_setopt(handle, CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
    curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(handle, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(mail.text.size()));
    curl_easy_setopt(handle, CURLOPT_READFUNCTION, giveMail);
    curl_easy_setopt(handle, CURLOPT_READDATA, &talk);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, takeLine);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, &talk);
}

// What was said of each recipient, in their order: empty when it did not come to that. curl asks
// one after another, and then for the mail.
std::span<const int> repliesToRecipients(const Talk& talk, std::size_t recipients) {
    const std::span<const int> replies(talk.replies);
    const auto wanted = std::ranges::find(replies, mailWanted);
    const auto before = replies.first(static_cast<std::size_t>(wanted - replies.begin()));
    if (before.size() < recipients) return {};
    const auto theirs = before.last(recipients);
    const bool allRefused = std::ranges::all_of(theirs, [](int code) { return code >= 400; });
    return wanted != replies.end() || allRefused ? theirs : std::span<const int>();
}

// The server took the mail, for everybody or for some.
Answer taken(const MailRequest& mail, std::span<const int> replies) {
    Answer answer;
    answer.status = std::max(250, replies.empty() ? 0 : std::ranges::max(replies));
    answer.written = answer.status < 400;
    if (answer.written) return answer;
    std::string& names = answer.headers["taken"];
    for (std::size_t i = 0; i < replies.size(); ++i)
        if (replies[i] < 400) names += (names.empty() ? "" : " ") + mail.to[i];
    return answer;
}

// curl stopped because of what the server said, and not because of the network.
bool isRefusal(CURLcode code, int reply) {
    switch (code) {
        case CURLE_SEND_ERROR:
        case CURLE_WEIRD_SERVER_REPLY:
        case CURLE_LOGIN_DENIED:
        case CURLE_REMOTE_ACCESS_DENIED:
        case CURLE_USE_SSL_FAILED:
            return reply >= 400;
        default:
            return reply == 421;  // the server says why it hangs up
    }
}

bool isOfTls(CURLcode code) {
    switch (code) {
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_USE_SSL_FAILED:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_CERTPROBLEM:
        case CURLE_SSL_CIPHER:
            return true;
        default:
            return false;
    }
}

Answer notTaken(CURLcode code, const Talk& talk, std::span<const int> recipients) {
    Answer answer;
    answer.written = talk.unsent.empty();  // curl may have sent all of it
    const int last = talk.replies.empty() ? 0 : talk.replies.back();
    if (isRefusal(code, last))
        answer.status = answer.written || recipients.empty()
                            ? last
                            : std::max(last, std::ranges::max(recipients));
    else if (code == CURLE_LOGIN_DENIED)
        answer.status = noWayToLogIn;
    else
        answer.error = std::string(isOfTls(code) ? "TLS: " : "") + curl_easy_strerror(code);
    return answer;
}

// curl says QUIT when it closes. What the server says to that is not waited for.
void hangUp(CURL* handle) {
    curl_socket_t socket = CURL_SOCKET_BAD;
    curl_easy_getinfo(handle, CURLINFO_ACTIVESOCKET, &socket);
    if (socket != CURL_SOCKET_BAD) ::shutdown(socket, SHUT_RD);
}

}  // namespace

Answer sendMail(const MailRequest& mail, const HttpClient::Options& options) {
    if (!isAddress(mail.from) || !std::ranges::all_of(mail.to, isAddress))
        return unsent("a mail address has a character that none can have");
    if (mail.to.empty()) return taken(mail, {});  // all have it already
    const CurlHandle handle(curl_easy_init());
    const CurlList recipients = listOf(mail.to);
    if (!handle || !recipients) return unsent("out of memory");

    Talk talk{mail.text, {}};
    setConnection(handle.get(), mail, options);
    setMail(handle.get(), mail, recipients, talk);
    const CURLcode code = curl_easy_perform(handle.get());
    hangUp(handle.get());
    const auto replies = repliesToRecipients(talk, mail.to.size());
    return code == CURLE_OK ? taken(mail, replies) : notTaken(code, talk, replies);
}

}  // namespace driftkeeper
