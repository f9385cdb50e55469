// Any bytes, as a connection to the server: through the parser, the admission and the login to a
// handler that checks that only those reach it who may. Then the same bytes as credentials, as a
// form, and as a message of every forge.
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "daemon/api/hook_push.hpp"
#include "daemon/web/access_rules.hpp"
#include "daemon/web/credentials.hpp"
#include "daemon/web/hall.hpp"
#include "daemon/web/session.hpp"

using namespace driftkeeper;

namespace {

constexpr const char* token = "canary-token-of-the-daemon";
const std::vector<WebRoute> routes = {{"GET", "/-/healthy", Role::None},
                                      {"GET", "/login", Role::None},
                                      {"GET", "/api/v1/stacks/*"},
                                      {"POST", "/-/reload", Role::Operate},
                                      {"POST", "/hooks/*", Role::None}};

// Whether the bytes hold what lets somebody in: the token, or a:open sesame in base64.
std::atomic<bool> holdsCredentials = false;
std::atomic<bool> isOpenNow = false;

WebResponse handled(const WebRequest& request) {
    const Role needed = neededFor(routes, request.method, request.path);
    if (needed != Role::None && request.caller.role < needed) std::abort();
    if (request.caller.role == Role::Operate && !holdsCredentials) std::abort();
    if (request.caller.role == Role::Read && !holdsCredentials && !isOpenNow) std::abort();
    return {200, "text/plain", "handled", {}};
}

Hall& hallFor(bool isOpen) {
    const auto make = [](bool open) {
        AccessRules rules;
        rules.isOpen = open;
        rules.ownToken = token;
        rules.config.users = {
            {"a", "$2b$04$abcdefghijklmnopqrstuu/LVz6MZlItEy42I2juLihZ66HnQx/cy"}};
        rules.operators = {"a"};
        WebServer::Options options;
        options.routes = routes;
        options.rules = [rules = std::make_shared<const AccessRules>(rules)] { return rules; };
        return std::make_unique<Hall>(handled, options, 80);
    };
    // Never ended: their threads would end after OpenSSL, which then forgets what it keeps of them.
    static Hall* const open = make(true).release();
    static Hall* const closed = make(false).release();
    return isOpen ? *open : *closed;
}

std::string answerTo(std::string_view bytes, Hall& hall) {
    namespace asio = boost::asio;
    static asio::io_context io;
    std::array<int, 2> ends{};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) std::abort();
    asio::generic::stream_protocol::socket socket(asio::make_strand(io));
    socket.assign(asio::generic::stream_protocol(AF_UNIX, 0), ends[0]);
    (void)!write(ends[1], bytes.data(), std::min<std::size_t>(bytes.size(), 100'000));
    shutdown(ends[1], SHUT_WR);
    openSession(std::move(socket), {"192.0.2.1", false, false}, nullptr, hall);
    do {
        io.restart();
        io.run();
    } while (!hall.everybody().empty());  // a password is compared on another thread
    std::string answer(1 << 16, '\0');
    const auto count = read(ends[1], answer.data(), answer.size());
    answer.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
    close(ends[1]);
    return answer;
}

void judge(std::string_view bytes, bool isOpen) {
    holdsCredentials =
        bytes.find(token) != bytes.npos || bytes.find("YTpvcGVuIHNlc2FtZ") != bytes.npos;
    isOpenNow = isOpen;
    const auto answer = answerTo(bytes, hallFor(isOpen));
    if (!answer.empty() && !answer.starts_with("HTTP/1.1 ")) std::abort();
    if (bytes.find(token) == std::string_view::npos && answer.find(token) != std::string::npos)
        std::abort();
}

void readAll(std::string_view text) {
    if (const auto basic = basicFrom(text); basic && basic->user.find(':') != std::string::npos)
        std::abort();
    (void)bearerFrom(text);
    (void)cookieFrom(text, "driftkeeper");
    (void)formFrom(text);
    if (const auto path = localPath(text); !path.starts_with('/') || path.starts_with("//"))
        std::abort();
    const std::string plain = plainUrl(text);
    if (plain.ends_with(".git/")) std::abort();
    using enum HookSettings::Forge;
    for (const auto forge : {GitHub, GitLab, Gitea, Bitbucket}) {
        for (const char* event : {"push", "Push Hook", "repo:push", "repo:refs_changed"}) {
            const std::map<std::string, std::string> headers = {
                {"x-github-event", event},
                {"x-gitea-event", event},
                {"x-gitlab-event", event},
                {"x-event-key", event},
                {"x-hub-signature", std::string(text.substr(0, 80))}};
            (void)pushIn(forge, headers, text);
            if (isSigned(forge, headers, text, token)) std::abort();
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(bytes), size);
    judge(text, true);
    judge(text, false);
    readAll(text);
    return 0;
}
