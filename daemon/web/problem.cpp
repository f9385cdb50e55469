#include "daemon/web/problem.hpp"

#include <fmt/format.h>

#include <cassert>

namespace driftkeeper {

WebResponse webProblem(int status, std::string_view code, std::string_view text) {
    assert(text.find_first_of("\"\\") == std::string_view::npos);
    WebResponse response;
    response.status = status;
    response.body = fmt::format("{{\"version\":1,\"error\":{{\"code\":\"{}\",\"text\":\"{}\"}}}}\n",
                                code, text);
    return response;
}

}  // namespace driftkeeper
