#include "daemon/web/route.hpp"

#include <algorithm>

namespace driftkeeper {
namespace {

// HEAD reads as GET does, PUT acts as POST does.
std::string_view methodOf(std::string_view given) {
    if (given == "HEAD") return "GET";
    return given == "PUT" ? "POST" : given;
}

}  // namespace

bool isFor(const WebRoute& route, std::string_view method, const std::vector<std::string>& path) {
    if (methodOf(method) != route.method) return false;
    std::string_view rest = route.path.substr(1);
    if (rest.empty()) return path.empty();
    for (std::size_t at = 0; at < path.size(); ++at) {
        const auto end = std::min(rest.find('/'), rest.size());
        const auto wanted = rest.substr(0, end);
        if (wanted != "*" && wanted != path[at]) return false;
        const bool isLast = end == rest.size();
        if (isLast) return at + 1 == path.size();
        rest.remove_prefix(end + 1);
    }
    return false;
}

Role neededFor(const std::vector<WebRoute>& routes, std::string_view method,
               const std::vector<std::string>& path) {
    const auto found = std::ranges::find_if(
        routes, [&](const WebRoute& route) { return isFor(route, method, path); });
    if (found != routes.end()) return found->needs;
    return methodOf(method) == "GET" ? Role::Read : Role::Operate;
}

}  // namespace driftkeeper
