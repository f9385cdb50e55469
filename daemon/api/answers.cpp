#include "daemon/api/answers.hpp"

#include "daemon/model/utc.hpp"

namespace driftkeeper {

WebResponse json(JsonWriter&& writer) {
    return {200, "application/json", std::move(writer).take() + "\n", {}};
}
WebResponse plain(int status, const std::string& text) {
    return {status, "text/plain; charset=utf-8", text + "\n", {}};
}

WebResponse problem(int status, std::string_view code, std::string_view text) {
    JsonWriter writer;
    writer.beginObject().key("version").number(std::uint64_t{1}).key("error").beginObject();
    writer.key("code").text(code).key("text").text(text).endObject().endObject();
    return {status, "application/json", std::move(writer).take() + "\n", {}};
}

WebResponse problem(const Error& error) {
    return problem(
        error.remedy == Remedy::FixSetup && !error.code.starts_with("store_") ? 400 : 500,
        error.code, error.message);
}

JsonWriter envelope() {
    JsonWriter writer;
    writer.beginObject().key("version").number(std::uint64_t{1});
    return writer;
}

void writeTime(JsonWriter& writer, std::string_view key, const std::optional<TimePoint>& time) {
    writer.key(key);
    time ? writer.text(utcText(*time)) : writer.null();
}

}  // namespace driftkeeper
