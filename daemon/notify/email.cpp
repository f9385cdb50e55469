#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <utility>

#include "daemon/notify/channel.hpp"
#include "daemon/notify/secret.hpp"
#include "daemon/notify/story.hpp"
#include "daemon/notify/wording.hpp"

// A mail in text and HTML, one thread an incident. Sources: RFC 5322 (message), 2045 to 2047
// (MIME), 3834 (Auto-Submitted), 2919 (List-Id), 5321 and 4954 (reply codes).
namespace driftkeeper {
namespace email {
namespace {

constexpr std::size_t lineLength = 76;
constexpr std::size_t mostSubject = 200;
// Quoted-printable makes three bytes of one: all of it stays below 200 KB.
constexpr std::size_t mostText = 20'000;
constexpr std::size_t mostHtml = 40'000;
constexpr std::size_t mostPlain = 4'000;
constexpr std::size_t mostRecipients = 4'000;           // shown, in bytes
constexpr std::string_view boundary = "=_driftkeeper";  // no quoted-printable text holds "=_"

std::string hex(char c) {
    return fmt::format("={:02X}", static_cast<unsigned char>(c));
}

// Lines of `text` end in \n.
std::string quotedPrintable(std::string_view text) {
    std::string out;
    std::size_t column = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\n') {
            out += "\r\n";
            column = 0;
            continue;
        }
        const bool endsLine = i + 1 == text.size() || text[i + 1] == '\n';
        const bool isPlain = (c > ' ' && c <= '~' && c != '=') || (c == ' ' && !endsLine);
        const std::string piece = isPlain ? std::string(1, c) : hex(c);
        if (column + piece.size() >= lineLength) {
            out += "=\r\n";
            column = 0;
        }
        out += piece;
        column += piece.size();
    }
    return out + "\r\n";
}

// One byte of a word in RFC 2047's encoding "Q".
std::string quoted(char c) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) return std::string(1, c);
    return c == ' ' ? "_" : hex(c);
}

// RFC 2047: no word splits a character, and each has a line of its own.
std::string encodedWords(std::string_view text) {
    constexpr std::size_t mostWord = 52;
    std::string out, word, character;
    const auto endWord = [&] {
        out += fmt::format("{}=?UTF-8?Q?{}?=", out.empty() ? "" : "\r\n ", word);
        word.clear();
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        character += quoted(c);
        const bool goesOn =
            i + 1 < text.size() && (static_cast<unsigned char>(text[i + 1]) & 0xC0) == 0x80;
        if (goesOn) continue;
        if (word.size() + character.size() > mostWord) endWord();
        word += std::exchange(character, {});
    }
    endWord();
    return out;
}

std::string subjectOf(const std::string& title) {
    const std::string line = oneLine(title, mostSubject);
    const bool isAscii = std::ranges::all_of(line, [](char c) { return c >= ' ' && c <= '~'; });
    const bool isShort = line.size() + std::string_view("Subject: ").size() <= lineLength;
    return isAscii && isShort && line.find("=?") == std::string::npos ? line : encodedWords(line);
}

// Folded once when it is long. A value of several lines is folded already.
std::string header(std::string_view name, const std::string& value) {
    const bool isLong = name.size() + 2 + std::min(value.find("\r\n"), value.size()) > lineLength;
    return fmt::format("{}:{}{}\r\n", name, isLong ? "\r\n " : " ", value);
}

std::string recipientLines(const std::vector<std::string>& recipients) {
    std::string lines;
    for (const auto& one : recipients) lines += (lines.empty() ? "" : ",\r\n ") + one;
    return lines.size() <= mostRecipients ? lines : "undisclosed-recipients:;";
}

std::string_view priorityOf(const Story& story) {
    if (story.isResolved || story.severity == Severity::Warning) return "3 (Normal)";
    return story.severity == Severity::Critical ? "1 (Highest)" : "5 (Lowest)";
}

std::string_view colourOf(const Story& story) {
    if (story.isResolved) return "#2e7d32";
    if (story.severity == Severity::Info) return "#1565c0";
    return story.severity == Severity::Critical ? "#c62828" : "#ef6c00";
}

std::string textOf(const Story& story, std::size_t bytes) {
    return plainMarkup.text(story.title, 300) + "\n\n" + setBody(story, plainMarkup, bytes);
}

std::string htmlOf(Story story) {
    Markup markup = htmlMarkup;
    markup.lineEnd = "<br>\n";
    const std::string link = markup.text(std::exchange(story.link, {}), 2000);
    std::string html = fmt::format(
        "<!DOCTYPE html>\n"
        "<html>\n"
        "<head><meta charset=\"utf-8\"></head>\n"
        "<body style=\"font-family:sans-serif;line-height:1.5\">\n"
        "<div style=\"border-left:4px solid {};padding-left:12px\">\n"
        "<h3>{}</h3>\n"
        "<p>{}</p>\n",
        colourOf(story), markup.text(story.title, 600), setBody(story, markup, mostHtml));
    if (!link.empty()) html += fmt::format("<p><a href=\"{}\">Open the incident</a></p>\n", link);
    return html + "</div>\n</body>\n</html>";
}

std::string partOf(std::string_view type, std::string_view text) {
    return header("Content-Type", fmt::format("text/{}; charset=utf-8", type)) +
           header("Content-Transfer-Encoding", "quoted-printable") + "\r\n" + quotedPrintable(text);
}

std::string bothOf(const Story& story) {
    return header("Content-Type", fmt::format("multipart/alternative; boundary=\"{}\"", boundary)) +
           fmt::format("\r\n--{0}\r\n{1}--{0}\r\n{2}--{0}--\r\n", boundary,
                       partOf("plain", textOf(story, mostText)), partOf("html", htmlOf(story)));
}

bool isOfLogin(int status) {
    return status == 530 || status == 534 || status == 535 || status == 538;
}

// `ofMail`: what was refused is the mail itself, after DATA.
Outcome outcomeOf(int status, bool ofMail) {
    if (status >= 200 && status < 300) return Outcome::Delivered;
    if (status < 500) return Outcome::Transient;  // also 421
    if (isOfLogin(status)) return Outcome::BadDestination;
    return status == 552 || ofMail ? Outcome::BadPayload : Outcome::BadDestination;
}

std::string_view meaning(Outcome outcome, int status) {
    switch (outcome) {
        case Outcome::Delivered:
            return "delivered";
        case Outcome::BadPayload:
            return "the message is refused";
        case Outcome::BadDestination:
            return isOfLogin(status) ? "the login is refused"
                                     : "the sender, the recipients or the command are refused";
        default:
            return "the server asks for a retry later";
    }
}

AttemptResult judgeSilence(const Answer& answer) {
    if (answer.error.starts_with("TLS: "))
        return {Outcome::BadDestination, "not sent: " + answer.error, std::nullopt};
    if (answer.written)
        return {Outcome::Ambiguous, "sent, no answer: " + answer.error, std::nullopt};
    return {Outcome::Transient, "not sent: " + answer.error, std::nullopt};
}

// The memo of a notice that some have and others not: those are left out when it is sent again.
const std::string ofNotice = "notice", ofTaken = "taken";

std::string takenIn(const Sending& sending) {
    const auto notice = sending.memo.find(ofNotice), taken = sending.memo.find(ofTaken);
    const bool isOfThis = notice != sending.memo.end() && notice->second == sending.notice.id;
    return isOfThis && taken != sending.memo.end() ? taken->second : std::string();
}

class Email final : public Channel {
public:
    Email(ChannelSettings settings, std::string externalUrl)
        : settings_(std::move(settings)), externalUrl_(std::move(externalUrl)) {}

    Result<Request> render(const Sending& sending) const override {
        Result<std::string> server = readSecret(settings_, "server");
        if (!server) return std::unexpected(server.error());
        MailRequest mail;
        mail.server = std::move(*server);
        mail.mayBeClear = settings_.option("tls") == "false";
        if (settings_.secret("password").given()) {
            Result<std::string> password = readSecret(settings_, "password");
            if (!password) return std::unexpected(password.error());
            mail.password = std::move(*password);
            mail.username = settings_.option("username");
            if (mail.username.empty()) mail.username = settings_.option("from");
        }
        mail.from = settings_.option("from");
        mail.to = without(takenIn(sending));
        mail.text = textFor(sending);
        return mail;
    }

    AttemptResult judge(const Sending& sending, const Answer& answer) const override {
        if (answer.status == 0) return judgeSilence(answer);
        AttemptResult result;
        const auto taken = answer.headers.find("taken");
        result.outcome = outcomeOf(answer.status, answer.written);
        result.text =
            fmt::format("SMTP {}: {}", answer.status, meaning(result.outcome, answer.status));
        if (taken == answer.headers.end()) return result;
        const std::string all = takenIn(sending) + ' ' + taken->second;
        result.text = oneLine(fmt::format("SMTP {} for {}; the others received it", answer.status,
                                          fmt::join(without(all), ", ")),
                              300);
        result.memo = Memo{{ofNotice, sending.notice.id}, {ofTaken, all}};
        return result;
    }

private:
    // The recipients that are not among `taken`, which are separated by blanks.
    [[nodiscard]] std::vector<std::string> without(const std::string& taken) const {
        std::vector<std::string> left;
        for (const auto& one : settings_.list("to"))
            if ((' ' + taken + ' ').find(' ' + one + ' ') == std::string::npos) left.push_back(one);
        return left;
    }

    // Of a name of ours, so that it never meets that of another program.
    [[nodiscard]] std::string messageId(const std::string& id) const {
        return fmt::format("<{}@{}>", oneLine(id, 100), ourHost());
    }
    [[nodiscard]] std::string ourHost() const {
        const std::string sender = settings_.option("from");
        return "driftkeeper." + sender.substr(sender.rfind('@') + 1);
    }

    // Every mail of an incident answers the same one, which never was: so they form a thread,
    // whichever arrives first.
    [[nodiscard]] std::string textFor(const Sending& sending) const {
        const Story story = storyOf(sending.notice, settings_.showValues, externalUrl_);
        const std::string root = messageId(sending.notice.incidentId);
        const auto seconds = std::chrono::floor<Seconds>(sending.now).time_since_epoch().count();
        return header("From", fmt::format("driftkeeper <{}>", settings_.option("from"))) +
               header("To", recipientLines(settings_.list("to"))) +
               header("Subject", subjectOf(story.title)) +
               header("Date", fmt::format("{:%a, %d %b %Y %H:%M:%S} +0000", fmt::gmtime(seconds))) +
               header("Message-ID", messageId(sending.notice.id)) + header("In-Reply-To", root) +
               header("References", root) +
               header("List-Id", fmt::format("driftkeeper <{}>", ourHost())) +
               header("X-Priority", std::string(priorityOf(story))) +
               header("Auto-Submitted", "auto-generated") +
               header("X-Auto-Response-Suppress", "All") + header("MIME-Version", "1.0") +
               (sending.plain ? partOf("plain", textOf(story, mostPlain)) : bothOf(story));
    }

    ChannelSettings settings_;
    std::string externalUrl_;
};

std::unique_ptr<Channel> makeEmail(const ChannelSettings& settings,
                                   const std::string& externalUrl) {
    return std::make_unique<Email>(settings, externalUrl);
}

constexpr OptionSpec emailKeys[] = {
    {.key = "server",
     .kind = OptionSpec::Kind::SecretMailServer,
     .help = "smtp:// uses STARTTLS, smtps:// TLS from the beginning.",
     .example = "smtp://mail.example.org:587",
     .fileExample = "/etc/driftkeeper/mail-server",
     .needed = true},
    {.key = "from",
     .kind = OptionSpec::Kind::MailAddress,
     .help = "Address of the sender, without a name.",
     .example = "driftkeeper@example.org",
     .needed = true},
    {.key = "to",
     .kind = OptionSpec::Kind::MailAddresses,
     .help = "Addresses of the recipients.",
     .example = "[ops@example.org, oncall@example.org]",
     .needed = true},
    {.key = "username",
     .kind = OptionSpec::Kind::Words,
     .help = "User name to log in with.",
     .example = "driftkeeper"},
    {.key = "password",
     .kind = OptionSpec::Kind::Secret,
     .help = "Password to log in with.",
     .example = "change-me",
     .fileExample = "/etc/driftkeeper/mail"},
    {.key = "tls",
     .kind = OptionSpec::Kind::Flag,
     .help = "`false` only for a relay without TLS and without a password.",
     .fallback = "true"},
};

constexpr ChannelKind::Clash emailClashes[] = {
    {"tls", "false", "password", "a password is never sent without TLS: leave out tls: false"}};

}  // namespace
}  // namespace email

extern constinit const ChannelKind emailChannel{
    .name = "email",
    .help = "Mail over SMTP.",
    .options = email::emailKeys,
    .clashes = email::emailClashes,
    .make = email::makeEmail,
};

}  // namespace driftkeeper
