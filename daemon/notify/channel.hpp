#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "daemon/contract/notice.hpp"
#include "daemon/model/attempt.hpp"
#include "daemon/model/channel_settings.hpp"
#include "parsers/result.hpp"

namespace driftkeeper {

// One HTTP request, described completely before it is sent. `url` may be a secret.
struct HttpRequest {
    std::string method = "POST";
    std::string url;
    std::map<std::string, std::string> headers;
    std::string body;
    std::size_t mostAnswer = 64 * 1024;  // what is longer is cut off
};

// One mail.
struct MailRequest {
    std::string server;       // smtp://host:587 (STARTTLS) or smtps://host:465
    bool mayBeClear = false;  // smtp:// to a relay without TLS; never with a password
    std::string username;     // empty: no login
    std::string password;
    std::string from;  // addresses alone
    std::vector<std::string> to;
    std::string text;  // headers and body, lines end in CRLF
};

// One run of a program.
struct ProgramRequest {
    std::vector<std::string> command;
    std::map<std::string, std::string> environment;  // all of it
    std::string input;                               // its standard input
    Seconds timeout{30};
};

using Request = std::variant<HttpRequest, MailRequest, ProgramRequest>;

// How a request ended. `status` 0: no answer; then `written` says whether the peer may have got it.
struct Answer {
    int status = 0;  // of HTTP; the reply code of SMTP; 1000 + the exit status of a program
    std::map<std::string, std::string> headers;  // lower-case names
    std::string body;                            // of HTTP: at most HttpRequest::mostAnswer
    std::string error;  // one sentence without the URL; empty when there is an answer
    bool written = false;
};

// One notice on its way to a peer.
struct Sending {
    const Notice& notice;
    TimePoint now{};
    bool plain = false;  // the smallest rendering, after the peer refused the full one
    int step = 0;        // which request of the delivery this is
    Memo memo = {};      // what is known of the incident at this peer
};

// One destination: two pure functions. Thread-safe.
class Channel {
public:
    virtual ~Channel() = default;

    // The next request of the delivery. Fails with `channel_secret` (FixSetup) when a secret file
    // cannot be read.
    [[nodiscard]] virtual Result<Request> render(const Sending& sending) const = 0;

    // What the answer to that request means. Never holds a secret.
    [[nodiscard]] virtual AttemptResult judge(const Sending& sending,
                                              const Answer& answer) const = 0;

    // How often the last notice of an open incident is sent again because the peer forgets
    // (Alertmanager); nullopt: never.
    [[nodiscard]] virtual std::optional<Seconds> refreshEvery() const noexcept {
        return std::nullopt;
    }
};

// All kinds of channels, in the order of `config example`.
std::span<const ChannelKind* const> channelKinds() noexcept;
// The first of this name; nullptr: there is none.
const ChannelKind* channelKind(std::string_view name) noexcept;

// The channel that the settings describe. `externalUrl`: where the daemon's page is, for links; may
// be empty.
std::unique_ptr<Channel> makeChannel(const ChannelSettings& settings,
                                     const std::string& externalUrl);

// Sends requests over HTTP/1.1: no redirects, TLS 1.2 or newer and verified. Thread-safe; send
// blocks for `total` at most.
class HttpClient {
public:
    struct Options {
        std::filesystem::path tlsCaFile;  // empty: the system's
        std::string proxy;                // empty: the environment's
        bool direct = false;              // no proxy at all
        std::chrono::milliseconds connect{5'000};
        std::chrono::milliseconds total{20'000};
    };
    HttpClient();
    explicit HttpClient(Options options);
    [[nodiscard]] Answer send(const HttpRequest& request) const;
    [[nodiscard]] const Options& options() const noexcept { return options_; }

private:
    Options options_;
};

// Blocks for `options.total` at most. TLS as in HttpClient. One recipient that is refused does not
// stop the others: the answer is the worst of theirs.
Answer sendMail(const MailRequest& mail, const HttpClient::Options& options);

// Runs it in a process group of its own that is ended at the deadline. What it writes is the
// answer's body.
Answer runProgram(const ProgramRequest& program);

}  // namespace driftkeeper
