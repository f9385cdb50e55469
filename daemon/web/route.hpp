#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/web/request.hpp"

namespace driftkeeper {

// One thing that is answered, and what a caller needs for it. In `path` a segment "*" stands for
// any one: /api/v1/stacks/*/check. Points to text that lives for ever.
struct WebRoute {
    std::string_view method;  // GET (HEAD is one) or POST (PUT is one)
    std::string_view path;
    Role needs = Role::Read;
};

// Whether the request is for the route; its path is decoded.
bool isFor(const WebRoute& route, std::string_view method, const std::vector<std::string>& path);

// What the first matching route needs. Without one: Read for GET and HEAD, Operate for everything
// else.
Role neededFor(const std::vector<WebRoute>& routes, std::string_view method,
               const std::vector<std::string>& path);

}  // namespace driftkeeper
