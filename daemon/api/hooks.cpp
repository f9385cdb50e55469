// The part of the API that forges call: something was pushed.
#include <algorithm>

#include "daemon/api/answers.hpp"
#include "daemon/api/api.hpp"
#include "daemon/api/hook_push.hpp"
#include "daemon/base/log.hpp"
#include "daemon/notify/secret.hpp"

namespace driftkeeper {
namespace {

// Empty when it cannot be read: nothing is signed with that.
std::string secretOf(const HookSettings& hook) {
    auto secret = readSecret(hook.secret, "the secret of hook " + hook.name);
    if (secret) return *std::move(secret);
    log::error("the secret of a hook cannot be read", {{"reason", secret.error().message}});
    return {};
}

bool isMeant(const HookSettings& hook, const HookPush& push, const RepositorySettings& repository) {
    if (!hook.repositories.empty())
        return std::ranges::find(hook.repositories, repository.name) != hook.repositories.end();
    const std::string ours = plainUrl(repository.url);
    return !ours.empty() &&
           std::ranges::any_of(push.urls, [&](const auto& url) { return plainUrl(url) == ours; });
}

WebResponse ignored(std::string_view what) {
    JsonWriter writer = envelope();
    writer.key("ignored").text(what).endObject();
    return json(std::move(writer));
}

}  // namespace

// The message says only that there is something to fetch: what it touches, the commits say. So a
// replay is harmless.
WebResponse Api::hook(const std::string& name, const WebRequest& request) {
    const auto settings = world_.settings.get();
    const auto hook = std::ranges::find(settings->hooks, name, &HookSettings::name);
    const bool isKnown = hook != settings->hooks.end();
    if (!isKnown || !isSigned(hook->forge, request.headers, request.body, secretOf(*hook)))
        return problem(401, "wrong_signature",
                       "there is no hook of this name, or its signature is wrong");
    const auto push = pushIn(hook->forge, request.headers, request.body);
    if (!push) return problem(400, "bad_hook", "the body is not a message of this forge");
    if (!push->isPush) return ignored("event");
    std::vector<std::string> fetched;
    bool isKnownRepository = false;
    for (const auto& repository : settings->repositories) {
        if (!isMeant(*hook, *push, repository)) continue;
        isKnownRepository = true;
        if (isAbout(*push, repository) && world_.repositories.poke(repository.name))
            fetched.push_back(repository.name);
    }
    if (fetched.empty()) return ignored(isKnownRepository ? "ref" : "repository");
    JsonWriter writer = envelope();
    writer.key("repositories").beginArray();
    for (const auto& repository : fetched) {
        log::info("a forge reported a push", {{"hook", name}, {"repository", repository}});
        writer.text(repository);
    }
    writer.endArray().endObject();
    WebResponse accepted = json(std::move(writer));
    accepted.status = 202;
    return accepted;
}

}  // namespace driftkeeper
