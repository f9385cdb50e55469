#include "daemon/settings/include.hpp"

#include <doctest/doctest.h>

#include <set>

#include "daemon/settings/settings_file.hpp"
#include "tests/support/files.hpp"

using namespace driftkeeper;

namespace include_test {
namespace {

std::optional<std::string> home(std::string_view name) {
    return name == "HOME" ? std::optional<std::string>("/h") : std::nullopt;
}

struct Files {
    tests::TempDir folder;

    void write(const std::string& name, const std::string& text) const {
        tests::writeFile(folder.path() / name, text);
    }
    [[nodiscard]] LoadedSettings load() const {
        return loadSettings(folder.path() / "main.yaml", home);
    }
    // What is told, with the folder's name left out.
    [[nodiscard]] std::string told() const {
        auto text = render(load().mistakes);
        const auto prefix = folder.path().string() + "/";
        for (auto at = text.find(prefix); at != text.npos; at = text.find(prefix))
            text.erase(at, prefix.size());
        return text;
    }
};

std::vector<std::string> namesOf(const LoadedSettings& loaded) {
    std::vector<std::string> names;
    for (const auto& one : loaded.settings.repositories) names.push_back(one.name);
    return names;
}

}  // namespace

TEST_CASE("files that may hold secrets are collected where they are read, and the settings' own") {
    const Files files;
    files.write("conf.d/more.yaml", "hooks: [{ name: f, forge: github, secret_file: /s/hook }]\n");
    files.write("web.yaml", "tls_server_config: { cert_file: c.pem, key_file: k.pem }\n");
    files.write("main.yaml", R"(include: [conf.d/*.yaml]
state_directory: /s/state
listen: 127.0.0.1:1
providers:
  terraform: { cli_config_file: /s/rc, environment: { KUBECONFIG: /s/kube, LANG: /s/lang } }
  argocd: { server: "https://a", token_file: /s/argo }
access:
  socket: /s/socket
  web_config_file: )" + (files.folder.path() / "web.yaml").string() +
                                 R"(
  tokens: [{ name: p, token_file: "${CREDENTIALS_DIRECTORY}/prom" }]
channels: [{ name: c, slack: { webhook_url_file: /s/slack, tls_ca_file: /s/ca } }]
heartbeat: { url_file: /s/beat }
repositories:
  - name: r
    url: ssh://git@h/r.git
    credentials: { ssh_key_file: /s/key, known_hosts_file: /s/hosts, ssh_config_file: /s/ssh }
    stacks: [{ path: a, environment_file: /s/env }]
)");
    const auto loaded = files.load();
    CHECK(render(loaded.mistakes).empty());
    std::set<std::string> found;
    for (const auto& file : loaded.settings.secretFiles) found.insert(file.string());
    const std::string folder = files.folder.path().string();
    CHECK(found == std::set<std::string>{"/s/hook", "/s/rc", "/s/kube", "/s/argo", "/s/socket",
                                         "/s/slack", "/s/beat", "/s/key", "/s/ssh", "/s/env",
                                         "/run/credentials/driftkeeper.service/prom",
                                         folder + "/web.yaml", folder + "/k.pem",
                                         folder + "/main.yaml", folder + "/conf.d/more.yaml"});
}

TEST_CASE("included files append to lists by name, and add keys to mappings") {
    const Files files;
    files.write("main.yaml",
                "include: [conf.d/*.yaml, extra.yaml, main.yaml]\nchecks: { every: 5m }\n"
                "repositories: { name: a, url: /a }\n");
    files.write("conf.d/20.yaml", "repositories: [{ name: c, url: /c }]\nchannels:\n");
    files.write("conf.d/10.yaml",
                "repositories: [{ name: b, url: /b }]\nchecks: { timeout: 7m }\n"
                "providers: { terraform: { environment: { A: \"1\" } } }\n");
    files.write("conf.d/.hidden.yaml", "listen: [\n");
    files.write("conf.d/other.txt", "listen: [\n");
    files.write("extra.yaml",
                "providers: { terraform: { environment: { B: \"2\" } } }\n"
                "channels: { name: hook, webhook: { url: \"http://127.0.0.1:1/\" } }\nroutes: [{ "
                "channels: hook }]\n");
    const auto loaded = files.load();
    REQUIRE(render(loaded.mistakes) == "");
    CHECK(namesOf(loaded) == std::vector<std::string>{"a", "b", "c"});
    CHECK(loaded.settings.checks.every == Seconds(300));
    CHECK(loaded.settings.checks.timeout == Seconds(420));
    CHECK(loaded.settings.providers.at("terraform").environment ==
          Environment{{"A", "1"}, {"B", "2"}});
    CHECK(loaded.settings.routes.size() == 1);
}

TEST_CASE("a pattern may match nothing, a file must be there") {
    const Files files;
    files.write("main.yaml", "include: conf.d/*.yaml\n");
    CHECK(files.told() == "");
    files.write("main.yaml", "include: conf.d/a.yaml\n");
    CHECK(files.told() ==
          "main.yaml:1:10: there is no such file; a pattern as conf.d/*.yaml may match none "
          "[settings/included_nothing]\n  in include\n  1 | include: conf.d/a.yaml\n    |          "
          "^\n");
}

TEST_CASE("what is given in two files is a mistake that names both places") {
    const Files files;
    files.write("main.yaml", "include: [a.yaml]\ntime_zone: UTC\nchecks:\n  every: 5m\n");
    files.write("a.yaml", "# x\ntime_zone: Europe/Berlin\nchecks:\n  every: 6m\n");
    CHECK(files.told() ==
          "a.yaml:2:1: time_zone is given in main.yaml, line 2, too; leave one of them out "
          "[settings/given_twice]\n"
          "  in time_zone\n  2 | time_zone: \xE2\x80\xA6\n    | ^\n\n"
          "a.yaml:4:3: checks.every is given in main.yaml, line 4, too; leave one of them out "
          "[settings/given_twice]\n  in checks.every\n  4 |   every: \xE2\x80\xA6\n    |   ^\n");
}

TEST_CASE("mistakes carry the file that they are in, and items are counted there") {
    const Files files;
    files.write("main.yaml",
                "include: [b.yaml]\nchecks: { evry: 5m }\nrepositories: [{ name: a, url: /a }]\n");
    files.write("b.yaml",
                "repositories:\n  - { name: b, url: ftp://x }\n  - { name: a, url: /a }\n");
    CHECK(
        files.told() ==
        "main.yaml:2:11: unknown key evry; did you mean every? [settings/unknown_key]\n  in "
        "checks.evry\n"
        "  2 | checks: { evry\xE2\x80\xA6\n    |           ^\n\n"
        "b.yaml:2:21: only https, ssh and file URLs and local paths can be read "
        "[settings/bad_url]\n"
        "  in repositories[0].url\n  2 |   - { name: \xE2\x80\xA6, url: \xE2\x80\xA6\n"
        "    |                     ^\n\n"
        "b.yaml:3:13: this repository has the name of the one in main.yaml, line 3; give it "
        "another "
        "[settings/repeated_name]\n"
        "  in repositories[1].name\n  3 |   - { name: a, url: \xE2\x80\xA6\n    |             ^\n");
}

TEST_CASE("a file that is no settings, or includes others, is told as such") {
    const Files files;
    files.write("main.yaml", "include: [a.yaml, b.yaml, c.yaml]\nroutes: [{ channels: [in-c] }]\n");
    files.write("a.yaml", "include: [d.yaml]\n");
    files.write("b.yaml", "- text\n");
    files.write("c.yaml", "channels: [\n");
    const auto mistakes = files.load().mistakes;
    std::vector<std::string> codes;
    for (const auto& mistake : mistakes) codes.push_back(mistake.code);
    CHECK(codes == std::vector<std::string>{"settings/nested_include", "settings/wrong_type",
                                            "settings/syntax"});
}

TEST_CASE("a text alone leaves its includes alone") {
    CHECK(parseSettings("include: [nowhere.yaml]\n", "x.yaml", home).mistakes.empty());
    CHECK(parseSettings("include: [-x]\n", "x.yaml", home).mistakes.size() == 1);
}

}  // namespace include_test
