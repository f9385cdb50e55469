// Whether the credentials that stacks need are there. They are never read: that a variable is set,
// or that a file is there, has to do.
#include <fmt/format.h>

#include <algorithm>

#include "daemon/commands/first_settings.hpp"
#include "providers/catalog.hpp"

namespace driftkeeper {
namespace {

namespace fs = std::filesystem;
using enum Diagnosis::Level;

// One area with the stacks that need it.
struct Needed {
    const CredentialSpec* spec;
    std::size_t stacks;
};

bool isNeededBy(const CredentialSpec& spec, const FoundStack& stack) {
    const auto backends = splitAtBlanks(spec.backends);
    return backends.empty() || std::ranges::find(backends, stack.backend) != backends.end();
}

// What the kinds of the stacks need, each area once.
std::vector<Needed> neededFor(const std::vector<FoundStack>& stacks) {
    std::vector<Needed> all;
    for (const ProviderKind* kind : providerKinds())
        for (const CredentialSpec& spec : kind->credentials) {
            const auto needs = std::ranges::count_if(stacks, [&](const FoundStack& stack) {
                return stack.provider == kind->name && isNeededBy(spec, stack);
            });
            auto known =
                std::ranges::find(all, spec.area, [](const Needed& one) { return one.spec->area; });
            if (known == all.end()) known = all.insert(all.end(), {&spec, 0});
            known->stacks += static_cast<std::size_t>(needs);
        }
    std::erase_if(all, [](const Needed& one) { return one.stacks == 0; });
    return all;
}

std::string evidenceOf(const CredentialSpec& spec, const Variables& variables,
                       const fs::path& home) {
    for (const auto& name : splitAtBlanks(spec.variables))
        if (const auto value = variables(name); value && !value->empty()) return name + " is set";
    std::error_code error;
    for (const auto& file : splitAtBlanks(spec.files))
        if (fs::exists(home / file, error)) return "~/" + file + " is there";
    return {};
}

Diagnosis diagnose(const Needed& needed, const Variables& variables, const fs::path& home) {
    const CredentialSpec& spec = *needed.spec;
    const std::string area(spec.area);
    const std::string fix(spec.fix);
    const std::string whom =
        fmt::format("{} stack{}", needed.stacks, needed.stacks == 1 ? "" : "s");
    if (!spec.trouble.empty())
        return {area, Warning, fmt::format("{}: {}", whom, spec.trouble), fix};
    const std::string evidence = evidenceOf(spec, variables, home);
    if (evidence.empty())
        return {area, Warning,
                fmt::format("{} need{} it, and no credentials were found", whom,
                            needed.stacks == 1 ? "s" : ""),
                fix};
    return {
        area, Ok, fmt::format("{}, for {}; the daemon needs its own: {}", evidence, whom, fix), {}};
}

}  // namespace

std::vector<Diagnosis> diagnoseCredentials(const std::vector<FoundStack>& stacks,
                                           const Variables& variables, const fs::path& home) {
    std::vector<Diagnosis> findings;
    for (const auto& needed : neededFor(stacks))
        findings.push_back(diagnose(needed, variables, home));
    return findings;
}

}  // namespace driftkeeper
