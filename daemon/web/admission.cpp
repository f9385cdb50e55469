#include "daemon/web/admission.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

#include "daemon/web/problem.hpp"

namespace driftkeeper {
namespace {

constexpr std::string_view scheme = "http://";
constexpr std::string_view bearer = "bearer ";

std::string lowered(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

// Takes the same time for every guess of one length.
bool sameBytes(std::string_view one, std::string_view other) {
    if (one.size() != other.size()) return false;
    unsigned difference = 0;
    for (std::size_t i = 0; i < one.size(); ++i)
        difference |= static_cast<unsigned char>(one[i]) ^ static_cast<unsigned char>(other[i]);
    return difference == 0;
}

const std::string* header(const WebRequest& request, const std::string& name) {
    const auto found = request.headers.find(name);
    return found == request.headers.end() ? nullptr : &found->second;
}

WebResponse unauthorized() {
    WebResponse response = webProblem(401, "token_missing", "this needs Authorization: Bearer and the daemon's token");
    response.headers["WWW-Authenticate"] = "Bearer";
    return response;
}

}  // namespace

Admission::Admission(const std::string& address, std::uint16_t port, std::string token) : token_(std::move(token)) {
    const bool isVersion6 = address.find(':') != std::string::npos;
    for (const std::string& host : {isVersion6 ? "[" + address + "]" : address, std::string("localhost"),
                                    std::string("127.0.0.1"), std::string("[::1]")}) {
        hosts_.push_back(lowered(host) + ":" + std::to_string(port));
        if (port == 80) hosts_.push_back(lowered(host));
    }
}

std::optional<WebResponse> Admission::refusal(const WebRequest& request) const {
    const std::string* host = header(request, "host");
    if (host == nullptr) return webProblem(400, "host_missing", "a request names its host");
    if (!isOurHost(*host)) return webProblem(421, "wrong_host", "nothing is served under this host name");
    if (request.method == "GET" || request.method == "HEAD") return std::nullopt;
    const std::string* origin = header(request, "origin");
    if (origin != nullptr && !isOurOrigin(*origin))
        return webProblem(403, "wrong_origin", "requests from other origins are refused");
    if (!hasToken(request)) return unauthorized();
    return std::nullopt;
}

bool Admission::isOurHost(std::string_view host) const {
    return std::find(hosts_.begin(), hosts_.end(), lowered(host)) != hosts_.end();
}

bool Admission::isOurOrigin(std::string_view origin) const {
    return lowered(origin.substr(0, scheme.size())) == scheme && isOurHost(origin.substr(scheme.size()));
}

bool Admission::hasToken(const WebRequest& request) const {
    const std::string* given = header(request, "authorization");
    if (given == nullptr || token_.empty() || given->size() < bearer.size()) return false;
    if (lowered(std::string_view(*given).substr(0, bearer.size())) != bearer) return false;
    return sameBytes(std::string_view(*given).substr(bearer.size()), token_);
}

}  // namespace driftkeeper
