#include <doctest/doctest.h>

#include "daemon/settings/settings_file.hpp"

using namespace driftkeeper;

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

TEST_CASE("wrong settings are told with code, line and key path") {
    struct Row {
        std::string text;
        std::string code;
        std::size_t line;
        std::string path;
    };
    const Row rows[] = {
        // the document
        {"listen: [", "syntax", 1, ""},
        {"a: b: c\n", "syntax", 1, ""},
        {"listen: \"127.0.0.1:1\n", "syntax", 2, ""},
        {"# x\nchecks: {}\nchecks: {}\n", "repeated_key", 3, ""},
        {"checks:\n  every: 1m\n  every: 2m\n", "repeated_key", 3, ""},
        {"time_zone: \xFF\n", "invalid_utf8", 1, ""},
        {"time_zone: \x01\n", "control_character", 1, ""},
        {"checks: {}\n---\nchecks: {}\n", "several_documents", 2, ""},
        {"time_zone: *zone\n", "unknown_anchor", 1, ""},
        {"time_zone: !zone UTC\n", "tag", 1, ""},
        {"- a\n", "wrong_type", 1, ""},
        {"text\n", "wrong_type", 1, ""},
        // the top
        {"\nlisten_on: x\n", "unknown_key", 2, "listen_on"},
        {"listen: 0.0.0.0:9743\n", "listen_not_loopback", 1, "listen"},
        {"listen: 192.168.1.1:80\n", "listen_not_loopback", 1, "listen"},
        {"listen: \":9743\"\n", "listen_not_loopback", 1, "listen"},
        {"listen: 127.0.0.1\n", "bad_listen", 1, "listen"},
        {"listen: 127.0.0.1:99999\n", "bad_listen", 1, "listen"},
        {"listen: ::1:80\n", "bad_listen", 1, "listen"},
        {"listen: [127.0.0.1]\n", "wrong_type", 1, "listen"},
        {"time_zone: Mars/Olympus\n", "unknown_time_zone", 1, "time_zone"},
        {"time_zone: ../UTC\n", "unknown_time_zone", 1, "time_zone"},
        {"state_directory: -x\n", "bad_path", 1, "state_directory"},
        {"state_directory: x${CREDENTIALS_DIRECTORY}\n", "unknown_variable", 1, "state_directory"},
        {"state_directory: ${HOME}/x\n", "unknown_variable", 1, "state_directory"},
        {"state_directory:\n", "wrong_type", 1, "state_directory"},
        // checks
        {"checks: 5m\n", "wrong_type", 1, "checks"},
        {"checks:\n  evry: 5m\n", "unknown_key", 2, "checks.evry"},
        {"checks:\n  every: 10q\n", "bad_duration", 2, "checks.every"},
        {"checks:\n  every: 10\n", "bad_duration", 2, "checks.every"},
        {"checks:\n  every: 1.5h\n", "bad_duration", 2, "checks.every"},
        {"checks:\n  every: -5m\n", "bad_duration", 2, "checks.every"},
        {"checks:\n  every: 99999999999d\n", "bad_duration", 2, "checks.every"},
        {"checks:\n  every: 0s\n", "out_of_range", 2, "checks.every"},
        {"checks:\n  every: [5m]\n", "wrong_type", 2, "checks.every"},
        {"checks: { timeout: 0m }\n", "out_of_range", 1, "checks.timeout"},
        {"checks:\n  parallel: 0\n", "out_of_range", 2, "checks.parallel"},
        {"checks:\n  parallel: many\n", "wrong_type", 2, "checks.parallel"},
        {"checks:\n  confirm: 2.5\n", "wrong_type", 2, "checks.confirm"},
        {"checks:\n  confirm: 99999999999999999999\n", "out_of_range", 2, "checks.confirm"},
        {"checks:\n  confirm_after: soon\n", "bad_duration", 2, "checks.confirm_after"},
        // providers
        {"providers:\n  terrafrom: {}\n", "unknown_key", 2, "providers.terrafrom"},
        {"providers:\n  terraform:\n    binary: x\n", "unknown_key", 3, "providers.terraform.binary"},
        {"providers:\n  terraform:\n    program: -x\n", "bad_path", 3, "providers.terraform.program"},
        {"providers:\n  terraform:\n    program: \"\"\n", "bad_path", 3, "providers.terraform.program"},
        {"providers:\n  terraform:\n    environment: { TF_LOG: trace }\n", "forbidden_variable", 3,
         "providers.terraform.environment.TF_LOG"},
        {"providers:\n  terraform:\n    environment: { 1X: y }\n", "bad_variable_name", 3,
         "providers.terraform.environment.1X"},
        {"providers:\n  terraform:\n    environment: [A, B]\n", "wrong_type", 3, "providers.terraform.environment"},
        {"providers:\n  terraform:\n    environment:\n      A: { b: c }\n", "wrong_type", 4,
         "providers.terraform.environment.A"},
        // repositories
        {"repositories:\n  - url: /r\n", "missing_key", 2, "repositories[0].name"},
        {"repositories:\n  - name: a\n", "missing_key", 2, "repositories[0].url"},
        {"repositories:\n  - text\n", "wrong_type", 2, "repositories[0]"},
        {"repositories:\n  - { name: a/b, url: /r }\n", "bad_name", 2, "repositories[0].name"},
        {"repositories:\n  - { name: -a, url: /r }\n", "bad_name", 2, "repositories[0].name"},
        {"repositories:\n  - { name: a, url: /r }\n  - { name: a, url: /s }\n", "repeated_name", 3,
         "repositories[1].name"},
        {"repositories:\n  - name: a\n    url: http://example.com/r\n", "bad_url", 3, "repositories[0].url"},
        {"repositories:\n  - name: a\n    url: ftp://example.com/r\n", "bad_url", 3, "repositories[0].url"},
        {"repositories:\n  - name: a\n    url: https://u:p@example.com/r\n", "password_in_url", 3,
         "repositories[0].url"},
        {"repositories:\n  - name: a\n    url: ssh://-oProxyCommand=x/r\n", "bad_url", 3, "repositories[0].url"},
        {"repositories:\n  - name: a\n    url: --upload-pack=x\n", "bad_url", 3, "repositories[0].url"},
        {repository("    ref: -x\n"), "bad_ref", 4, "repositories[0].ref"},
        {repository("    ref: a..b\n"), "bad_ref", 4, "repositories[0].ref"},
        {repository("    ref: \"a b\"\n"), "bad_ref", 4, "repositories[0].ref"},
        {repository("    poll: 0s\n"), "out_of_range", 4, "repositories[0].poll"},
        {repository("    branch: x\n"), "unknown_key", 4, "repositories[0].branch"},
        {repository("    credentials: { password: a, password_file: /b }\n"), "both_given", 4,
         "repositories[0].credentials.password_file"},
        {repository("    credentials: { password: a, ssh_key_file: /b }\n"), "both_given", 4,
         "repositories[0].credentials.ssh_key_file"},
        {repository("    credentials: { pasword: a }\n"), "unknown_key", 4, "repositories[0].credentials.pasword"},
        {repository("    discover: no\n"), "wrong_type", 4, "repositories[0].discover"},
        {repository("    discover: { exclude: [\"a[\"] }\n"), "bad_glob", 4, "repositories[0].discover.exclude[0]"},
        {repository("    discover: { include: [\"a***\"] }\n"), "bad_glob", 4, "repositories[0].discover.include[0]"},
        // stacks
        {repository("    stacks:\n      - name: x\n"), "missing_key", 5, "repositories[0].stacks[0].path"},
        {repository("    stacks:\n      - path: /etc\n"), "bad_path", 5, "repositories[0].stacks[0].path"},
        {repository("    stacks:\n      - path: a/../../b\n"), "bad_path", 5, "repositories[0].stacks[0].path"},
        {repository("    stacks:\n      - path: -a\n"), "bad_path", 5, "repositories[0].stacks[0].path"},
        {repository("    stacks:\n      - path: \"a\\tb\"\n"), "bad_path", 5, "repositories[0].stacks[0].path"},
        {stack("      - path: ./p/\n"), "repeated_name", 6, "repositories[0].stacks[1]"},
        {stack("      - { path: q, name: p }\n"), "repeated_name", 6, "repositories[0].stacks[1]"},
        {stack("      - { path: q, name: p@w }\n      - { path: p, workspace: w }\n"), "repeated_name", 7,
         "repositories[0].stacks[2]"},
        {stack("        name: a//b\n"), "bad_name", 6, "repositories[0].stacks[0].name"},
        {stack("        name: ../b\n"), "bad_name", 6, "repositories[0].stacks[0].name"},
        {stack("        provider: terrafrom\n"), "unknown_value", 6, "repositories[0].stacks[0].provider"},
        {stack("        workspace: a/b\n"), "bad_name", 6, "repositories[0].stacks[0].workspace"},
        {stack("        variable_files: [../../x]\n"), "bad_path", 6, "repositories[0].stacks[0].variable_files[0]"},
        {stack("        variable_files: [/etc/x]\n"), "bad_path", 6, "repositories[0].stacks[0].variable_files[0]"},
        {stack("        variable_files: [a, -var=x]\n"), "bad_path", 6, "repositories[0].stacks[0].variable_files[1]"},
        {stack("        backend_config: [=x]\n"), "bad_backend_config", 6,
         "repositories[0].stacks[0].backend_config[0]"},
        {stack("        backend_config: [-reconfigure]\n"), "bad_text", 6,
         "repositories[0].stacks[0].backend_config[0]"},
        {stack("        environment: { LD_PRELOAD: x }\n"), "forbidden_variable", 6,
         "repositories[0].stacks[0].environment.LD_PRELOAD"},
        {stack("        enabled: yes\n"), "wrong_type", 6, "repositories[0].stacks[0].enabled"},
        {stack("        enabled: \"true\"\n"), "wrong_type", 6, "repositories[0].stacks[0].enabled"},
        {stack("        every: often\n"), "bad_duration", 6, "repositories[0].stacks[0].every"},
        // channels
        {"channels:\n  - webhook: { url: \"http://h/\" }\n", "missing_key", 2, "channels[0].name"},
        {channel(""), "missing_key", 2, "channels[0]"},
        {channel("    webhok: {}\n    slack: { webhook_url: \"https://h/\" }\n"), "unknown_key", 3,
         "channels[0].webhok"},
        {channel("    webhook: {}\n"), "missing_key", 3, "channels[0].webhook"},
        {channel("    webhook: { url: \"ftp://h/\" }\n"), "bad_url", 3, "channels[0].webhook.url"},
        {channel("    webhook: { url: \"http://h:0/\" }\n"), "bad_url", 3, "channels[0].webhook.url"},
        {channel("    webhook: { url: \"http://h:70000/\" }\n"), "bad_url", 3, "channels[0].webhook.url"},
        {channel("    webhook: { url: \"http:///x\" }\n"), "bad_url", 3, "channels[0].webhook.url"},
        {channel("    webhook: { url: \"http://u@h/\" }\n"), "bad_url", 3, "channels[0].webhook.url"},
        {channel("    webhook: { url: \"http://h/\", url_file: /x }\n"), "both_given", 3,
         "channels[0].webhook.url_file"},
        {channel("    slack: { url: \"http://h/\", webhook_url_file: /x }\n"), "unknown_key", 3,
         "channels[0].slack.url"},
        {channel("    pagerduty: {}\n"), "missing_key", 3, "channels[0].pagerduty"},
        {channel("    slack: { bot_token_file: /x }\n"), "missing_key", 3, "channels[0].slack"},
        {channel("    slack: { webhook_url_file: /x, channel: c }\n"), "unknown_key", 3, "channels[0].slack.channel"},
        {channel("    email: { server: \"http://h\", from: a@b, to: [c@d] }\n"), "bad_url", 3,
         "channels[0].email.server"},
        {channel("    email: { server: \"smtp://h\", from: \"A <a@b>\", to: [c@d] }\n"), "bad_address", 3,
         "channels[0].email.from"},
        {channel("    email: { server: \"smtp://h\", from: a@b, to: [c@d], password_file: /x, tls: false }\n"),
         "password_in_clear", 3, "channels[0].email"},
        {channel("    values: maybe\n    slack: { webhook_url_file: /x }\n"), "unknown_value", 3, "channels[0].values"},
        {channel("    values: hide\n    slack: { webhook_url_file: /x, values: hide }\n"), "both_given", 4,
         "channels[0].slack.values"},
        {channel("    slack: { webhook_url_file: /x }\n    webhook: { url_file: /x }\n"), "both_given", 4,
         "channels[0].webhook"},
        {channel("    slack: { webhook_url_file: /x }\n  - name: c\n    slack: { webhook_url_file: /x }\n"),
         "repeated_name", 4, "channels[1].name"},
        // routes
        {"routes:\n  - channels: [nobody]\n", "unknown_channel", 2, "routes[0].channels[0]"},
        {"routes:\n  - channels: []\n", "missing_key", 2, "routes[0].channels"},
        {"routes:\n  - match: {}\n", "missing_key", 2, "routes[0].channels"},
        {channel("    slack: { webhook_url_file: /x }\nroutes:\n  - { match: { side: [alive] }, channels: [c] }\n"),
         "unknown_value", 5, "routes[0].match.side[0]"},
        {channel("    slack: { webhook_url_file: /x }\nroutes:\n  - { match: { kind: x }, channels: [c] }\n"),
         "unknown_value", 5, "routes[0].match.kind"},
        {channel("    slack: { webhook_url_file: /x }\nroutes:\n  - { match: { stacks: x }, channels: [c] }\n"),
         "unknown_key", 5, "routes[0].match.stacks"},
        {channel("    slack: { webhook_url_file: /x }\nroutes:\n  - { channels: [c], repeat_every: 5s }\n"),
         "out_of_range", 5, "routes[0].repeat_every"},
        {channel("    slack: { webhook_url_file: /x }\nroutes:\n  - { channels: [c], group_wait: soon }\n"),
         "bad_duration", 5, "routes[0].group_wait"},
        {channel("    slack: { webhook_url_file: /x }\nroutes:\n  - { channels: [c], resolve: never }\n"), "wrong_type",
         5, "routes[0].resolve"},
        {channel("    slack: { webhook_url_file: /x }\nroutes:\n  - { channels: [c], values: none }\n"),
         "unknown_value", 5, "routes[0].values"},
        {channel("    pagerduty: { routing_key_file: /x }\nroutes:\n  - { channels: [c], digest: { every: day } }\n"),
         "no_reader", 5, "routes[0].digest"},
        {channel("    slack: { webhook_url_file: /x }\nroutes:\n  - { channels: [c], digest: { every: month } }\n"),
         "unknown_value", 5, "routes[0].digest.every"},
        {channel(
             "    slack: { webhook_url_file: /x }\nroutes:\n  - { channels: [c], digest: { every: day, on: mon } }\n"),
         "both_given", 5, "routes[0].digest.on"},
        {channel("    slack: { webhook_url_file: /x }\nroutes:\n  - { channels: [c], digest: { every: day, at: 25:00 } "
                 "}\n"),
         "bad_clock_time", 5, "routes[0].digest.at"},
        {channel("    slack: { webhook_url_file: /x }\nroutes:\n  - { channels: [c], digest: {} }\n"), "missing_key", 5,
         "routes[0].digest.every"},
        {channel("    slack: { webhook_url_file: /x }\nroutes:\n  - { channels: [c], continue: 1 }\n"), "wrong_type", 5,
         "routes[0].continue"},
        // heartbeat
        {"heartbeat: {}\n", "missing_key", 1, "heartbeat"},
        {"heartbeat: { url: \"x\" }\n", "bad_url", 1, "heartbeat.url"},
        {"heartbeat: { url_file: /x, every: 0s }\n", "out_of_range", 1, "heartbeat.every"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        const auto mistakes = mistakesOf(row.text);
        CHECK(mistakes.size() == 1);
        REQUIRE_FALSE(mistakes.empty());
        CHECK(mistakes[0].code == "settings/" + row.code);
        CHECK(mistakes[0].position.line == row.line);
        CHECK(mistakes[0].keyPath == row.path);
        CHECK(mistakes[0].file == "x.yaml");
        CHECK_FALSE(mistakes[0].message.empty());
    }
}

TEST_CASE("all mistakes come at once, in the order of the file") {
    const auto mistakes =
        mistakesOf("chekcs: {}\nlisten: x\nrepositories:\n  - { name: a, url: ftp://x, poll: 1 }\nroutes:\n  - {}\n");
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
    CHECK(mistakesOf(stack("        provider: terrafrom\n"))[0].message == "unknown word; did you mean terraform?");
    CHECK(mistakesOf(channel("    slack: { webhook_url_file: /x }\nroutes:\n  - channels: [d]\n"))[0].message ==
          "no channel has this name; did you mean c?");
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
