#include "daemon/wording/markdown.hpp"

#include <doctest/doctest.h>

#include "tests/daemon/contract/samples.hpp"

using namespace driftkeeper;

TEST_CASE(
    "a comment has a table of stacks, those that need somebody first, and the attributes of each "
    "drift") {
    StackObject fine;
    fine.stack = "infra/app";
    fine.verdict = Verdict::InSync;
    fine.complete = true;
    fine.resources = 7;
    CHECK(checkMarkdown({fine, samples::network()}) ==
          R"(### Drift: 1 drifted, 1 in sync of 2 stacks

| stack | verdict | drifts | resources | reason |
|---|---|--:|--:|---|
| `infra/prod/network` | **drifted** | 1 | 42 |  |
| `infra/app` | in sync | 0 | 7 |  |

<details><summary><code>infra/prod/network</code>: 1 drift</summary>

`aws_security_group.web` modified live · `out_of_band` · warning · 3 dependents

Apply to undo the live change, or commit it.

| attribute | Git | live |
|---|---|---|
| `ingress[0].cidr_blocks[0]` | `10.0.0.0/8` | `0.0.0.0/0` |
| `tags["a b"]` | `not set` | `x` |
| `password` | `(sensitive)` | `(sensitive)` |

</details>
)");
}

TEST_CASE("nothing breaks out of a code span or of its cell") {
    struct Row {
        const char* text;
        const char* wanted;
    };
    const Row rows[] = {
        {"plain", "`plain`"},
        {"a`b", "``a`b``"},
        {"``a", "``` ``a ```"},
        {"`", "`` ` ``"},
        {"a|b", "`a\\|b`"},
        {"a\\|b", "`a\\¦b`"},
        {"a\nb", "`a\\nb`"},
        {" a ", "`  a  `"},
        {"", "` `"},
        {"   ", "` `"},
        {"</details>", "`</details>`"},
    };
    for (const auto& row : rows) CHECK(markdownCode(row.text) == row.wanted);
}

TEST_CASE("a name cannot end the fold that it is the title of") {
    StackObject stack = samples::network();
    stack.stack = "</code></summary><script>";
    CHECK(checkMarkdown({stack}).find(
              "<summary><code>&lt;/code&gt;&lt;/summary&gt;&lt;script&gt;</code>") !=
          std::string::npos);
}

TEST_CASE("a comment keeps within its size, closes what it opened, and says what it leaves out") {
    std::vector<StackObject> stacks(300, samples::network());
    for (std::size_t i = 0; i < stacks.size(); ++i) {
        stacks[i].stack += std::to_string(i);
        stacks[i].drifts.resize(40, stacks[i].drifts.front());
    }
    for (const std::size_t most : {std::size_t{2'000}, std::size_t{20'000}, mostComment}) {
        const std::string text = checkMarkdown(stacks, most);
        CHECK(text.size() <= most);
        CHECK(text.find("Left out because a comment has no room for it") != std::string::npos);
        std::size_t folds = 0;
        for (auto at = text.find("<details>"); at != std::string::npos;
             at = text.find("<details>", at + 1))
            ++folds;
        for (auto at = text.find("</details>"); at != std::string::npos;
             at = text.find("</details>", at + 1))
            --folds;
        CHECK(folds == 0);
    }
    CHECK(checkMarkdown(stacks, 2'000).find(" rows of the table, the details of ") !=
          std::string::npos);
    CHECK(checkMarkdown({samples::network()}).find("Left out") == std::string::npos);
}
