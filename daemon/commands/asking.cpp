#include "daemon/commands/asking.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "daemon/cli/table.hpp"
#include "daemon/commands/token_file.hpp"
#include "daemon/settings/config_file.hpp"
#include "parsers/text/encoding.hpp"
#include "parsers/text/printable.hpp"
#include "parsers/text/url_parts.hpp"

namespace driftkeeper {
namespace {

constexpr std::size_t mostAnswer = std::size_t{256} << 20;  // a whole estate's graph fits

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

// Root and the group of the socket; whoever it belongs to is the daemon's user, whom it refuses.
bool letsIn(const std::filesystem::path& socket) {
    struct stat file {};
    if (socket.empty() || ::stat(socket.c_str(), &file) != 0) return false;
    return geteuid() == 0 || (file.st_uid != geteuid() && access(socket.c_str(), W_OK) == 0);
}

// The socket where this user can open it: it needs no token.
std::string usualUrl(const Settings& settings) {
    const auto& socket = settings.access.socket;
    if (letsIn(socket)) return "unix:" + socket.string();
    const bool isNamed =
        !isLoopback(settings.listenAddress) && settings.externalUrl.starts_with("https://");
    return isNamed ? settings.externalUrl : daemonUrl(settings);
}

bool isHere(const std::string& url) {
    if (url.starts_with("http+unix:")) return true;
    const auto parts = urlParts(url);
    return parts && isLoopback(parts->host);
}

}  // namespace

Daemon daemonOf(const Options& options) {
    const auto loaded = loadSettings(configFileOf(options.configFile));
    const bool usable = loaded.mistakes.empty();
    Daemon daemon;
    daemon.url = usable ? usualUrl(loaded.settings) : "http://127.0.0.1:9743";
    if (!options.url.empty()) daemon.url = options.url;
    if (daemon.url.starts_with("unix:"))
        daemon.url = "http+unix://" + percentEncoded(daemon.url.substr(5));
    while (daemon.url.ends_with('/')) daemon.url.pop_back();
    daemon.caFile = variable("DRIFTKEEPER_CA");
    daemon.token = variable("DRIFTKEEPER_TOKEN");
    const bool isOurs = options.url.empty() || isHere(daemon.url);
    if (!daemon.token.empty() || !isOurs) return daemon;
    const TokenFile token =
        readTokenFile(usable ? loaded.settings.stateDirectory : std::filesystem::path());
    daemon.token = token.token;
    daemon.tokenTrouble = token.trouble;
    daemon.tokenFix = token.fix;
    return daemon;
}

Answer ask(const Daemon& daemon, const std::string& method, const std::string& path,
           std::string body) {
    HttpRequest request;
    request.method = method;
    request.body = std::move(body);
    request.url = daemon.url + path;
    const bool isSafe = isHere(daemon.url) || daemon.url.starts_with("https://");
    if (!daemon.token.empty() && isSafe)
        request.headers["Authorization"] = "Bearer " + daemon.token;
    request.mostAnswer = mostAnswer;
    HttpClient::Options options;
    options.direct = isHere(daemon.url);
    options.tlsCaFile = daemon.caFile;
    options.total = daemon.patience;
    options.connect = std::min(options.connect, daemon.patience);
    return HttpClient(options).send(request);
}

std::string cell(const Json& value) {
    if (value.isNull()) return "";
    return value.isString() ? printable(value.text) : canonicalText(value);
}

int print(const Answer& answer, const std::string& text, bool json) {
    std::fputs(json ? answer.body.c_str() : text.c_str(), stdout);
    return 0;
}

std::string listTable(const Listing& listing, std::string_view body) {
    std::vector<std::vector<std::string>> rows;
    const Json answer = readJson(body).value_or(Json());
    for (const Json& element : answer[listing.list].elements()) {
        std::vector<std::string> row;
        for (const auto& path : listing.columns) {
            const Json* value = &element;
            for (const auto& member : path) value = &(*value)[member];
            row.push_back(cell(*value));
        }
        rows.push_back(std::move(row));
    }
    return table(listing.headings, rows, terminalWidth(), wantsColour());
}

}  // namespace driftkeeper
