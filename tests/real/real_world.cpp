#include "tests/real/real_world.hpp"

#include <stdexcept>

namespace driftkeeper::tests {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

std::string saidOf(const Json& stack) {
    std::string text =
        stack.at("path").get<std::string>() + ' ' + stack.at("verdict").get<std::string>();
    if (stack.contains("reason") && !stack.at("reason").is_null())
        text += ' ' + stack.at("reason").at("code").get<std::string>();
    for (const auto& drift : stack.at("drifts"))
        for (const char* key : {"address", "side", "cause"})
            text += ' ' + drift.at(key).get<std::string>();
    return text;
}

// "box_item.a modified live out_of_band content,labels.a"
std::string lineOf(const Json& drift) {
    std::string text = drift.at("address");
    for (const char* key : {"change", "side", "cause"})
        text += ' ' + drift.at(key).get<std::string>();
    std::string paths;
    if (drift.contains("attributes"))
        for (const auto& attribute : drift.at("attributes"))
            paths += (paths.empty() ? " " : ",") + attribute.at("path").get<std::string>();
    return text + paths;
}

}  // namespace

fs::path realPrograms() {
    return fs::path(DRIFTKEEPER_SOURCE_DIR) / "build/real/bin";
}

bool isMissing(std::string_view program) {
    std::error_code error;
    return !fs::exists(realPrograms() / program, error);
}

RealWorld::RealWorld() : cloud_(room_ / "stack") {
    fs::create_directories(room_ / "states");
    fs::create_directories(room_ / "home");
    write(".gitignore", ".terragrunt-cache/\n.terraform/\n.terragrunt-stack/\n");
}

std::string RealWorld::box() const {
    return "terraform {\n required_providers {\n  box = { source = "
           "\"registry.terraform.io/driftkeeper/box\", version = \"1.0.0\" }\n }\n}\n"
           "provider \"box\" {\n directory = \"" +
           cloud_.live().string() + "\"\n}\n";
}

std::string RealWorld::localBackend(const std::string& path) {
    return "terraform {\n backend \"local\" {\n  path = \"" + path + "\"\n }\n}\n";
}

std::string RealWorld::state(const std::string& name) const {
    return (room_ / "states" / name).string();
}

Environment RealWorld::environment() const {
    Environment all = own_;
    all.merge(Environment{{"PATH", realPrograms().string() + ":/usr/local/bin:/usr/bin:/bin"},
                          {"HOME", (room_ / "home").string()},
                          {"TF_CLI_CONFIG_FILE", cloud_.cliConfigFile().string()},
                          {"CHECKPOINT_DISABLE", "1"},
                          {"TG_NON_INTERACTIVE", "true"},
                          {"TG_NO_COLOR", "true"}});
    return all;
}

Finished RealWorld::run(const std::vector<std::string>& words, const std::string& folder) const {
    RunOptions options;
    options.cwd = git_.path() / folder;
    options.env = environment();
    options.onlyThisEnvironment = true;
    options.timeout = std::chrono::minutes(5);
    auto argv = words;  // a program is looked for on the caller's PATH
    if (!isMissing(argv.front())) argv.front() = (realPrograms() / argv.front()).string();
    return tests::run(argv, options);
}

void RealWorld::must(const std::vector<std::string>& words, const std::string& folder) const {
    const auto done = run(words, folder);
    if (!done.ok()) throw std::runtime_error(words.front() + ": " + done.out + done.err);
}

Finished RealWorld::check(const std::string& folder, Environment more) const {
    RunOptions options;
    options.env = environment();
    for (auto& [name, value] : more) options.env[name] = value;
    options.onlyThisEnvironment = true;
    options.timeout = std::chrono::minutes(5);
    return tests::run(
        {DRIFTKEEPER_PROGRAM, "check", (git_.path() / folder).string(), "--format", "json"},
        options);
}

std::string told(const Finished& checked) {
    if (!checked.out.starts_with('{')) return "no answer: " + checked.out + checked.err;
    const auto answer = Json::parse(checked.out);
    const auto& stack = answer.at("stacks").at(0);
    std::string text = stack.at("verdict");
    if (stack.contains("reason") && !stack.at("reason").is_null())
        text += ' ' + stack.at("reason").at("code").get<std::string>();
    for (const auto& drift : stack.at("drifts")) text += "; " + lineOf(drift);
    return text;
}

std::string suppressed(const Finished& checked) {
    if (!checked.out.starts_with('{')) return "no answer: " + checked.out + checked.err;
    std::string text;
    const auto answer = Json::parse(checked.out);
    for (const auto& one : answer.at("stacks").at(0).at("not_told"))
        text += (text.empty() ? "" : "; ") + lineOf(one);
    return text;
}

std::string said(const Finished& checked) {
    if (!checked.out.starts_with('{')) return "no answer: " + checked.out + checked.err;
    std::string text;
    const auto answer = Json::parse(checked.out);
    for (const auto& stack : answer.at("stacks"))
        text += (text.empty() ? "" : "; ") + saidOf(stack);
    return text;
}

}  // namespace driftkeeper::tests
