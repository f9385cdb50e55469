#include "daemon/settings/rules_file.hpp"

#include "daemon/settings/rules_limits.hpp"
#include "daemon/settings/sections.hpp"

namespace driftkeeper {
namespace {

void readVersion(Reading& reading, const Place& place) {
    long version = 0;
    reading.integer(place, version, 1, 1'000'000);
    if (version > 1)
        reading.mistake(place, "unsupported_version",
                        "this version of driftkeeper reads version 1");
}

// A file cannot know what the settings call its repository.
void nameStacks(IgnoreRule& rule, const std::string& repository) {
    auto& globs = rule.match.stack;
    const auto count = globs.size();
    for (std::size_t i = 0; i < count; ++i) globs.push_back(repository + "/" + globs[i]);
}

std::vector<IgnoreRule> readRules(Reading& reading, const YamlNode& root,
                                  const std::string& repository) {
    Section section(reading, {&root, ""});
    std::vector<IgnoreRule> rules;
    if (section.place()) readVersion(reading, section.require("version"));
    const auto ignores = section.take("ignores");
    if (reading.items(ignores).size() > mostRules) {
        reading.mistake(ignores, "too_many_rules", "a repository has at most 1000 rules", Show::No);
    } else {
        readIgnores(reading, ignores, repository, rules, nullptr);
    }
    section.close();
    for (auto& rule : rules) {
        rule.origin = IgnoreRule::Origin::Repository;
        rule.repository = repository;
        nameStacks(rule, repository);
    }
    return rules;
}

}  // namespace

LoadedRules parseRulesFile(std::string_view text, const std::string& repository,
                           const std::string& fileName) {
    if (text.size() > mostRulesBytes)
        return {
            {},
            {{fileName, {}, "", "settings/too_large", "the file is larger than 256 KiB", "", 0}}};
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    Reading reading(fileName, text, [](std::string_view) { return std::nullopt; });
    const auto document = parseYaml(text);
    for (const auto& mistake : document.mistakes)
        reading.mistake(mistake.position, mistake.code, mistake.message, 0);
    std::vector<IgnoreRule> rules;
    if (document.mistakes.empty() || document.root.kind != YamlNode::Kind::Null)
        rules = readRules(reading, document.root, repository);
    return {std::move(rules), reading.takeMistakes()};
}

}  // namespace driftkeeper
