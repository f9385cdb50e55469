#include "parsers/terraform/plan_stream.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

using namespace driftkeeper;
using namespace driftkeeper::terraform;

namespace plan_stream_test {
namespace {

const std::string summary =
    R"({"type":"change_summary","changes":{"add":0,"change":0,"import":0,"remove":0,"operation":"plan"}})";

PlanStream streamOf(const std::string& text, std::size_t piece = std::string::npos) {
    PlanStream stream;
    for (std::size_t at = 0; at < text.size(); at += std::min(piece, text.size() - at))
        stream.feed(std::string_view(text).substr(at, piece));
    stream.finish();
    return stream;
}

std::string content(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return std::move(out).str();
}

}  // namespace

TEST_CASE("a version line names the tool") {
    const auto terraform =
        streamOf(R"({"@module":"terraform.ui","type":"version","terraform":"1.11.4","ui":"1.2"})");
    CHECK(terraform.toolVersion() == "1.11.4");
    CHECK_FALSE(terraform.isOpenTofu());
    const auto tofu =
        streamOf(R"({"@module":"tofu.ui","type":"version","tofu":"1.9.0","ui":"1.2"})");
    CHECK(tofu.toolVersion() == "1.9.0");
    CHECK(tofu.isOpenTofu());
}

TEST_CASE("diagnostics are kept with level, summary, detail and address") {
    const auto stream = streamOf(
        "plain text\n"
        R"({"@level":"error","type":"diagnostic","diagnostic":{"severity":"error","summary":"S","detail":"D","address":"a.b"}})"
        "\r\n"
        R"({"@level":"warn","type":"diagnostic","diagnostic":{"severity":"warning","summary":"W","detail":""}})");
    REQUIRE(stream.diagnostics().size() == 2);
    CHECK(stream.diagnostics()[0].summary == "S");
    CHECK(stream.diagnostics()[0].detail == "D");
    CHECK(stream.diagnostics()[0].address == "a.b");
    CHECK(stream.diagnostics()[0].level == Diagnostic::Level::Error);
    CHECK(stream.diagnostics()[1].level == Diagnostic::Level::Warning);
    CHECK(stream.hasErrors());
    CHECK(stream.plainText() == "plain text\n");
}

TEST_CASE("no change is proven by a summary that counts nothing, and by nothing less") {
    CHECK(streamOf(summary).provesNoChange());
    CHECK_FALSE(streamOf("").provesNoChange());
    for (
        const std::string line : {
            R"({"type":"resource_drift","change":{"action":"update"}})",
            R"({"type":"planned_change","change":{"action":"noop"}})",
            R"({"type":"outputs","outputs":{"o":{"sensitive":false,"action":"update"}}})",
            R"({"@level":"error","type":"diagnostic","diagnostic":{"severity":"error","summary":"x"}})",
            R"({"@level":"error","@message":"x","type":"log"})",
            R"({"type":"change_summary","changes":{"add":0,"change":0,"remove":1,"operation":"plan"}})",
            R"({"type":"change_summary","changes":{"add":0,"change":0,"remove":0,"import":1,"operation":"plan"}})",
            R"({"type":"change_summary","changes":{"add":0,"change":0,"remove":0,"forget":1,"operation":"plan"}})",
            R"({"type":"resource_dri)",
        }) {
        CAPTURE(line);
        CHECK_FALSE(streamOf(line + "\n" + summary).provesNoChange());
        CHECK_FALSE(streamOf(summary + "\n" + line).provesNoChange());
    }
    CHECK(streamOf(R"({"type":"outputs","outputs":{"o":{"action":"noop"}}})"
                   "\n" +
                   summary)
              .provesNoChange());
    CHECK_FALSE(
        streamOf(
            R"({"type":"change_summary","changes":{"add":0,"change":0,"remove":0,"operation":"apply"}})")
            .provesNoChange());
    CHECK_FALSE(
        streamOf(R"({"type":"change_summary","changes":{"operation":"plan"}})").provesNoChange());
    CHECK_FALSE(streamOf(summary.substr(0, summary.size() - 1)).provesNoChange());
}

TEST_CASE(
    "of the recorded streams only the quiet ones prove that nothing changed, however they are "
    "cut") {
    const std::set<std::string> quiet = {"churn_private",    "clean",  "clean_unset",
                                         "data_source_same", "empty",  "modules_clean",
                                         "set_reordered",    "warning"};
    std::set<std::string> proven;
    for (const auto& entry : std::filesystem::directory_iterator(
             std::filesystem::path(DRIFTKEEPER_SOURCE_DIR) / "tests/parsers/terraform/golden")) {
        const auto file = entry.path() / "stream.jsonl";
        if (!std::filesystem::exists(file)) continue;
        const auto text = content(file);
        if (streamOf(text).provesNoChange()) proven.insert(entry.path().filename().string());
        CHECK(streamOf(text).provesNoChange() == streamOf(text, 7).provesNoChange());
        CHECK(streamOf(text).refreshed() == streamOf(text, 1).refreshed());
    }
    CHECK(proven == quiet);
}

}  // namespace plan_stream_test
