#include "daemon/web/hall.hpp"

#include <utility>

#include "daemon/base/log.hpp"
#include "daemon/web/credentials.hpp"
#include "daemon/web/problem.hpp"
#include "daemon/web/session.hpp"

namespace driftkeeper {
namespace {

using Steady = std::chrono::steady_clock;

// Scripts and styles come from us alone, as files.
constexpr const char* contentPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' "
    "data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

// Whoever has to go for the place is sent away.
bool settle(const Seats::Place& place) {
    if (const auto leaves = place.leaves.lock()) sendAway(*leaves);
    return place.isThere;
}

// Who did what. A path holds names of ours, never a secret.
void noteAction(const Peer& peer, const WebRequest& request, int status) {
    if (request.method == "GET" || request.caller.role != Role::Operate) return;
    std::string path;
    for (const auto& segment : request.path) path += "/" + segment;
    log::info("asked to act", {{"caller", request.caller.name},
                               {"peer", peer.isLocal ? "socket" : peer.address},
                               {"path", path.substr(0, 300)},
                               {"status", std::to_string(status)}});
}

}  // namespace

Hall::Hall(WebServer::Handler handler, const WebServer::Options& options, std::uint16_t port)
    : handler_(std::move(handler)),
      options_(options),
      admission_(options.address, port, options.routes),
      doors_(Doors{Seats(options.connections), Seats(options.localConnections)}) {}

WebResponse Hall::answer(const Peer& peer, WebRequest request) {
    const auto rules = options_.rules();
    const auto now = Steady::now();
    if (auto over = overLimit(*rules, request)) return *std::move(over);
    auto admitted = admission_.judge(*rules, peer, request, now);
    if (admitted.refusal) return *std::move(admitted.refusal);
    if (auto answered = admission_.desk(*rules, peer, request, now))
        return answered->status >= 400 ? askAgain(request, *std::move(answered))
                                       : *std::move(answered);
    request.caller = std::move(admitted.caller);
    auto response = handle(request);
    noteAction(peer, request, response.status);
    return response;
}

WebResponse Hall::handle(const WebRequest& request) const {
    try {
        return handler_(request);
    } catch (...) {
        return webProblem(500, "internal", "this request failed inside driftkeeper");
    }
}

// The page that asks for a login once more, under the status of the refusal.
WebResponse Hall::askAgain(const WebRequest& login, WebResponse refusal) const {
    const auto fields = formFrom(login.body).value_or(std::map<std::string, std::string>());
    const auto next = fields.find("next");
    WebRequest again;
    again.method = "GET";
    again.path = {"login"};
    again.query = {{"failed", "1"}, {"next", localPath(next == fields.end() ? "/" : next->second)}};
    again.caller = {"", Role::None, ""};
    WebResponse page = handle(again);
    if (page.status != 200) return refusal;
    page.status = refusal.status;
    page.headers.merge(refusal.headers);
    return page;
}

std::optional<WebResponse> Hall::refusal(const Peer& peer, const WebRequest& request) {
    const auto rules = options_.rules();
    if (auto over = overLimit(*rules, request)) return over;
    return admission_.judge(*rules, peer, request, Steady::now()).refusal;
}

bool Hall::isSlow(const WebRequest& request) const {
    return admission_.isSlow(*options_.rules(), request);
}

// Whoever asks whether the daemon is alive is always told.
std::optional<WebResponse> Hall::overLimit(const AccessRules& rules, const WebRequest& request) {
    const auto& limit = rules.config.rateLimit;
    if (!limit || request.path == std::vector<std::string>{"-", "healthy"}) return std::nullopt;
    const auto wait = requests_.with([&](TokenBucket& bucket) {
        return bucket.take(limit->interval, limit->burst, Steady::now());
    });
    if (!wait) return std::nullopt;
    WebResponse refused =
        webProblem(429, "too_many_requests", "more requests than the rate limit allows");
    refused.headers["Retry-After"] =
        std::to_string(std::chrono::ceil<std::chrono::seconds>(*wait).count());
    return refused;
}

std::map<std::string, std::string> Hall::headersOf(const WebResponse& response) const {
    const auto rules = options_.rules();
    std::map<std::string, std::string> headers = response.headers;
    headers.insert(rules->config.headers.begin(), rules->config.headers.end());
    headers.insert({{"X-Content-Type-Options", "nosniff"},
                    {"X-Frame-Options", "DENY"},
                    {"Content-Security-Policy", contentPolicy},
                    {"Referrer-Policy",
                     "same-origin"},  // by no-referrer a browser's form has the origin "null"
                    {"Cache-Control", "no-store"}});
    if (rules->tls) headers.emplace("Strict-Transport-Security", "max-age=31536000");
    return headers;
}

void Hall::enter(Session* session, std::weak_ptr<Session> owner, const Peer& peer) {
    doors_.with([&](Doors& doors) {
        doors.of(peer.isLocal).take(session, std::move(owner), peer.client, Steady::now());
    });
}

void Hall::note(Session* session, const Peer& peer, Seats::Doing doing) {
    doors_.with([&](Doors& doors) { doors.of(peer.isLocal).note(session, doing, Steady::now()); });
}

bool Hall::follow(Session* session, const Peer& peer) {
    return settle(doors_.with(
        [&](Doors& doors) { return doors.of(peer.isLocal).follow(session, Steady::now()); }));
}

void Hall::leave(Session* session, const Peer& peer) {
    doors_.with([&](Doors& doors) { doors.of(peer.isLocal).leave(session); });
    if (!stopping && onLeave) onLeave();
}

bool Hall::hasPlace(bool isLocal) {
    return settle(
        doors_.with([&](Doors& doors) { return doors.of(isLocal).place(Steady::now()); }));
}

std::vector<std::shared_ptr<Session>> Hall::everybody() const {
    std::vector<std::shared_ptr<Session>> all;
    doors_.with([&](Doors& doors) {
        for (const bool isLocal : {false, true})
            for (const auto& owner : doors.of(isLocal).all())
                if (auto alive = owner.lock()) all.push_back(std::move(alive));
    });
    return all;
}

}  // namespace driftkeeper
