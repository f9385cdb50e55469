#include "providers/terraform/moving_modules.hpp"

#include <algorithm>

#include "parsers/text/ascii.hpp"

namespace driftkeeper::terraform {
namespace {

constexpr std::chrono::seconds longestAnswer{30};
constexpr std::chrono::hours tagsAreAsked{24};
constexpr std::chrono::minutes pauseOfFailed{1};
constexpr std::size_t commitLength = 40;

bool isCommit(std::string_view text) {
    return text.size() == commitLength && std::ranges::all_of(text, [](char letter) {
               return isDigit(letter) || (letter >= 'a' && letter <= 'f');
           });
}

// ?a=b&ref=NAME
std::string refIn(std::string_view query) {
    constexpr std::string_view key = "ref=";
    while (!query.empty()) {
        const auto end = std::min(query.find('&'), query.size());
        if (query.starts_with(key)) return std::string(query.substr(key.size(), end - key.size()));
        query.remove_prefix(std::min(end + 1, query.size()));
    }
    return {};
}

}  // namespace

std::optional<GitReference> gitReferenceIn(std::string_view source) {
    constexpr std::string_view prefix = "git::";
    if (!source.starts_with(prefix)) return std::nullopt;
    source.remove_prefix(prefix.size());
    const auto question = std::min(source.find('?'), source.size());
    GitReference reference;
    reference.ref = refIn(source.substr(std::min(question + 1, source.size())));
    source = source.substr(0, question);
    const auto scheme = source.find("://");
    const auto folder = source.find("//", scheme == std::string_view::npos ? 0 : scheme + 3);
    reference.url = source.substr(0, folder);
    // An option to git is no address.
    if (reference.url.empty() || reference.url.starts_with('-') || isCommit(reference.ref))
        return std::nullopt;
    return reference;
}

RemoteAnswer readRemote(std::string_view lines) {
    RemoteAnswer branch;
    RemoteAnswer tag;
    tag.isTag = true;
    while (!lines.empty()) {
        const auto end = std::min(lines.find('\n'), lines.size());
        const auto line = lines.substr(0, end);
        lines.remove_prefix(std::min(end + 1, lines.size()));
        const auto commit = line.substr(0, line.find('\t'));
        if (!isCommit(commit)) continue;
        const bool isTag = line.substr(commit.size() + 1).starts_with("refs/tags/");
        (isTag ? tag : branch).commits.emplace_back(commit);
    }
    return branch.commits.empty() ? tag : branch;
}

ToolCall lsRemoteCall(const Session& session, const GitReference& reference) {
    ToolCall call;
    call.argv = {"git",       "-c", "http.lowSpeedLimit=1", "-c", "http.lowSpeedTime=20",
                 "ls-remote", "--", reference.url};
    if (reference.ref.empty()) {
        call.argv.emplace_back("HEAD");
    } else {
        for (const char* kind : {"refs/heads/", "refs/tags/"})
            call.argv.push_back(kind + reference.ref);
        call.argv.push_back("refs/tags/" + reference.ref + "^{}");
    }
    call.directory = session.directory;
    call.environment = session.environment;
    call.environment["TMPDIR"] = session.temporaryDirectory.string();
    call.sandbox = session.sandbox;
    call.timeout = longestAnswer;
    call.maxOutput = std::size_t{1} << 20;
    return call;
}

bool MovingModules::isFresh(const Known& known, std::chrono::seconds interval) {
    if (!known.asked) return false;
    std::chrono::seconds pause = interval;
    if (known.answer.isTag) pause = std::max<std::chrono::seconds>(tagsAreAsked, interval);
    // A server that does not answer costs every check its patience if all of them ask.
    if (known.isFailed) pause = std::min<std::chrono::seconds>(pauseOfFailed, interval);
    return Clock::now() - *known.asked < pause;
}

RemoteAnswer MovingModules::answerFor(const GitReference& reference, const Session& session,
                                      TimedRunner& runner, std::chrono::seconds interval) {
    {
        std::unique_lock lock(mutex_);
        Known& known = known_[reference];
        answered_.wait(lock, [&] { return !known.isBeingAsked; });
        if (isFresh(known, interval)) return known.answer;
        known.isBeingAsked = true;
    }
    const auto said = runner.run(lsRemoteCall(session, reference));
    const std::scoped_lock lock(mutex_);
    Known& known = known_[reference];
    known.isBeingAsked = false;
    answered_.notify_all();
    if (runner.stop().stop_requested()) return known.answer;  // nobody answered: others may ask
    known.isFailed = !said || said->status != 0;
    known.answer = known.isFailed ? RemoteAnswer() : readRemote(said->out);
    known.asked = Clock::now();
    return known.answer;
}

bool MovingModules::haveMoved(const std::vector<InstalledModule>& modules, const Session& session,
                              TimedRunner& runner, std::chrono::seconds interval) {
    bool moved = false;
    for (const auto& module : modules) {
        const auto reference = gitReferenceIn(module.source);
        if (!reference || module.commit.empty()) continue;
        const auto answer = answerFor(*reference, session, runner, interval);
        moved = moved || (!answer.commits.empty() &&
                          std::ranges::find(answer.commits, module.commit) == answer.commits.end());
    }
    return moved;
}

}  // namespace driftkeeper::terraform
