#include <doctest/doctest.h>

#include "daemon/settings/settings_file.hpp"

using namespace driftkeeper;

namespace mistakes_test {
namespace {

std::optional<std::string> home(std::string_view name) {
    return name == "HOME" ? std::optional<std::string>("/h") : std::nullopt;
}

std::vector<SettingsMistake> mistakesOf(const std::string& text) {
    return parseSettings(text, "x.yaml", home).mistakes;
}

std::string repository(const std::string& lines) {
    return "repositories:\n  - name: a\n    url: /r\n" + lines;
}
std::string stack(const std::string& lines) {
    return repository("    stacks:\n      - path: p\n" + lines);
}
std::string channel(const std::string& lines) {
    return "channels:\n  - name: c\n" + lines;
}

}  // namespace

TEST_CASE("all mistakes come at once, in the order of the file") {
    const auto mistakes = mistakesOf(
        "chekcs: {}\nlisten: x\nrepositories:\n  - { name: a, url: ftp://x, poll: 1 }\nroutes:\n  "
        "- {}\n");
    std::vector<std::pair<std::size_t, std::string>> found;
    for (const auto& mistake : mistakes) found.emplace_back(mistake.position.line, mistake.code);
    CHECK(found == std::vector<std::pair<std::size_t, std::string>>{{1, "settings/unknown_key"},
                                                                    {2, "settings/bad_listen"},
                                                                    {4, "settings/bad_url"},
                                                                    {4, "settings/bad_duration"},
                                                                    {6, "settings/missing_key"}});
}

TEST_CASE("a word that is nearly right is guessed") {
    CHECK(mistakesOf("chekcs: {}\n")[0].message == "unknown key chekcs; did you mean checks?");
    CHECK(mistakesOf("zzz: {}\n")[0].message == "unknown key zzz");
    CHECK(mistakesOf("heartbeat: { url_file: /x, zzz: 1 }\n")[0].message ==
          "unknown key zzz; known here: url, url_file, every");
    CHECK(mistakesOf(stack("        provider: terrafrom\n"))[0].message ==
          "unknown word; did you mean terraform?");
    CHECK(
        mistakesOf(channel("    slack: { webhook_url_file: /x }\nroutes:\n  - channels: [d]\n"))[0]
            .message == "no channel has this name; did you mean c?");
}

TEST_CASE("no mistake shows a secret") {
    const std::string texts[] = {
        repository("    credentials: { pasword: hunter2 }\n"),
        repository("    credentials: { password: hunter2, password_file: /b }\n"),
        repository("    credentials: { password: [hunter2] }\n"),
        repository("    credentials: hunter2\n"),
        "repositories:\n  - { name: a, url: \"https://u:hunter2@example.com/r\" }\n",
        channel("    webhook: { url: \"http://h/hunter2 x\" }\n"),
        channel("    webhook: { url: \"http://h/\", secret: \"hunter2\\n\" }\n"),
        channel("    slack: { webhook_url: \"ftp://h/hunter2\" }\n"),
        stack("        environment: { TF_LOG: hunter2, KEY: hunter2 }\n"),
        stack("        environment: { KEY: [hunter2] }\n"),
        stack("        backend_config: [\"=hunter2\"]\n"),
        stack("        backend_config: [\"-hunter2\"]\n"),
        stack("        environment: { A: \"hunter2 }\n"),
        "heartbeat: { url: \"hunter2\" }\n",
        "heartbeat: { url: *hunter2 }\n",
        "heartbeat: { url: \"\\qhunter2\" }\n",
        "heartbeat: { evry: 1s, url: hunter2 }\n",
    };
    for (const auto& text : texts) {
        CAPTURE(text);
        const auto told = render(mistakesOf(text));
        CHECK_FALSE(told.empty());
        CHECK(told.find("hunter2") == std::string::npos);
    }
}

}  // namespace mistakes_test
