#include "daemon/web/event_text.hpp"

#include <doctest/doctest.h>

namespace driftkeeper {
namespace event_text_test {
namespace {

TEST_CASE("an event is a name and its data") {
    CHECK(eventText("check", R"({"a":1})") == "event: check\ndata: {\"a\":1}\n\n");
}

TEST_CASE("line ends cannot begin another field or event") {
    CHECK(eventText("a\nid: 1", "one\ntwo\r\nthree\rfour\n") ==
          "event: aid: 1\ndata: one\ndata: two\ndata: three\ndata: four\ndata: \n\n");
}

}  // namespace
}  // namespace event_text_test
}  // namespace driftkeeper
