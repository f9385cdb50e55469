#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/model/time.hpp"
#include "daemon/web/server.hpp"
#include "parsers/json/json_writer.hpp"
#include "parsers/result.hpp"

// What the answers of the API have in common.
namespace driftkeeper {

constexpr std::size_t mostRows = 1000;       // of one answer
constexpr std::size_t longestReason = 1000;  // of a silence or an ignore, in bytes

JsonWriter envelope();  // {"version":1, open for more
WebResponse json(JsonWriter&& writer);
WebResponse plain(int status, const std::string& text);

WebResponse problem(int status, std::string_view code, std::string_view text);
WebResponse problem(const Error& error);  // 400 for what the asker can set right, else 500

void writeTime(JsonWriter& writer, std::string_view key, const std::optional<TimePoint>& time);

}  // namespace driftkeeper
