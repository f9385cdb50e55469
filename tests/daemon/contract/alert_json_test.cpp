#include "daemon/contract/alert_json.hpp"

#include <doctest/doctest.h>

#include "tests/daemon/contract/samples.hpp"

using namespace driftkeeper;

namespace alert_json_test {
namespace {

std::string jsonOf(const Alert& alert) {
    JsonWriter json;
    write(json, alert);
    return std::move(json).take();
}

}  // namespace

TEST_CASE("an alert has all of its members, null where they do not apply") {
    CHECK(
        jsonOf(suppressedBy("builtin/cosmetic")) ==
        R"({"state":"suppressed","until":null,"rule":"builtin/cosmetic","silence":null,"window":null,"channels":[]})");
    Alert alert;
    alert.state = AlertState::Muted;
    alert.until = samples::at("2026-11-22T19:07:00Z");
    alert.silence = "7f3a";
    CHECK(
        jsonOf(alert) ==
        R"({"state":"muted","until":"2026-11-22T19:07:00Z","rule":null,"silence":"7f3a","window":null,"channels":[]})");
}

TEST_CASE("every channel says what became of it") {
    Alert alert;
    alert.state = AlertState::Undelivered;
    alert.channels = {{"chat", AlertState::Delivered, samples::at("2026-11-22T19:07:00Z"), "", {}},
                      {"hook",
                       AlertState::Undelivered,
                       {},
                       "transient: HTTP 503",
                       samples::at("2026-11-22T19:08:00Z")}};
    const auto json = jsonOf(alert);
    CHECK(
        json.find(
            R"({"channel":"chat","state":"delivered","at":"2026-11-22T19:07:00Z","error":null,"next_try":null})") !=
        std::string::npos);
    CHECK(json.find(
              R"({"channel":"hook","state":"undelivered","at":null,"error":"transient: HTTP 503",)"
              R"("next_try":"2026-11-22T19:08:00Z"})") != std::string::npos);
}

}  // namespace alert_json_test
