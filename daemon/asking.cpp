#include "daemon/asking.hpp"

#include <algorithm>
#include <cctype>
#include <cstdio>

#include "daemon/base/files.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/config_file.hpp"
#include "daemon/present/printable.hpp"

namespace driftkeeper {
namespace {

constexpr std::size_t mostAnswer = std::size_t{256} << 20;

}  // namespace

Daemon daemonOf(const Options& options) {
    Daemon daemon{options.url.empty() ? "http://127.0.0.1:9743" : options.url, {}};
    const auto loaded = loadSettings(configFileOf(options));
    const bool usable = loaded.mistakes.empty();
    if (usable && options.url.empty()) daemon.url = daemonUrl(loaded.settings);
    const std::filesystem::path directory = usable ? loaded.settings.stateDirectory : "/var/lib/driftkeeper";
    if (auto token = readFile(directory / "token", 4096)) {
        while (!token->empty() && token->back() == '\n') token->pop_back();
        daemon.token = *token;
    }
    while (daemon.url.ends_with('/')) daemon.url.pop_back();
    return daemon;
}

std::string segment(std::string_view text) {
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte) != 0 || c == '-' || c == '_' || c == '.' || c == '~') {
            out += c;
        } else {
            out += '%';
            out += digits[byte >> 4];
            out += digits[byte & 15];
        }
    }
    return out;
}

Answer ask(const Daemon& daemon, const std::string& method, const std::string& path, std::string body) {
    HttpRequest request;
    request.method = method;
    request.body = std::move(body);
    request.url = daemon.url + path;
    if (method == "POST") request.headers["Authorization"] = "Bearer " + daemon.token;
    request.mostAnswer = mostAnswer;
    HttpClient::Options options;
    options.direct = true;
    return HttpClient(options).send(request);
}

int trouble(const std::string& text) {
    std::fprintf(stderr, "driftkeeper: %s\n", printable(text).c_str());
    return 2;
}

int refused(const Daemon& daemon, const Answer& answer) {
    if (answer.status == 0)
        return trouble("no answer from " + daemon.url + ": " + answer.error + " (is the daemon running?)");
    const auto body = JsonSlice::of(answer.body);
    if (body) {
        const JsonMembers error{JsonMembers(*body)["error"]};
        if (const auto text = error["text"].text()) return trouble(*text);
    }
    if (answer.status == 401)
        return trouble("the daemon refuses the token: run this as a user who can read it in the state directory");
    return trouble(daemon.url + " answered with status " + std::to_string(answer.status));
}

std::string cell(const JsonSlice& value) {
    if (value.isNull()) return "";
    if (const auto text = value.text()) return printable(*text);
    return std::string(value.raw());
}

int print(const Answer& answer, const std::string& text, bool json) {
    std::fputs(json ? answer.body.c_str() : text.c_str(), stdout);
    return 0;
}

std::string listTable(const Listing& listing, std::string_view body) {
    std::vector<std::vector<std::string>> rows;
    const auto json = JsonSlice::of(body);
    const auto elements = json ? JsonMembers(*json)[listing.list].elements() : std::nullopt;
    for (const auto& element : elements.value_or(std::vector<JsonSlice>())) {
        std::vector<std::string> row;
        for (const auto& path : listing.columns) {
            JsonSlice value = element;
            for (const auto& member : path) value = JsonMembers(value)[member];
            row.push_back(cell(value));
        }
        rows.push_back(std::move(row));
    }
    return table(listing.headings, rows, terminalWidth());
}

int printList(const Daemon& daemon, const Listing& listing, bool json) {
    const Answer answer = ask(daemon, "GET", listing.path);
    if (answer.status != 200) return refused(daemon, answer);
    return print(answer, listTable(listing, answer.body), json);
}

}  // namespace driftkeeper
