#include "providers/argocd/argocd_server.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "parsers/argocd/argocd_kinds.hpp"
#include "parsers/gitops/message.hpp"
#include "parsers/text/ascii.hpp"
#include "parsers/text/url_secrets.hpp"
#include "providers/look/files.hpp"
#include "providers/process/remove_tree.hpp"

namespace driftkeeper::argocd {
namespace {

constexpr ToolName tool = {"curl", "argocd"};

// A value in curl's configuration file; nullopt for what has no place in an HTTP header.
std::optional<std::string> curlWord(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return std::nullopt;
        if (c == '"' || c == '\\') result += '\\';
        result += c;
    }
    return result + '"';
}

Outcome<std::string> configurationOf(const ArgoServer& server) {
    std::string url = server.url;
    while (url.ends_with('/')) url.pop_back();
    const auto target = curlWord(url + "/api/v1/applications");
    if (!target) return std::unexpected(Reason{"argocd_failed", "`server` is not a URL"});
    std::string text = "url = " + *target + "\n";
    if (server.tokenFile.empty()) return text;
    constexpr std::size_t longestToken = 64U << 10U;
    std::string token = fileText(server.tokenFile, longestToken).value_or("");
    token = trimmed(token);
    const auto header = curlWord("Authorization: Bearer " + token);
    if (token.empty() || !header)
        return std::unexpected(
            Reason{"token_file", "`token_file` of argocd holds no token or cannot be read"});
    return text + "header = " + *header + "\n";
}

// By curl's exit status (curl.1): with --fail, 22 is an answer of 400 and more.
Reason whyFailed(const ToolResult& result, const std::string& url) {
    const std::string where = withoutUrlSecrets(url, "");
    const auto answered = [&](const char* status) {
        return result.status == 22 && result.err.find(status) != std::string::npos;
    };
    if (answered(" 401"))
        return {"credentials", "Argo CD refused the token; renew the one in `token_file`"};
    if (answered(" 403"))
        return {"forbidden",
                "Argo CD does not let us read Applications; give the token's account "
                "`applications, get`"};
    for (const int status : {5, 6, 7, 28, 35, 52, 56, 60})
        if (result.status == status)
            return {
                "unreachable",
                fmt::format("Argo CD at {} cannot be reached (curl ended with {}); the next check "
                            "tries again",
                            where, status)};
    return {"argocd_failed",
            fmt::format("{} does not answer as Argo CD does (curl ended with {}); correct `server`",
                        where, result.status)};
}

}  // namespace

Outcome<std::vector<Json>> applicationsFrom(const ArgoServer& server,
                                            const kubernetes::Session& session,
                                            const std::filesystem::path& folder,
                                            TimedRunner& curl) {
    const auto configuration = configurationOf(server);
    if (!configuration) return std::unexpected(configuration.error());
    if (auto made = emptyFolder(folder); !made) return because(made.error(), tool);
    const auto file = folder / "curl";
    if (auto written = writeFile(file, *configuration); !written)
        return because(written.error(), tool);
    ToolCall call;
    call.argv = {"curl",        "--disable", "--silent", "--show-error", "--fail", "--proto",
                 "=http,https", "--config",  file};
    if (!server.caFile.empty())
        call.argv.insert(call.argv.end(), {"--cacert", server.caFile.string()});
    call.directory = session.directory;
    call.environment = session.environment;
    call.sandbox = session.sandbox;
    call.sandbox.readable.push_back(folder);
    if (!server.caFile.empty()) call.sandbox.readable.push_back(server.caFile);
    const auto result = curl.run(std::move(call));
    removeTree(folder);
    if (!result) return std::unexpected(result.error());
    if (result->status != 0) return std::unexpected(whyFailed(*result, server.url));
    auto applications = applicationsIn(result->out);
    if (!applications) return because(applications.error(), tool);
    return *std::move(applications);
}

}  // namespace driftkeeper::argocd
