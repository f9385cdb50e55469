#include "tests/peers/gitlab.hpp"

#include <algorithm>
#include <ranges>
#include <regex>

#include "tests/peers/github.hpp"

namespace driftkeeper::tests {
namespace {

HttpAnswer json(int status, const Json& body) {
    return {status, {{"Content-Type", "application/json"}}, body.dump()};
}

Json shown(const GitlabPeer::Issue& issue) {
    return {{"id", 76 + issue.iid},     {"iid", issue.iid},
            {"project_id", 4},          {"title", issue.title},
            {"state", issue.state},     {"description", issue.description},
            {"labels", {issue.labels}}, {"author", {{"username", "driftkeeper"}}}};
}

}  // namespace

std::string GitlabPeer::markdown(const Json& body, const std::string& key) {
    const auto whole = text(body, key, 1'000'000);
    const auto counts = markdownThatCounts(whole);
    expect(!refers(counts, "@#!"), "something or somebody is mentioned");
    // Commands are looked for in the text as it came.
    expect(!whole.starts_with('/') && whole.find("\n/") == std::string::npos, "a quick action");
    return whole;
}

std::string GitlabPeer::title(const Json& body) {
    auto title = text(body, "title", 255);
    expect(!refers(title, "@#!~%&$"), "a title that refers to something");
    return title;
}

HttpAnswer GitlabPeer::list(const std::string& query) {
    ++searches_;
    expect(query.find("labels=driftkeeper") != std::string::npos, "a search without the label");
    expect(query.find("state=opened") != std::string::npos, "a search that is not for open issues");
    expect(std::regex_search(
               query, std::regex("created_after=\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ")),
           "created_after is no time");
    Json found = Json::array();
    for (const auto& issue : issues_ | std::views::reverse)
        if (issue.labels == "driftkeeper" && issue.state == "opened") found.push_back(shown(issue));
    return json(200, found);
}

HttpAnswer GitlabPeer::create(const Json& body) {
    Issue issue;
    issue.iid = 14 + issues_.size();
    issue.title = title(body);
    issue.description = markdown(body, "description");
    issue.labels = body.value("labels", "");
    expect(!body.contains("state_event"), "an issue is made open");
    issues_.push_back(issue);
    auto answer = json(201, shown(issue));
    expect(answer.body.size() + 6000 < 64 * 1024, "an answer that nobody could read");
    return answer;
}

HttpAnswer GitlabPeer::change(Issue& issue, const Json& body) {
    if (body.contains("title")) issue.title = title(body);
    if (body.contains("description")) issue.description = markdown(body, "description");
    const auto event = body.value("state_event", "");
    expect(event.empty() || event == "close" || event == "reopen",
           "a state_event that there is not");
    if (event == "close") issue.state = "closed";
    expect(!body.contains("labels"), "the labels that people gave are replaced");
    ++issue.edits;
    return json(200, shown(issue));
}

HttpAnswer GitlabPeer::note(Issue& issue, const Json& body) {
    issue.notes.push_back(markdown(body, "body"));
    return json(201, {{"id", 302}, {"body", issue.notes.back()}});
}

HttpAnswer GitlabPeer::answer(const HttpRequest& request) {
    const auto token = request.headers.find("private-token");
    if (token == request.headers.end() || token->second != token_)
        return json(401, {{"message", "401 Unauthorized"}});
    const std::string rest =
        request.target.starts_with(path_) ? request.target.substr(path_.size()) : "?";
    if (request.method == "GET" && rest.starts_with("?labels")) return list(rest);
    if (request.method == "POST" && rest.empty()) return create(jsonOf(request));
    std::smatch parts;
    if (!std::regex_match(rest, parts, std::regex("/([0-9]+)(/notes)?")))
        return json(404, {{"message", "404 Project Not Found"}});
    const auto issue = std::ranges::find(issues_, std::stoull(parts[1].str()), &Issue::iid);
    if (issue == issues_.end()) return json(404, {{"message", "404 Issue Not Found"}});
    if (parts[2].matched && request.method == "POST") return note(*issue, jsonOf(request));
    if (!parts[2].matched && request.method == "PUT") return change(*issue, jsonOf(request));
    return json(405, {{"error", "405 Not Allowed"}});
}

}  // namespace driftkeeper::tests
