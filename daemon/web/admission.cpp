#include "daemon/web/admission.hpp"

#include <algorithm>
#include <utility>

#include "daemon/base/files.hpp"
#include "daemon/base/log.hpp"
#include "daemon/web/credentials.hpp"
#include "daemon/web/keyed_digest.hpp"
#include "daemon/web/problem.hpp"
#include "parsers/text/ascii.hpp"
#include "parsers/text/encoding.hpp"

namespace driftkeeper {
namespace {

constexpr std::size_t shortestToken = 16;
constexpr std::size_t largestTokenFile = 4096;

const std::string* header(const WebRequest& request, const std::string& name) {
    const auto found = request.headers.find(name);
    return found == request.headers.end() ? nullptr : &found->second;
}

bool isReading(const WebRequest& request) {
    return request.method == "GET" || request.method == "HEAD";
}

// One bearer token that is good now.
struct Token {
    std::string name;
    std::string value;
    Role role = Role::Read;
};

std::string valueOf(const SecretSource& source) {
    if (source.file.empty()) return source.value;
    auto text = readFile(source.file, largestTokenFile).value_or("");
    while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
    return text;
}

std::vector<Token> tokensOf(const AccessRules& rules) {
    std::vector<Token> all;
    if (!rules.ownToken.empty()) all.push_back({"token", rules.ownToken, Role::Operate});
    for (const auto& token : rules.tokens) {
        auto value = valueOf(token.token);
        if (value.size() >= shortestToken)
            all.push_back({"token:" + token.name, std::move(value),
                           token.mayOperate ? Role::Operate : Role::Read});
    }
    return all;
}

Role roleOf(const AccessRules& rules, const std::string& user) {
    const bool operates = std::ranges::find(rules.operators, user) != rules.operators.end();
    return operates ? Role::Operate : Role::Read;
}

std::string cookieName(const AccessRules& rules) {
    return rules.tls ? "__Host-driftkeeper" : "driftkeeper";
}

std::string cookieText(const AccessRules& rules, const std::string& value, int seconds) {
    return cookieName(rules) + "=" + value +
           "; Path=/; HttpOnly; SameSite=Strict; Max-Age=" + std::to_string(seconds) +
           (rules.tls ? "; Secure" : "");
}

WebResponse tooMany(std::chrono::seconds wait) {
    WebResponse response =
        webProblem(429, "too_many_failures", "too many wrong credentials: wait, then try again");
    response.headers["Retry-After"] = std::to_string(wait.count());
    return response;
}

// Browsers say where a request that may change something comes from, programs do not.
bool isOfBrowser(const WebRequest& request) {
    return header(request, "origin") != nullptr || header(request, "sec-fetch-site") != nullptr ||
           header(request, "referer") != nullptr || header(request, "cookie") != nullptr;
}

// /login?next=…, back to what was asked for.
std::string loginPath(const WebRequest& request) {
    std::string path;
    for (const auto& segment : request.path) path += "/" + percentEncoded(segment);
    char sign = '?';
    for (const auto& [name, value] : request.query) {
        path += sign + percentEncoded(name) + "=" + percentEncoded(value);
        sign = '&';
    }
    return path.empty() || path == "/" ? "/login" : "/login?next=" + percentEncoded(path);
}

WebResponse seeOther(const std::string& path) {
    return {303, "text/plain; charset=utf-8", "", {{"Location", path}}};
}

// Browsers are led to the login page, everybody else is told what is missing.
WebResponse unauthorized(const AccessRules& rules, const WebRequest& request) {
    const std::string* accept = header(request, "accept");
    if (isReading(request) && accept != nullptr && accept->find("text/html") != std::string::npos)
        return seeOther(loginPath(request));
    WebResponse response =
        webProblem(401, "credentials_needed",
                   "this needs credentials that are good for it: Authorization: Bearer with a "
                   "token, or a login");
    response.headers["WWW-Authenticate"] =
        rules.config.users.empty() ? "Bearer"
                                   : "Bearer, Basic realm=\"driftkeeper\", charset=\"UTF-8\"";
    return response;
}

std::string withoutPort(const std::string& host) {
    const auto colon = host.rfind(':');
    const bool isInBrackets = host.ends_with(']');
    return colon == std::string::npos || isInBrackets ? host : host.substr(0, colon);
}

// An address cannot be rebound: only a name can be made to lead here.
bool isAddress(std::string_view host) {
    if (host.starts_with('[')) return host.ends_with(']');
    return !host.empty() && host.find_first_not_of("0123456789.") == std::string_view::npos;
}

}  // namespace

std::string localPath(std::string_view text) {
    const bool isLocal =
        text.starts_with('/') && !text.starts_with("//") && text.size() <= 2000 &&
        text.find('\\') == std::string_view::npos && std::ranges::all_of(text, [](char c) {
            return static_cast<unsigned char>(c) > 0x20 && static_cast<unsigned char>(c) < 0x7F;
        });
    return isLocal ? std::string(text) : "/";
}

Admission::Admission(const std::string& address, std::uint16_t port, std::vector<WebRoute> routes)
    : address_(lowered(address.find(':') == std::string::npos ? address : "[" + address + "]")),
      port_(port),
      names_{address_, "localhost", "127.0.0.1", "[::1]"},
      routes_(std::move(routes)) {
    routes_.insert(routes_.end(), {{"GET", "/login", Role::None},
                                   {"POST", "/login", Role::None},
                                   {"POST", "/logout", Role::Read}});
}

Admitted Admission::judge(const AccessRules& rules, const Peer& peer, const WebRequest& request,
                          SteadyTime now) {
    if (peer.isLocal && !peer.mayOperate)
        return {webProblem(403, "not_of_the_group", "this socket is for root and its group"), {}};
    if (peer.isLocal) return {std::nullopt, {"socket", Role::Operate, ""}};
    if (auto refusal = wrongPlace(rules, request)) return {std::move(refusal), {}};

    const Role needed = neededFor(routes_, request.method, request.path);
    if (needed == Role::None) return {std::nullopt, {"", Role::None, ""}};
    Shown found = shown(rules, peer, request, now);
    const bool mayJustRead = rules.isOpen && isReading(request);
    if (found.kind != Shown::Kind::Right && mayJustRead && needed == Role::Read)
        return {std::nullopt, {"", Role::Read, ""}};
    if (found.wait) return {tooMany(*found.wait), {}};
    if (found.kind != Shown::Kind::Right) return {unauthorized(rules, request), {}};
    if (found.caller.role < needed)
        return {webProblem(403, "role_missing",
                           "this needs the role operate, these credentials may only read"),
                {}};
    if (found.isAmbient && !isReading(request) && !isOurForm(request, found.caller.csrf))
        return {
            webProblem(403, "wrong_form", "this form is not of this login: load the page again"),
            {}};
    return {std::nullopt, std::move(found.caller)};
}

// Host for everybody; where a browser says that another page sent it, nothing that may change
// something.
std::optional<WebResponse> Admission::wrongPlace(const AccessRules& rules,
                                                 const WebRequest& request) const {
    const std::string* host = header(request, "host");
    if (host == nullptr) return webProblem(400, "host_missing", "a request names its host");
    if (!isOurHost(rules, *host))
        return webProblem(421, "wrong_host", "nothing is served under this host name");
    if (isReading(request)) return std::nullopt;
    const std::string* origin = header(request, "origin");
    const std::string* site = header(request, "sec-fetch-site");
    const bool isForeign = (origin != nullptr && !isOurOrigin(rules, *origin)) ||
                           (site != nullptr && *site != "same-origin" && *site != "none");
    if (isForeign)
        return webProblem(403, "wrong_origin", "requests from other origins are refused");
    return std::nullopt;
}

bool Admission::isOurHost(const AccessRules& rules, std::string_view given) const {
    const std::string host = lowered(given);
    const std::string port = ":" + std::to_string(port_);
    const bool usualPort = port_ == (rules.tls ? 443 : 80);
    const std::string bare =
        host.ends_with(port) ? host.substr(0, host.size() - port.size()) : host;
    const bool namesPort = bare.size() != host.size();
    if ((namesPort || usualPort) && std::ranges::find(names_, bare) != names_.end()) return true;
    const bool isEverywhere = address_ == "0.0.0.0" || address_ == "[::]";
    if ((namesPort || usualPort) && isEverywhere && isAddress(bare)) return true;
    return std::ranges::any_of(rules.hosts, [&](const std::string& known) {
        const std::string ours = lowered(known);
        return ours == host || ours == withoutPort(host);
    });
}

// The scheme is our own; https also for a name of the settings, before which a proxy may end TLS.
bool Admission::isOurOrigin(const AccessRules& rules, std::string_view given) const {
    const auto end = given.find("://");
    if (end == std::string_view::npos) return false;
    const std::string scheme = lowered(given.substr(0, end));
    const auto host = given.substr(end + 3);
    if (scheme == (rules.tls ? "https" : "http")) return isOurHost(rules, host);
    if (scheme != "https") return false;
    const auto isKnown = [&](const std::string& known) {
        return lowered(known) == lowered(host) || lowered(known) == withoutPort(lowered(host));
    };
    return std::ranges::any_of(rules.hosts, isKnown);
}

Admission::Shown Admission::shown(const AccessRules& rules, const Peer& peer,
                                  const WebRequest& request, SteadyTime now) {
    const std::string* authorization = header(request, "authorization");
    if (authorization == nullptr) return bySession(rules, request, now);
    if (const auto token = bearerFrom(*authorization)) return byToken(rules, peer, *token, now);
    if (const auto basic = basicFrom(*authorization)) {
        auto found = byPassword(rules, peer, basic->user, basic->password, now);
        found.isAmbient = isOfBrowser(request);
        found.caller.csrf = sessions_.csrf("user:" + basic->user);
        return found;
    }
    return wrongToken(peer, now);
}

// All tokens are compared, so that the time says nothing of the one that fits.
Admission::Shown Admission::byToken(const AccessRules& rules, const Peer& peer,
                                    const std::string& token, SteadyTime now) {
    std::optional<Caller> caller;
    for (const auto& known : tokensOf(rules))
        if (sameSecret(known.value, token) && !caller) caller = Caller{known.name, known.role, ""};
    if (!caller) return wrongToken(peer, now);
    return {Shown::Kind::Right, *std::move(caller), false, std::nullopt};
}

// Nobody guesses a token: this only keeps the log short.
Admission::Shown Admission::wrongToken(const Peer& peer, SteadyTime now) {
    if (!tokenFailures_.wait(peer.address, now))
        log::warning("wrong token", {{"peer", peer.address}});
    tokenFailures_.note(peer.address, now);
    return {Shown::Kind::Wrong, {}, false, std::nullopt};
}

// A peer that was wrong too often is not even listened to: a password that is known already answers
// quickly.
Admission::Shown Admission::byPassword(const AccessRules& rules, const Peer& peer,
                                       const std::string& user, const std::string& password,
                                       SteadyTime now) {
    if (const auto wait = failures_.wait(peer.address, now))
        return {Shown::Kind::Wrong, {}, false, wait};
    if (passwords_.isRight(rules.config.users, user, password))
        return {Shown::Kind::Right, {"user:" + user, roleOf(rules, user), ""}, false, std::nullopt};
    log::warning("wrong password", {{"peer", peer.address}});
    failures_.note(peer.address, now);
    return {Shown::Kind::Wrong, {}, false, std::nullopt};
}

// A login ends with the credential that it was made with.
Admission::Shown Admission::bySession(const AccessRules& rules, const WebRequest& request,
                                      SteadyTime now) const {
    const std::string* cookies = header(request, "cookie");
    const auto cookie = cookies == nullptr ? std::nullopt : cookieFrom(*cookies, cookieName(rules));
    const auto holder = cookie ? sessions_.find(*cookie, now) : std::nullopt;
    if (!holder) return {};
    const auto as = [&](Role role) {
        return Shown{Shown::Kind::Right,
                     {holder->credential, role, sessions_.csrf(*cookie)},
                     true,
                     std::nullopt};
    };
    for (const auto& token : tokensOf(rules))
        if (*holder == Sessions::Holder{token.name, keyedDigest("session", {token.value})})
            return as(token.role);
    for (const auto& [user, hash] : rules.config.users)
        if (*holder == Sessions::Holder{"user:" + user, keyedDigest("session", {hash})})
            return as(roleOf(rules, user));
    return {};
}

// A script of the page sends the same value in a header.
bool Admission::isOurForm(const WebRequest& request, const std::string& csrf) const {
    if (const std::string* given = header(request, "x-csrf-token")) return sameSecret(*given, csrf);
    const std::string* type = header(request, "content-type");
    if (type == nullptr || !lowered(*type).starts_with("application/x-www-form-urlencoded"))
        return false;
    const auto fields = formFrom(request.body);
    const auto field =
        fields ? fields->find("csrf") : std::map<std::string, std::string>::const_iterator();
    return fields && field != fields->end() && sameSecret(field->second, csrf);
}

bool Admission::isSlow(const AccessRules& rules, const WebRequest& request) const {
    if (rules.config.users.empty()) return false;
    if (request.method == "POST" && request.path == std::vector<std::string>{"login"}) return true;
    const std::string* authorization = header(request, "authorization");
    const auto basic = authorization == nullptr ? std::nullopt : basicFrom(*authorization);
    return basic && !passwords_.isKnown(rules.config.users, basic->user, basic->password);
}

std::optional<WebResponse> Admission::desk(const AccessRules& rules, const Peer& peer,
                                           const WebRequest& request, SteadyTime now) {
    if (request.path == std::vector<std::string>{"login"} && request.method == "POST")
        return login(rules, peer, request, now);
    if (request.path != std::vector<std::string>{"logout"} || request.method != "POST")
        return std::nullopt;
    const std::string* cookies = header(request, "cookie");
    if (const auto cookie =
            cookies == nullptr ? std::nullopt : cookieFrom(*cookies, cookieName(rules)))
        sessions_.close(*cookie);
    WebResponse bye = seeOther("/");
    bye.headers["Set-Cookie"] = cookieText(rules, "", 0);
    return bye;
}

WebResponse Admission::login(const AccessRules& rules, const Peer& peer, const WebRequest& request,
                             SteadyTime now) {
    const auto fields = formFrom(request.body);
    const auto field = [&](const char* name) {
        const auto found =
            fields ? fields->find(name) : std::map<std::string, std::string>::const_iterator();
        return fields && found != fields->end() ? found->second : std::string();
    };
    const std::string next = localPath(field("next"));
    const std::string token = field("token");
    const std::string user = field("user");
    Shown found{Shown::Kind::Wrong, {}, false, failures_.wait(peer.address, now)};
    if (!found.wait && token.empty()) found = byPassword(rules, peer, user, field("password"), now);
    if (!found.wait && !token.empty()) {
        found = byToken(rules, peer, token, now);
        if (found.kind != Shown::Kind::Right) failures_.note(peer.address, now);
    }
    if (found.wait) return tooMany(*found.wait);
    if (found.kind != Shown::Kind::Right) return unauthorized(rules, request);
    const std::string secret = token.empty() ? rules.config.users.at(user) : token;
    const auto cookie = sessions_.open({found.caller.name, keyedDigest("session", {secret})}, now);
    log::info("login", {{"caller", found.caller.name}, {"peer", peer.address}});
    WebResponse welcome = seeOther(next);
    welcome.headers["Set-Cookie"] = cookieText(rules, cookie, 12 * 3600);
    return welcome;
}

}  // namespace driftkeeper
