#include <doctest/doctest.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "daemon/notify/channel.hpp"
#include "tests/daemon/notify/loopback_server.hpp"
#include "tests/daemon/notify/sample_notice.hpp"
#include "tests/support/files.hpp"
#include "tests/support/run.hpp"

namespace driftkeeper {
namespace mail_client_test {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;
using tests::LoopbackServer;

// A key and a self-signed certificate for 127.0.0.1 in one file, made once.
const std::filesystem::path& certificate() {
    static const tests::TempDir folder;
    static const std::filesystem::path file = [] {
        const auto key = folder / "key.pem", made = folder / "certificate.pem";
        tests::outputOf({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                         "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out", made, "-days",
                         "2", "-subj", "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1"});
        tests::writeFile(folder / "both.pem", tests::readFile(key) + tests::readFile(made));
        return folder / "both.pem";
    }();
    return file;
}

// tests/support/mail_server.py, as long as this lives.
class MailServer {
public:
    explicit MailServer(std::vector<std::string> arguments) {
        arguments.insert(
            arguments.begin(),
            {"/usr/bin/python3", DRIFTKEEPER_SOURCE_DIR "/tests/support/mail_server.py",
             folder_.path().string(), "--certificate", certificate().string()});
        std::array<int, 2> in{}, out{};
        if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0)
            throw std::runtime_error("no pipe");
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, in[0], 0);
        posix_spawn_file_actions_adddup2(&actions, out[1], 1);
        std::vector<char*> argv;
        for (auto& argument : arguments) argv.push_back(argument.data());
        argv.push_back(nullptr);
        const int error = ::posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), environ);
        posix_spawn_file_actions_destroy(&actions);
        ::close(in[0]);
        ::close(out[1]);
        input_ = in[1];
        if (error == 0) port_ = firstLine(out[0]);
        ::close(out[0]);
    }
    ~MailServer() {
        ::close(input_);
        if (pid_ > 0) ::waitpid(pid_, nullptr, 0);
    }
    MailServer(const MailServer&) = delete;
    MailServer& operator=(const MailServer&) = delete;

    [[nodiscard]] std::string url(const std::string& scheme = "smtp") const {
        return scheme + "://127.0.0.1:" + port_;
    }
    [[nodiscard]] std::filesystem::path mail(int number) const {
        return folder_ / (std::to_string(number) + ".eml");
    }
    [[nodiscard]] json envelope(int number) const {
        return json::parse(tests::readFile(folder_ / (std::to_string(number) + ".json")));
    }
    [[nodiscard]] int count() const {
        int number = 0;
        while (std::filesystem::exists(mail(number + 1))) ++number;
        return number;
    }

private:
    static std::string firstLine(int file) {
        std::string line;
        for (char c = 0; ::read(file, &c, 1) == 1 && c != '\n';) line += c;
        return line;
    }

    tests::TempDir folder_;
    pid_t pid_ = -1;
    int input_ = -1;
    std::string port_;
};

HttpClient::Options options() {
    HttpClient::Options options;
    options.tlsCaFile = certificate();
    options.direct = true;
    return options;
}

MailRequest mailTo(const std::string& server,
                   std::vector<std::string> recipients = {"ops@example.com"}) {
    MailRequest mail;
    mail.server = server;
    mail.from = "driftkeeper@example.org";
    mail.to = std::move(recipients);
    mail.text = "Subject: one\r\n\r\nfirst\r\n.\r\n..two dots\r\n";
    return mail;
}

MailRequest withLogin(MailRequest mail, std::string password = "canary") {
    mail.username = "keeper";
    mail.password = std::move(password);
    return mail;
}

std::unique_ptr<Channel> channelTo(const std::string& server, std::vector<std::string> recipients) {
    auto settings = tests::sampleSettings(*channelKind("email"), server);
    settings.options["from"] = {"driftkeeper@example.org"};
    settings.options["to"] = std::move(recipients);
    settings.options["username"] = {"keeper"};
    settings.secrets["password"].value = "canary";
    return makeChannel(settings, "http://127.0.0.1:9743/");
}

MailRequest rendered(const Channel& channel, const Notice& notice, Memo memo = {}) {
    return std::get<MailRequest>(
        channel.render({notice, tests::sampleNow(), false, 0, std::move(memo)}).value());
}

TEST_CASE("a mail goes over STARTTLS with a login and arrives as it was") {
    for (const char* other : {"LOGIN", "PLAIN"}) {
        const MailServer server(
            {"--tls", "starttls", "--login", "keeper:canary", "--without", other});
        const auto mail =
            withLogin(mailTo(server.url(), {"ops@example.com", "second@example.com"}));
        const Answer answer = sendMail(mail, options());
        CHECK(answer.error == "");
        CHECK(answer.status == 250);
        CHECK(answer.written);
        CHECK_FALSE(answer.headers.contains("taken"));
        REQUIRE(server.count() == 1);
        CHECK(tests::readFile(server.mail(1)) == mail.text);
        CHECK(server.envelope(1) == json{{"from", "driftkeeper@example.org"},
                                         {"to", {"ops@example.com", "second@example.com"}},
                                         {"login", "keeper"},
                                         {"tls", true}});
    }
}

TEST_CASE("smtps means TLS from the first byte") {
    const MailServer server({"--tls", "implicit", "--login", "keeper:canary"});
    CHECK(sendMail(withLogin(mailTo(server.url("smtps"))), options()).status == 250);
    CHECK(server.envelope(1)["tls"] == true);
}

TEST_CASE("a certificate that nobody vouches for is refused before anything is sent") {
    for (const std::string tls : {"starttls", "implicit"}) {
        const MailServer server({"--tls", tls, "--login", "keeper:canary"});
        HttpClient::Options wrong = options();
        wrong.tlsCaFile.clear();
        const auto answer =
            sendMail(withLogin(mailTo(server.url(tls == "implicit" ? "smtps" : "smtp"))), wrong);
        CHECK(answer.status == 0);
        CHECK(answer.error.starts_with("TLS: "));
        CHECK_FALSE(answer.written);
        CHECK(server.count() == 0);
    }
}

TEST_CASE("a server without TLS gets a mail only when that was allowed, and never a password") {
    const MailServer server({});
    auto mail = mailTo(server.url());
    CHECK(sendMail(mail, options()).error.starts_with("TLS: "));
    mail.mayBeClear = true;
    CHECK(sendMail(withLogin(mail), options()).error.starts_with("TLS: "));
    CHECK(server.count() == 0);
    CHECK(sendMail(mail, options()).status == 250);
    CHECK(server.envelope(1)["tls"] == false);
    mail.server = server.url("smtps");
    CHECK(sendMail(mail, options()).error.starts_with("TLS: "));
}

TEST_CASE("a relay that offers TLS gets a clear mail over TLS all the same") {
    const MailServer server({"--tls", "starttls"});
    auto mail = mailTo(server.url());
    mail.mayBeClear = true;
    CHECK(sendMail(mail, options()).status == 250);
    CHECK(server.envelope(1)["tls"] == true);
}

TEST_CASE("a wrong login is a refusal with its code") {
    const MailServer server({"--tls", "starttls", "--login", "keeper:canary"});
    CHECK(sendMail(withLogin(mailTo(server.url()), "wrong"), options()).status == 535);
    CHECK(sendMail(mailTo(server.url()), options()).status == 530);
    const MailServer strange({"--tls", "starttls", "--login", "keeper:canary", "--without", "PLAIN",
                              "--without", "LOGIN"});
    const int status = sendMail(withLogin(mailTo(strange.url())), options()).status;
    CHECK((status == 530 || status == 534));
    CHECK(server.count() + strange.count() == 0);
}

TEST_CASE("a refused recipient does not stop the others, and it is known who has the mail") {
    const MailServer server({"--tls", "starttls", "--recipient",
                             "gone@example.com=550 no such user", "--recipient",
                             "grey@example.com=451 come back later"});
    const auto send = [&](std::vector<std::string> recipients) {
        return sendMail(mailTo(server.url(), std::move(recipients)), options());
    };
    const Answer some =
        send({"one@example.com", "gone@example.com", "grey@example.com", "two@example.com"});
    CHECK(some.status == 550);
    CHECK(some.headers.at("taken") == "one@example.com two@example.com");
    CHECK_FALSE(some.written);
    CHECK(server.envelope(1)["to"] == json{"one@example.com", "two@example.com"});
    CHECK(send({"grey@example.com", "one@example.com"}).status == 451);
    REQUIRE(server.count() == 2);

    for (const Answer& none :
         {send({"gone@example.com", "grey@example.com"}),
          send({"grey@example.com", "gone@example.com"}), send({"gone@example.com"})}) {
        CHECK(none.status == 550);
        CHECK_FALSE(none.headers.contains("taken"));
        CHECK_FALSE(none.written);
    }
    CHECK(send({"grey@example.com"}).status == 451);
    CHECK(server.count() == 2);
    CHECK(send({}).status == 250);
}

TEST_CASE("a refusal of the mail itself counts for everybody") {
    const MailServer server({"--tls", "starttls", "--data", "554 looks like spam", "--recipient",
                             "gone@example.com=550 no"});
    const Answer answer =
        sendMail(mailTo(server.url(), {"ops@example.com", "gone@example.com"}), options());
    CHECK(answer.status == 554);
    CHECK(answer.written);
    CHECK_FALSE(answer.headers.contains("taken"));
    const MailServer small({"--tls", "starttls", "--size", "10"});
    const Answer tooLarge = sendMail(mailTo(small.url()), options());
    CHECK(tooLarge.status == 552);
    CHECK_FALSE(tooLarge.written);
}

TEST_CASE("a server that hangs up after the mail may have it") {
    const MailServer server({"--tls", "starttls", "--drop"});
    const Answer answer = sendMail(mailTo(server.url()), options());
    CHECK(answer.status == 0);
    CHECK(answer.written);
    CHECK(answer.error != "");
    CHECK(server.count() == 1);
}

TEST_CASE("the reply to the farewell is not waited for") {
    const MailServer server({"--tls", "starttls", "--mute-quit"});
    const auto begin = std::chrono::steady_clock::now();
    CHECK(sendMail(mailTo(server.url()), options()).status == 250);
    CHECK(std::chrono::steady_clock::now() - begin < 10s);
}

TEST_CASE("a server that is not there, says nothing or is too busy") {
    const Answer nobody = sendMail(mailTo("smtp://127.0.0.1:9"), options());
    CHECK(nobody.status == 0);
    CHECK_FALSE(nobody.written);
    CHECK_FALSE(nobody.error.starts_with("TLS"));
    CHECK(nobody.error.find("127.0.0.1") == std::string::npos);

    const LoopbackServer mute([](const tests::Caller& peer) { peer.waitForClose(); });
    const auto url = [](const LoopbackServer& server) {
        return "smtp" + server.url("").substr(0, server.url("").rfind("/canary"));
    };
    HttpClient::Options impatient = options();
    impatient.total = 300ms;
    const auto begin = std::chrono::steady_clock::now();
    const Answer late = sendMail(mailTo(url(mute)), impatient);
    CHECK(std::chrono::steady_clock::now() - begin < 5s);
    CHECK(late.status == 0);
    CHECK_FALSE(late.written);

    const LoopbackServer busy(
        [](const tests::Caller& peer) { peer.send("421-not\r\n421 now\r\n"); });
    CHECK(sendMail(mailTo(url(busy)), options()).status == 421);
}

TEST_CASE("an address that would begin a command is never sent") {
    const MailServer server({"--tls", "starttls"});
    for (const char* address :
         {"a@example.com>\r\nRCPT TO:<b@example.com", "a b@example.com", "<a@example.com>", ""}) {
        const Answer answer =
            sendMail(mailTo(server.url(), {"ops@example.com", address}), options());
        CHECK(answer.status == 0);
        CHECK_FALSE(answer.written);
    }
    CHECK(server.count() == 0);
}

// What Python's parser makes of the first so many mails.
json parsed(const MailServer& server, int count) {
    const std::string script = R"(
import email, email.policy, json, sys
def parsed(path):
    m = email.message_from_binary_file(open(path, 'rb'), policy=email.policy.default)
    parts = [p for p in m.walk() if not p.is_multipart()]
    defects = [str(d) for p in m.walk() for d in p.defects] + [str(d) for v in m.values() for d in v.defects]
    return {'headers': dict(m.items()), 'defects': defects,
            'parts': {p.get_content_type(): p.get_content() for p in parts}}
print(json.dumps([parsed(path) for path in sys.argv[1:]])))";
    std::vector<std::string> command = {"/usr/bin/python3", "-c", script};
    for (int number = 1; number <= count; ++number) command.push_back(server.mail(number));
    return json::parse(tests::outputOf(command));
}

TEST_CASE("a whole incident arrives as a thread of proper mails, whatever it is about") {
    const MailServer server({"--tls", "starttls", "--login", "keeper:canary"});
    const auto channel = channelTo(server.url(), {"ops@example.com", "second@example.com"});
    const auto idOf = [](std::size_t mail) { return "delivery-" + std::to_string(mail); };
    const std::array events = {Event::Opened, Event::Changed, Event::Reminder, Event::Resolved};
    std::size_t sent = 0;
    for (const std::size_t drifts : {0U, 1U, 30U, 1000U}) {
        auto notice = drifts == 0 ? tests::sampleNotice() : tests::hostileNotice(drifts);
        for (const Event event : events) {
            notice.event = event;
            notice.id = idOf(sent++);
            const auto answer = sendMail(rendered(*channel, notice), options());
            CHECK(answer.error == "");
            CHECK(channel->judge({notice, tests::sampleNow()}, answer).outcome ==
                  Outcome::Delivered);
        }
    }
    const auto mails = parsed(server, static_cast<int>(sent));
    REQUIRE(mails.size() == sent);
    const std::string root = "<" + tests::sampleNotice().incidentId + "@driftkeeper.example.org>";
    for (std::size_t i = 0; i < sent; ++i) {
        const auto& headers = mails[i]["headers"];
        const Event event = events[i % events.size()];
        CAPTURE(headers.dump(1));
        CHECK(mails[i]["defects"] == json::array());
        CHECK(headers["Message-ID"] == "<" + idOf(i) + "@driftkeeper.example.org>");
        CHECK(headers["In-Reply-To"] == root);
        CHECK(headers["References"] == root);
        CHECK(headers["To"] == "ops@example.com, second@example.com");
        CHECK(headers["Subject"].get<std::string>().starts_with("Resolved: ") ==
              (event == Event::Resolved));
        const auto text = mails[i]["parts"]["text/plain"].get<std::string>();
        CHECK(text.find("\n\n" + std::string(name(event))) != std::string::npos);
        CHECK(mails[i]["parts"]["text/html"].get<std::string>().find(
                  "\n<p>" + std::string(name(event))) != std::string::npos);
        CHECK(mails[i].dump().find("canary") == std::string::npos);
    }
}

TEST_CASE("who has a mail does not get it again because somebody else was refused") {
    const MailServer server({"--tls", "starttls", "--login", "keeper:canary", "--recipient",
                             "gone@example.com=550 no", "--recipient",
                             "grey@example.com=451 later"});
    const auto notice = tests::sampleNotice();
    for (const std::string refused : {"gone@example.com", "grey@example.com"}) {
        const auto channel =
            channelTo(server.url(), {"ops@example.com", refused, "second@example.com"});
        const Sending first{notice, tests::sampleNow()};
        const auto result = channel->judge(first, sendMail(rendered(*channel, notice), options()));
        CHECK(result.outcome ==
              (refused == "gone@example.com" ? Outcome::BadDestination : Outcome::Transient));
        CHECK(result.text.find(refused) != std::string::npos);
        REQUIRE(result.memo.has_value());

        CHECK(rendered(*channel, notice, *result.memo).to == std::vector{refused});
        auto next = notice;
        next.id = "another";
        CHECK(rendered(*channel, next, *result.memo).to.size() == 3);
    }
    CHECK(server.count() == 2);
}

}  // namespace
}  // namespace mail_client_test
}  // namespace driftkeeper
