#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/model/settings.hpp"

namespace driftkeeper {

// What a forge sends when something was pushed. Formats: GitHub "Webhook events and payloads"
// (2022-11-28), Gitea 1.22 "Webhooks", GitLab 17 "Webhook events", Bitbucket Cloud and Data Center
// 8 "Event payloads". Pure.

// Whether the message is of somebody who knows the secret: HMAC-SHA256 over the body as it came, or
// GitLab's token. Takes the same time for every wrong one. `headers` have lower-case names.
bool isSigned(HookSettings::Forge forge, const std::map<std::string, std::string>& headers,
              std::string_view body, std::string_view secret);

struct HookPush {
    bool isPush = false;            // false: a ping, or an event that is no push
    std::vector<std::string> refs;  // full names: refs/heads/main
    std::vector<std::string> urls;  // of the repository, in all forms that the message has
    std::string defaultBranch;      // empty: the message does not say
};

// nullopt: this is no message of that forge. Call it only for what is signed.
std::optional<HookPush> pushIn(HookSettings::Forge forge,
                               const std::map<std::string, std::string>& headers,
                               std::string_view body);

// A clone URL without what differs between its forms: scheme, user, port, ".git" and the case of
// the host. git.example.com/org/infra; empty for what is none.
std::string plainUrl(std::string_view url);

// Whether the push moved what the repository's `ref` stands for.
bool isAbout(const HookPush& push, const RepositorySettings& repository);

}  // namespace driftkeeper
