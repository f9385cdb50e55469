#include "tests/peers/github.hpp"

#include <algorithm>
#include <cctype>
#include <ranges>
#include <regex>

namespace driftkeeper::tests {
namespace {

HttpAnswer json(int status, const Json& body) {
    return {status, {{"Content-Type", "application/json; charset=utf-8"}}, body.dump()};
}

Json shown(const GithubPeer::Issue& issue) {
    Json labels = Json::array();
    for (const auto& label : issue.labels) labels.push_back({{"name", label}, {"color", "ededed"}});
    return {{"id", 1'000'000 + issue.number},
            {"number", issue.number},
            {"state", issue.state},
            {"title", issue.title},
            {"body", issue.body},
            {"user", {{"login", "driftkeeper-bot"}}},
            {"labels", labels},
            {"comments", issue.comments.size()}};
}

}  // namespace

std::string markdownThatCounts(const std::string& markdown) {
    std::string counts;
    for (std::size_t at = 0; at < markdown.size(); ++at) {
        if (markdown[at] == '\\') {
            ++at;
        } else if (markdown[at] == '`') {
            at = std::min(markdown.find('`', at + 1), markdown.size());
        } else {
            counts += markdown[at];
        }
    }
    return counts;
}

bool refers(const std::string& text, const std::string& marks) {
    for (std::size_t at = 0; at + 1 < text.size(); ++at) {
        const bool isInAddress = at > 0 && text[at - 1] == '/';
        if (marks.contains(text[at]) && !isInAddress &&
            std::isalnum(static_cast<unsigned char>(text[at + 1])) != 0)
            return true;
    }
    return false;
}

std::string GithubPeer::markdown(const Json& body) {
    const auto whole = text(body, "body", 65'536);
    const auto counts = markdownThatCounts(whole);
    expect(!refers(counts, "@#"), "somebody or another issue is mentioned");
    expect(counts.find("<!--", 1) == std::string::npos, "a comment that hides the rest");
    return whole;
}

HttpAnswer GithubPeer::list(const std::string& query) {
    ++searches_;
    expect(query.find("labels=driftkeeper") != std::string::npos, "a search without the label");
    expect(query.find("state=open") != std::string::npos, "a search that is not for open issues");
    expect(std::regex_search(query, std::regex("since=\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ")),
           "since is no time");
    Json found = Json::array();
    for (const auto& issue : issues_ | std::views::reverse) {
        const bool isLabelled =
            std::ranges::find(issue.labels, "driftkeeper") != issue.labels.end();
        if (isLabelled && issue.state == "open") found.push_back(shown(issue));
    }
    return json(200, found);
}

HttpAnswer GithubPeer::create(const Json& body) {
    Issue issue;
    issue.number = 1347 + issues_.size();
    issue.title = text(body, "title", 256);
    issue.body = markdown(body);
    issue.labels = body.value("labels", std::vector<std::string>());
    expect(!body.contains("state"), "an issue is made open");
    issues_.push_back(issue);
    auto answer = json(201, shown(issue));
    expect(answer.body.size() + 6000 < 64 * 1024, "an answer that nobody could read");
    return answer;
}

HttpAnswer GithubPeer::change(Issue& issue, const Json& body) {
    if (body.contains("title")) issue.title = text(body, "title", 256);
    if (body.contains("body")) issue.body = markdown(body);
    if (body.contains("state")) {
        issue.state = body.value("state", "");
        issue.reason = body.value("state_reason", "");
        expect(issue.state == "open" || issue.state == "closed", "a state that there is not");
        expect(issue.reason == "completed" || issue.reason == "not_planned",
               "a reason that there is not");
    }
    expect(!body.contains("labels"), "the labels that people gave are replaced");
    ++issue.edits;
    return json(200, shown(issue));
}

HttpAnswer GithubPeer::comment(Issue& issue, const Json& body) {
    issue.comments.push_back(markdown(body));
    return json(201, {{"id", 1}, {"body", issue.comments.back()}});
}

HttpAnswer GithubPeer::answer(const HttpRequest& request) {
    const auto header = [&](const std::string& name) {
        const auto found = request.headers.find(name);
        return found == request.headers.end() ? std::string() : found->second;
    };
    expect(header("accept") == "application/vnd.github+json", "another media type is wanted");
    expect(header("x-github-api-version") == "2022-11-28", "no version of the API is named");
    if (header("authorization") != "Bearer " + token_)
        return json(401, {{"message", "Bad credentials"}});
    std::smatch parts;
    const std::string rest =
        request.target.starts_with(path_) ? request.target.substr(path_.size()) : "?";
    if (request.method == "GET" && rest.starts_with("?labels")) return list(rest);
    if (request.method == "POST" && rest.empty()) return create(jsonOf(request));
    if (!std::regex_match(rest, parts, std::regex("/([0-9]+)(/comments)?")))
        return json(404, {{"message", "Not Found"}});
    const auto issue = std::ranges::find(issues_, std::stoull(parts[1].str()), &Issue::number);
    if (issue == issues_.end()) return json(410, {{"message", "This issue was deleted"}});
    if (parts[2].matched && request.method == "POST") return comment(*issue, jsonOf(request));
    if (!parts[2].matched && request.method == "PATCH") return change(*issue, jsonOf(request));
    return json(404, {{"message", "Not Found"}});
}

}  // namespace driftkeeper::tests
