#include "daemon/page/html.hpp"

#include <doctest/doctest.h>

#include "daemon/page/frame.hpp"

using namespace driftkeeper;
using namespace driftkeeper::page;

TEST_CASE("a text is never markup, in a tag or in an attribute") {
    Html html;
    html << "<p title=\"" << std::string("\" onload=\"x") << "\">" << std::string("<script>&'")
         << "</p>" << 7;
    CHECK(std::move(html).take() ==
          "<p title=\"&quot; onload=&quot;x\">&lt;script&gt;&amp;&#39;</p>7");
}

TEST_CASE("control characters are seen and nothing turns the direction of reading") {
    Html html;
    html << std::string("a\x1b[31m\n\u202eb\xff");
    CHECK(std::move(html).take() == "a\\x1b[31m\\nb\xef\xbf\xbd");
}

TEST_CASE("the assets come with a version of their own and nothing from elsewhere") {
    for (const char* name : {"app.css", "app.js", "icon.svg"}) {
        const auto* asset = assetNamed(name);
        REQUIRE(asset != nullptr);
        CHECK(asset->version.size() == 16);
        CHECK(asset->text.size() > 100);
        CHECK(asset->text.find("url(http") == std::string_view::npos);
        CHECK(asset->text.find("@import") == std::string_view::npos);
        CHECK(asset->text.find("innerHTML =") == std::string_view::npos);
    }
    CHECK(assetNamed("../app.css") == nullptr);
}

TEST_CASE("a login leads back to a path of ours only") {
    const auto leadsTo = [](std::string_view next) {
        const auto page = loginPage({}, next);
        const auto at = page.find("name=\"next\" value=\"") + 19;
        return page.substr(at, page.find('"', at) - at);
    };
    CHECK(leadsTo("/stacks/infra%2Fnet?drifts=2") == "/stacks/infra%2Fnet?drifts=2");
    for (const char* elsewhere :
         {"//example.org", "https://example.org", "", "javascript:alert(1)", "/\\example.org"})
        CHECK(leadsTo(elsewhere) == "/");
}

TEST_CASE("a page says what was done in words of its own alone") {
    Frame frame;
    frame.done = "check_requested";
    Html main;
    CHECK(framed(frame, main).find("The check was requested") != std::string::npos);
    frame.done = "you owe us money";
    CHECK(framed(frame, main).find("money") == std::string::npos);
    frame.failed = "<b>";
    CHECK(framed(frame, main).find("&lt;b&gt;") != std::string::npos);
}
