#include "daemon/notify/markup.hpp"

#include <doctest/doctest.h>

#include <array>

#include "tests/daemon/notify/sample_notice.hpp"

namespace driftkeeper {
namespace markup_test {
namespace {

TEST_CASE("nobody is called and nothing is marked up by foreign text") {
    CHECK(mrkdwnMarkup.text("<!channel> & <@U1>", 100) == "&lt;!channel&gt; &amp; &lt;@U1&gt;");
    CHECK(htmlMarkup.text("<a href=\"x\">&", 100) == "&lt;a href=&quot;x&quot;&gt;&amp;");
    CHECK(markdownMarkup.text("@all [x](y) <!-- #1 **b**", 200) ==
          "@\u200ball \\[x\\]\\(y\\) \\<\\!\\-\\- #\u200b1 \\*\\*b\\*\\*");
    CHECK(markdownMarkup.text("/close", 100) == "\\/close");
    CHECK(plainMarkup.text("a\nb\x1b[0m", 100).find('\n') == std::string::npos);
}

TEST_CASE("a code span cannot be left") {
    CHECK(mrkdwnMarkup.code("a`b", 100) == "`aˋb`");
    CHECK(markdownMarkup.code("``` @all", 100) == "`ˋˋˋ @all`");
    CHECK(htmlMarkup.code("</code>", 100) == "<code>&lt;/code&gt;</code>");
    CHECK(mrkdwnMarkup.code("", 100) == "` `");
    CHECK(htmlMarkup.code("", 100).empty());
}

TEST_CASE("a piece is never longer than asked for, and never cut within an escape or a character") {
    constexpr std::array texts = {"&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&", "😀😀😀😀😀😀😀😀😀😀😀😀😀😀",
                                  "****************************",   "a<b>c\"d'e`f@g#h:i",
                                  "漢字漢字漢字漢字漢字漢字漢字",   "/close /close /close"};
    for (const Markup* markup : {&plainMarkup, &mrkdwnMarkup, &markdownMarkup, &htmlMarkup})
        for (const auto setting : {markup->text, markup->code, markup->strong})
            for (const auto* text : texts)
                for (std::size_t bytes = 20; bytes < 60; ++bytes) {
                    CAPTURE(text);
                    CAPTURE(bytes);
                    const auto piece = setting(text, bytes);
                    CHECK(piece.size() <= bytes);
                    CHECK(tests::isClean(piece));
                }
    CHECK(htmlMarkup.text("&&&&&&", 16) == "&amp;&amp;…");
}

}  // namespace
}  // namespace markup_test
}  // namespace driftkeeper
