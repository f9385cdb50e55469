#include "daemon/api/hook_push.hpp"

#include <algorithm>

#include "daemon/base/random.hpp"
#include "daemon/web/credentials.hpp"
#include "daemon/web/keyed_digest.hpp"
#include "parsers/json/json.hpp"
#include "parsers/text/ascii.hpp"
#include "parsers/text/digest.hpp"
#include "parsers/text/encoding.hpp"
#include "parsers/text/url_parts.hpp"

namespace driftkeeper {
namespace {

using Headers = std::map<std::string, std::string>;
using Forge = HookSettings::Forge;

constexpr std::size_t mostChanges = 1000;

std::string valueOf(const Headers& headers, const std::string& name) {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string() : found->second;
}

void addText(std::vector<std::string>& all, const Json& value) {
    if (const auto text = value.string(); !text.empty()) all.emplace_back(text);
}

// GitHub sends a form where the hook says so. A form without the field is taken for JSON with the
// wrong type.
std::string jsonOf(const Headers& headers, std::string_view body) {
    if (!valueOf(headers, "content-type").starts_with("application/x-www-form-urlencoded"))
        return std::string(body);
    const auto fields = formFrom(body);
    const auto payload =
        fields ? fields->find("payload") : std::map<std::string, std::string>::const_iterator();
    return fields && payload != fields->end() ? payload->second : std::string(body);
}

bool isPushEvent(Forge forge, const Headers& headers) {
    switch (forge) {
        case Forge::GitHub:
            return valueOf(headers, "x-github-event") == "push";
        case Forge::Gitea:
            return valueOf(headers, "x-gitea-event") == "push";
        case Forge::GitLab: {
            const auto event = valueOf(headers, "x-gitlab-event");
            return event == "Push Hook" || event == "Tag Push Hook" || event == "System Hook";
        }
        case Forge::Bitbucket: {
            const auto event = valueOf(headers, "x-event-key");
            return event == "repo:push" || event == "repo:refs_changed";
        }
    }
    return false;
}

// push.changes[].new of the cloud, changes[].ref of a data center; what was deleted has no new.
void readBitbucketRefs(const Json& body, std::vector<std::string>& refs) {
    for (const Json& change : body["push"]["changes"].elements()) {
        if (refs.size() >= mostChanges) return;
        for (const auto* side : {"new", "old"}) {
            const Json& name = change[side]["name"];
            if (!name.isString()) continue;
            const bool isTag = change[side]["type"].string() == "tag";
            refs.push_back((isTag ? "refs/tags/" : "refs/heads/") + name.text);
        }
    }
    for (const Json& change : body["changes"].elements())
        if (refs.size() < mostChanges) addText(refs, change["ref"]["id"]);
}

void readUrls(const Json& body, std::vector<std::string>& urls) {
    const Json& repository = body["repository"];
    const Json& project = body["project"];
    for (const auto* key :
         {"clone_url", "ssh_url", "html_url", "git_http_url", "git_ssh_url", "url", "homepage"})
        addText(urls, repository[key]);
    for (const auto* key : {"git_http_url", "git_ssh_url", "web_url", "http_url", "ssh_url"})
        addText(urls, project[key]);
    addText(urls, repository["links"]["html"]["href"]);
    for (const Json& link : repository["links"]["clone"].elements())
        if (urls.size() < mostChanges) addText(urls, link["href"]);
}

std::string tidy(std::string_view path) {
    while (path.starts_with('/')) path.remove_prefix(1);
    while (path.ends_with('/')) path.remove_suffix(1);
    if (path.ends_with(".git")) path.remove_suffix(4);
    return std::string(path);
}

}  // namespace

bool isSigned(Forge forge, const Headers& headers, std::string_view body, std::string_view secret) {
    if (secret.empty()) return false;
    switch (forge) {
        case Forge::GitHub:
            return sameSecret(valueOf(headers, "x-hub-signature-256"),
                              "sha256=" + hex(hmacSha256(secret, body)));
        case Forge::Bitbucket:
            return sameSecret(valueOf(headers, "x-hub-signature"),
                              "sha256=" + hex(hmacSha256(secret, body)));
        case Forge::Gitea:
            return sameSecret(valueOf(headers, "x-gitea-signature"), hex(hmacSha256(secret, body)));
        case Forge::GitLab:
            return sameSecret(valueOf(headers, "x-gitlab-token"), secret);
    }
    return false;
}

std::optional<HookPush> pushIn(Forge forge, const Headers& headers, std::string_view body) {
    HookPush push;
    push.isPush = isPushEvent(forge, headers);
    if (!push.isPush) return push;
    const std::string text = jsonOf(headers, body);
    const Json json = readJson(text).value_or(Json());
    if (!json.isObject()) return std::nullopt;
    addText(push.refs, json["ref"]);
    if (forge == Forge::Bitbucket) readBitbucketRefs(json, push.refs);
    // A system hook of GitLab tells of everything; only pushes have a ref.
    if (push.refs.empty() && valueOf(headers, "x-gitlab-event") == "System Hook")
        push.isPush = false;
    readUrls(json, push.urls);
    push.defaultBranch = json["repository"]["default_branch"].string();
    if (push.defaultBranch.empty()) push.defaultBranch = json["project"]["default_branch"].string();
    return push;
}

std::string plainUrl(std::string_view url) {
    if (const auto parts = urlParts(url)) return lowered(parts->host) + "/" + tidy(parts->path);
    const auto colon = url.find(':');
    if (url.starts_with('/') || colon == std::string_view::npos)
        return url.starts_with('/') ? "/" + tidy(url) : std::string();
    return lowered(authorityParts(url.substr(0, colon)).host) + "/" + tidy(url.substr(colon + 1));
}

bool isAbout(const HookPush& push, const RepositorySettings& repository) {
    std::string ref = repository.ref.empty() ? push.defaultBranch : repository.ref;
    if (ref.empty()) return true;  // whatever HEAD is there
    return std::ranges::any_of(push.refs, [&](const std::string& pushed) {
        return pushed == ref || pushed == "refs/heads/" + ref || pushed == "refs/tags/" + ref;
    });
}

}  // namespace driftkeeper
