#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "daemon/notify/channel.hpp"
#include "tests/daemon/notify/sample_notice.hpp"

namespace driftkeeper {
namespace email_test {
namespace {

ChannelSettings mailSettings() {
    auto settings = tests::sampleSettings(*channelKind("email"), "smtp://mail.example.org:587");
    settings.options["from"] = {"driftkeeper@example.org"};
    settings.options["to"] = {"ops@example.com", "network@example.com"};
    settings.options["username"] = {"keeper"};
    settings.secrets["password"].value = "canary";
    return settings;
}

MailRequest mailFor(const Notice& notice, bool plain = false,
                    const ChannelSettings& settings = mailSettings()) {
    const auto channel = makeChannel(settings, "http://127.0.0.1:9743/");
    return std::get<MailRequest>(channel->render({notice, tests::sampleNow(), plain}).value());
}

std::string withLineFeeds(std::string text) {
    std::erase(text, '\r');
    return text;
}

bool holds(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

// The lines of a header, without its name and the CRLF at its end.
std::string headerOf(const MailRequest& mail, std::string_view name) {
    const auto begin = mail.text.find("\r\n" + std::string(name) + ": ") + name.size() + 4;
    auto end = mail.text.find("\r\n", begin);
    while (mail.text[end + 2] == ' ') end = mail.text.find("\r\n", end + 2);
    return mail.text.substr(begin, end - begin);
}

// Breaks the test unless every line is ASCII, at most 76 bytes long and ends in CRLF.
void checkLines(const std::string& text) {
    CHECK(text.size() <= 200'000);
    std::size_t begin = 0, wrong = 0;
    for (std::size_t end = 0; begin < text.size(); begin = end + 2) {
        end = text.find("\r\n", begin);
        REQUIRE(end != std::string::npos);
        const auto line = text.substr(begin, end - begin);
        const bool isAscii = std::ranges::all_of(line, [](char c) { return c >= ' ' && c <= '~'; });
        wrong += line.size() > 76 || !isAscii || line.ends_with(' ') ? 1 : 0;
    }
    CHECK(wrong == 0);
}

AttemptResult judged(int status, bool written, const std::string& error = {}) {
    Answer answer;
    answer.status = status;
    answer.written = written;
    answer.error = error;
    return tests::judged(*makeChannel(mailSettings(), ""), answer);
}

TEST_CASE("an opened incident as a mail") {
    const auto mail = mailFor(tests::sampleNotice());
    CHECK(mail.server == "smtp://mail.example.org:587");
    CHECK_FALSE(mail.mayBeClear);
    CHECK(mail.username == "keeper");
    CHECK(mail.password == "canary");
    CHECK(mail.from == "driftkeeper@example.org");
    CHECK(mail.to == std::vector<std::string>{"ops@example.com", "network@example.com"});
    CHECK(withLineFeeds(mail.text) == R"mail(From: driftkeeper <driftkeeper@example.org>
To: ops@example.com,
 network@example.com
Subject: infra/prod/network drifted: 1 resource differs from Git
Date: Sun, 22 Nov 2026 19:07:00 +0000
Message-ID: <11111111-2222-3333-4444-555555555555@driftkeeper.example.org>
In-Reply-To: <aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee@driftkeeper.example.org>
References: <aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee@driftkeeper.example.org>
List-Id: driftkeeper <driftkeeper.example.org>
X-Priority: 1 (Highest)
Auto-Submitted: auto-generated
X-Auto-Response-Suppress: All
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="=_driftkeeper"

--=_driftkeeper
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

infra/prod/network drifted: 1 resource differs from Git

opened =C2=B7 severity critical =C2=B7 since 2026-11-22T19:02:00Z
infra/prod/network =C2=B7 commit 3f2c9b1e5a =C2=B7 terraform =C2=B7 owner @=
org/network
live modified aws_security_group.web =C2=B7 critical =C2=B7 since 2026-11-2=
2T19:02:00Z
=E2=80=A2 ingress[0].cidr_blocks[0]: 10.0.0.0/8 =E2=86=92 0.0.0.0/0
Apply to undo the live change, or commit it.
http://127.0.0.1:9743/#aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee
--=_driftkeeper
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: quoted-printable

<!DOCTYPE html>
<html>
<head><meta charset=3D"utf-8"></head>
<body style=3D"font-family:sans-serif;line-height:1.5">
<div style=3D"border-left:4px solid #c62828;padding-left:12px">
<h3>infra/prod/network drifted: 1 resource differs from Git</h3>
<p>opened =C2=B7 severity critical =C2=B7 since 2026-11-22T19:02:00Z<br>
<code>infra/prod/network</code> =C2=B7 commit 3f2c9b1e5a =C2=B7 terraform =
=C2=B7 owner @org/network<br>
<b>live modified</b> <code>aws_security_group.web</code> =C2=B7 critical =
=C2=B7 since 2026-11-22T19:02:00Z<br>
=E2=80=A2 <code>ingress[0].cidr_blocks[0]</code>: <code>10.0.0.0/8</code> =
=E2=86=92 <code>0.0.0.0/0</code><br>
Apply to undo the live change, or commit it.</p>
<p><a href=3D"http://127.0.0.1:9743/#aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee">=
Open the incident</a></p>
</div>
</body>
</html>
--=_driftkeeper--
)mail");
}

TEST_CASE("a resolved incident as a mail") {
    CHECK(withLineFeeds(mailFor(tests::sampleNotice(Event::Resolved)).text) ==
          R"mail(From: driftkeeper <driftkeeper@example.org>
To: ops@example.com,
 network@example.com
Subject: Resolved: infra/prod/network
Date: Sun, 22 Nov 2026 19:07:00 +0000
Message-ID: <11111111-2222-3333-4444-555555555555@driftkeeper.example.org>
In-Reply-To: <aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee@driftkeeper.example.org>
References: <aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee@driftkeeper.example.org>
List-Id: driftkeeper <driftkeeper.example.org>
X-Priority: 3 (Normal)
Auto-Submitted: auto-generated
X-Auto-Response-Suppress: All
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="=_driftkeeper"

--=_driftkeeper
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

Resolved: infra/prod/network

resolved =C2=B7 since 2026-11-22T19:02:00Z
infra/prod/network =C2=B7 commit 3f2c9b1e5a =C2=B7 terraform =C2=B7 owner @=
org/network
=E2=9C=93 aws_security_group.web in_sync
http://127.0.0.1:9743/#aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee
--=_driftkeeper
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: quoted-printable

<!DOCTYPE html>
<html>
<head><meta charset=3D"utf-8"></head>
<body style=3D"font-family:sans-serif;line-height:1.5">
<div style=3D"border-left:4px solid #2e7d32;padding-left:12px">
<h3>Resolved: infra/prod/network</h3>
<p>resolved =C2=B7 since 2026-11-22T19:02:00Z<br>
<code>infra/prod/network</code> =C2=B7 commit 3f2c9b1e5a =C2=B7 terraform =
=C2=B7 owner @org/network<br>
=E2=9C=93 aws_security_group.web in_sync</p>
<p><a href=3D"http://127.0.0.1:9743/#aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee">=
Open the incident</a></p>
</div>
</body>
</html>
--=_driftkeeper--
)mail");
}

TEST_CASE("the smallest mail is text alone") {
    CHECK(withLineFeeds(mailFor(tests::sampleNotice(), true).text) ==
          R"mail(From: driftkeeper <driftkeeper@example.org>
To: ops@example.com,
 network@example.com
Subject: infra/prod/network drifted: 1 resource differs from Git
Date: Sun, 22 Nov 2026 19:07:00 +0000
Message-ID: <11111111-2222-3333-4444-555555555555@driftkeeper.example.org>
In-Reply-To: <aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee@driftkeeper.example.org>
References: <aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee@driftkeeper.example.org>
List-Id: driftkeeper <driftkeeper.example.org>
X-Priority: 1 (Highest)
Auto-Submitted: auto-generated
X-Auto-Response-Suppress: All
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

infra/prod/network drifted: 1 resource differs from Git

opened =C2=B7 severity critical =C2=B7 since 2026-11-22T19:02:00Z
infra/prod/network =C2=B7 commit 3f2c9b1e5a =C2=B7 terraform =C2=B7 owner @=
org/network
live modified aws_security_group.web =C2=B7 critical =C2=B7 since 2026-11-2=
2T19:02:00Z
=E2=80=A2 ingress[0].cidr_blocks[0]: 10.0.0.0/8 =E2=86=92 0.0.0.0/0
Apply to undo the live change, or commit it.
http://127.0.0.1:9743/#aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee
)mail");
}

TEST_CASE("a mail has short lines of ASCII and a bound, whatever it is about") {
    for (const std::size_t drifts : {0U, 1U, 30U, 1000U}) {
        auto notice = drifts == 0 ? tests::sampleNotice() : tests::hostileNotice(drifts);
        for (const Event event : {Event::Opened, Event::Resolved}) {
            notice.event = event;
            const auto full = mailFor(notice).text, plain = mailFor(notice, true).text;
            checkLines(full);
            checkLines(plain);
            CHECK(plain.size() < 20'000);
            CHECK_FALSE(holds(plain, "text/html"));
            CHECK_FALSE(holds(full, "canary"));
        }
    }
}

TEST_CASE("a subject that is not short ASCII is encoded, and never adds a header") {
    const auto subjectOf = [](std::string subject) {
        auto notice = tests::sampleNotice();
        notice.stacks.front().stack = std::move(subject);
        const auto mail = mailFor(notice);
        checkLines(mail.text);
        return headerOf(mail, "Subject");
    };
    CHECK(subjectOf("infra/größe") ==
          "=?UTF-8?Q?infra=2Fgr=C3=B6=C3=9Fe_drifted=3A_1_resource_differ?=\r\n"
          " =?UTF-8?Q?s_from_Git?=");
    CHECK(subjectOf("=?UTF-8?Q?x?=").starts_with("=?UTF-8?Q?=3D=3FUTF=2D8=3FQ=3Fx=3F=3D"));
    CHECK(subjectOf(std::string(500, 'x')).starts_with("=?UTF-8?Q?xxxx"));
    for (const char* hostile :
         {"a\r\nBcc: x@example.com", "a\nBcc: x@example.com", "a\rBcc: x@example.com"})
        CHECK_FALSE(holds(subjectOf(hostile), "\nBcc"));
    // A word of 52 ends before the character that does not fit.
    CHECK(holds(subjectOf(std::string(51, 'x') + "ö"),
                std::string(51, 'x') + "?=\r\n =?UTF-8?Q?=C3=B6"));
}

TEST_CASE("the severity is the priority, and an end is nothing to worry about") {
    auto notice = tests::sampleNotice();
    for (const auto& [severity, priority] :
         {std::pair{Severity::Critical, "1 (Highest)"}, std::pair{Severity::Warning, "3 (Normal)"},
          std::pair{Severity::Info, "5 (Lowest)"}}) {
        notice.stacks.front().drifts.front().drift.severity = severity;
        CHECK(headerOf(mailFor(notice), "X-Priority") == priority);
    }
    CHECK(headerOf(mailFor(tests::sampleNotice(Event::Resolved)), "X-Priority") == "3 (Normal)");
}

TEST_CASE("values stay away when they are hidden") {
    auto settings = mailSettings();
    settings.showValues = false;
    const auto text = mailFor(tests::sampleNotice(), false, settings).text;
    CHECK(holds(text, "ingress[0].cidr_blocks[0]"));
    CHECK_FALSE(holds(text, "0.0.0.0/0"));
}

TEST_CASE("a login needs a password, and a secret that cannot be read is the setup's fault") {
    auto settings = mailSettings();
    settings.options.erase("username");
    CHECK(mailFor(tests::sampleNotice(), false, settings).username == "driftkeeper@example.org");
    settings.secrets["password"].value.clear();
    settings.options["tls"] = {"false"};
    const auto clear = mailFor(tests::sampleNotice(), false, settings);
    CHECK(clear.username == "");
    CHECK(clear.password == "");
    CHECK(clear.mayBeClear);
    settings.secrets["password"].file = "/nowhere/at/all";
    const auto notice = tests::sampleNotice();
    const auto request = makeChannel(settings, "")->render({notice, tests::sampleNow()});
    REQUIRE_FALSE(request.has_value());
    CHECK(request.error().code == "channel_secret");
}

TEST_CASE("more recipients than a header should hold are not shown") {
    auto settings = mailSettings();
    settings.options["to"].assign(1000, "somebody@example.com");
    const auto mail = mailFor(tests::sampleNotice(), false, settings);
    CHECK(mail.to.size() == 1000);
    CHECK(headerOf(mail, "To") == "undisclosed-recipients:;");
    checkLines(mail.text);
}

TEST_CASE("a reply code says what has to happen next") {
    struct Row {
        int status;
        bool ofMail;
        Outcome outcome;
    };
    using enum Outcome;
    for (const Row& row : {Row{250, true, Delivered},       Row{251, true, Delivered},
                           Row{421, false, Transient},      Row{421, true, Transient},
                           Row{450, false, Transient},      Row{451, true, Transient},
                           Row{452, false, Transient},      Row{454, false, Transient},
                           Row{500, false, BadDestination}, Row{503, false, BadDestination},
                           Row{521, false, BadDestination}, Row{530, false, BadDestination},
                           Row{534, false, BadDestination}, Row{535, false, BadDestination},
                           Row{538, false, BadDestination}, Row{550, false, BadDestination},
                           Row{551, false, BadDestination}, Row{552, false, BadPayload},
                           Row{552, true, BadPayload},      Row{553, false, BadDestination},
                           Row{554, false, BadDestination}, Row{554, true, BadPayload},
                           Row{550, true, BadPayload},      Row{571, true, BadPayload}}) {
        CAPTURE(row.status);
        const auto result = judged(row.status, row.ofMail);
        CHECK(result.outcome == row.outcome);
        CHECK(holds(result.text, "SMTP " + std::to_string(row.status)));
        CHECK_FALSE(result.memo.has_value());
    }
    CHECK(judged(0, false, "Couldn't connect to server").outcome == Transient);
    CHECK(judged(0, true, "Timeout was reached").outcome == Ambiguous);
    CHECK(judged(0, false, "TLS: SSL connect error").outcome == BadDestination);
}

TEST_CASE("who has a mail is remembered until all have it") {
    const auto channel = makeChannel(mailSettings(), "");
    const auto notice = tests::sampleNotice();
    Answer answer;
    answer.status = 451;
    answer.headers["taken"] = "ops@example.com";
    const auto first = channel->judge({notice, tests::sampleNow()}, answer);
    CHECK(first.outcome == Outcome::Transient);
    CHECK(first.text == "SMTP 451 for network@example.com; the others received it");
    REQUIRE(first.memo.has_value());
    const Sending again{notice, tests::sampleNow(), false, 0, *first.memo};
    const auto mail = std::get<MailRequest>(channel->render(again).value());
    CHECK(mail.to == std::vector<std::string>{"network@example.com"});
    CHECK(headerOf(mail, "To") == "ops@example.com,\r\n network@example.com");
    answer.headers["taken"] = "network@example.com";
    const Sending last{notice, tests::sampleNow(), false, 0, *channel->judge(again, answer).memo};
    CHECK(std::get<MailRequest>(channel->render(last).value()).to.empty());
}

}  // namespace
}  // namespace email_test
}  // namespace driftkeeper
