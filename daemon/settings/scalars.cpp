#include "daemon/settings/scalars.hpp"

#include <arpa/inet.h>
#include <date/tz.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <exception>
#include <filesystem>
#include <utility>

#include "daemon/model/attribute_pattern.hpp"
#include "daemon/settings/url.hpp"
#include "parsers/text/ascii.hpp"

namespace driftkeeper {
namespace {

bool isControl(char c) noexcept {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

bool only(std::string_view text, std::string_view others) {
    return std::ranges::all_of(
        text, [&](char c) { return isLetter(c) || isDigit(c) || others.find(c) != others.npos; });
}

Judgement objection(std::string code, std::string message) {
    return Objection{std::move(code), std::move(message)};
}

// What no text may be that ends up in a command line or a path.
Judgement judgeLine(std::string_view text, std::string_view code, std::string_view what) {
    const std::string subject(what);
    if (text.empty()) return objection(std::string(code), subject + " is empty");
    if (text.size() > 4096)
        return objection(std::string(code), subject + " is longer than 4096 bytes");
    if (std::ranges::any_of(text, isControl))
        return objection(std::string(code), subject + " holds a control character");
    return std::nullopt;
}

Judgement judgeArgument(std::string_view text, std::string_view code, std::string_view what) {
    if (text.starts_with('-'))
        return objection(
            std::string(code),
            std::string(what) + " begins with '-', a tool would take it for an option");
    return judgeLine(text, code, what);
}

bool hasPart(std::string_view path, std::string_view wanted) {
    while (true) {
        const auto slash = path.find('/');
        if (path.substr(0, slash) == wanted) return true;
        if (slash == std::string_view::npos) return false;
        path.remove_prefix(slash + 1);
    }
}

bool isAddress(const std::string& host) {
    std::array<unsigned char, sizeof(in6_addr)> bytes{};
    const int family = host.find(':') == std::string::npos ? AF_INET : AF_INET6;
    return inet_pton(family, host.c_str(), bytes.data()) == 1;
}

template <class Number>
std::optional<Number> number(std::string_view text) noexcept {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || text.empty())
        return std::nullopt;
    return value;
}

constexpr std::size_t longestSocketPath = 107;  // sockaddr_un, unix(7)
constexpr std::size_t shortestSecret = 16;      // what cannot be guessed in the time that there is

}  // namespace

std::optional<Seconds> durationFrom(std::string_view text) noexcept {
    if (text.size() < 2 || !isDigit(text[0])) return std::nullopt;
    static constexpr std::array<std::pair<char, std::int64_t>, 4> units{
        {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}}};
    const auto unit = std::ranges::find(units, text.back(), &std::pair<char, std::int64_t>::first);
    const auto count = number<std::int64_t>(text.substr(0, text.size() - 1));
    constexpr std::int64_t tenYears = 3650LL * 86400;
    if (unit == units.end() || !count || *count > tenYears / unit->second) return std::nullopt;
    return Seconds(*count * unit->second);
}

std::string durationWords(Seconds duration) {
    static constexpr std::array<std::pair<char, std::int64_t>, 3> units{
        {{'d', 86400}, {'h', 3600}, {'m', 60}}};
    const auto count = duration.count();
    for (const auto& [letter, seconds] : units)
        if (count > 0 && count % seconds == 0) return std::to_string(count / seconds) + letter;
    return std::to_string(count) + 's';
}

namespace {

constexpr std::array<std::pair<std::string_view, unsigned>, 3> sizeUnits{
    {{"TiB", 40}, {"GiB", 30}, {"MiB", 20}}};

}  // namespace

std::optional<std::uint64_t> bytesFrom(std::string_view text) noexcept {
    for (const auto& [unit, shift] : sizeUnits) {
        if (!text.ends_with(unit)) continue;
        const auto count = number<std::uint64_t>(text.substr(0, text.size() - unit.size()));
        constexpr std::uint64_t most = std::uint64_t{1} << 50U;
        if (!count || *count > most >> shift) return std::nullopt;
        return *count << shift;
    }
    return std::nullopt;
}

std::string bytesWords(std::uint64_t bytes) {
    for (const auto& [unit, shift] : sizeUnits)
        if (bytes % (std::uint64_t{1} << shift) == 0 && bytes > 0)
            return std::to_string(bytes >> shift) + std::string(unit);
    return "0MiB";
}

std::optional<TimePoint> dateFrom(std::string_view text) noexcept {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    const auto year = number<unsigned>(text.substr(0, 4));
    const auto month = number<unsigned>(text.substr(5, 2));
    const auto day = number<unsigned>(text.substr(8));
    if (!year || !month || !day) return std::nullopt;
    const std::chrono::year_month_day date(std::chrono::year(static_cast<int>(*year)),
                                           std::chrono::month(*month), std::chrono::day(*day));
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days(date);
}

std::optional<Seconds> clockTimeFrom(std::string_view text) noexcept {
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    const auto hours = number<unsigned>(text.substr(0, 2));
    const auto minutes = number<unsigned>(text.substr(3));
    if (!hours || !minutes || *minutes > 59 || *hours * 60 + *minutes > 24 * 60)
        return std::nullopt;
    return std::chrono::minutes(*hours * 60 + *minutes);
}

std::string clockTimeWords(Seconds sinceMidnight) {
    const auto two = [](std::int64_t number) {
        return (number < 10 ? "0" : "") + std::to_string(number);
    };
    const auto minutes = sinceMidnight.count() / 60;
    return two(minutes / 60) + ":" + two(minutes % 60);
}

Judgement judgeText(std::string_view text) {
    return judgeArgument(text, "bad_text", "this text");
}

Judgement judgeWords(std::string_view text) {
    return judgeLine(text, "bad_text", "this text");
}

Judgement judgeName(std::string_view text) {
    if (auto bad = judgeArgument(text, "bad_name", "the name")) return bad;
    if (!only(text, "._-") || text[0] == '.' || text.size() > 100) {
        return objection(
            "bad_name",
            "a name holds letters, digits, '.', '_' and '-' (at most 100, no '.' in front)");
    }
    return std::nullopt;
}

Judgement judgeStackName(std::string_view text) {
    if (auto bad = judgeArgument(text, "bad_name", "the name")) return bad;
    if (text.size() > 255) return objection("bad_name", "the name is longer than 255 bytes");
    if (text.front() == '/' || text.back() == '/' || hasPart(text, "..") || hasPart(text, "")) {
        return objection(
            "bad_name",
            "the name of a stack holds no '..', and no '/' at its ends or twice in a row");
    }
    return std::nullopt;
}

Judgement judgeWorkspace(std::string_view text) {
    if (auto bad = judgeArgument(text, "bad_name", "the workspace")) return bad;
    if (!only(text, "._~-") || text.size() > 255)
        return objection("bad_name", "a workspace holds letters, digits, '.', '_', '~' and '-'");
    return std::nullopt;
}

Judgement judgeRef(std::string_view text) {
    if (auto bad = judgeArgument(text, "bad_ref", "the ref")) return bad;
    const bool character = text.find_first_of(" ~^:?*[\\") != std::string_view::npos;
    const bool sequence = text.find("..") != std::string_view::npos ||
                          text.find("@{") != std::string_view::npos || text == "@";
    const bool parts = hasPart(text, "") || text.ends_with('.') || text.ends_with(".lock") ||
                       text[0] == '.' || text.find("/.") != std::string_view::npos;
    if (character || sequence || parts)
        return objection("bad_ref", "this is not the name of a branch, a tag or a commit");
    return std::nullopt;
}

Judgement judgeCheckoutPath(std::string_view text) {
    if (auto bad = judgeArgument(text, "bad_path", "the path")) return bad;
    const std::filesystem::path path = text;
    if (!path.is_absolute() || !path.has_filename() || path.lexically_normal() != path)
        return objection("bad_path", "an absolute path, without \"..\" and a slash at its end");
    constexpr std::string_view system[] = {"bin",  "boot", "dev",  "etc", "lib", "lib32", "lib64",
                                           "proc", "run",  "sbin", "sys", "usr", "libx32"};
    if (std::ranges::find(system, std::next(path.begin())->string()) != std::end(system))
        return objection("bad_path", "the path lies in a folder of the system");
    return std::nullopt;
}

Judgement judgeInnerPath(std::string_view text) {
    if (auto bad = judgeArgument(text, "bad_path", "the path")) return bad;
    if (text[0] == '/')
        return objection("bad_path",
                         "the path is absolute; it is counted from the root of the repository");
    if (const auto tidy = tidyPath(text); tidy == ".." || tidy.starts_with("../")) {
        return objection("bad_path", "the path leaves the repository");
    }
    if (text.find('\\') != std::string_view::npos)
        return objection("bad_path", "the path holds a backslash");
    return std::nullopt;
}

Judgement judgeFileName(std::string_view text) {
    return judgeArgument(text, "bad_path", "the file name");
}

Judgement judgeProgram(std::string_view text) {
    return judgeArgument(text, "bad_path", "the program");
}

Judgement judgeGlob(std::string_view text) {
    if (auto bad = judgeArgument(text, "bad_glob", "the pattern")) return bad;
    bool open = false;
    for (const char c : text) open = c == '[' || (open && c != ']');
    if (open) return objection("bad_glob", "a '[' of the pattern is not closed");
    if (text.find("***") != std::string_view::npos)
        return objection("bad_glob", "'***' means nothing; '**' matches any folders");
    return std::nullopt;
}

Judgement judgePattern(std::string_view text) {
    return judgeArgument(text, "bad_glob", "the pattern");
}

Judgement judgeAttribute(std::string_view text) {
    if (auto bad = judgeArgument(text, "bad_attribute", "the attribute")) return bad;
    if (attributeSteps(text)) return std::nullopt;
    return objection(
        "bad_attribute",
        "write it as tags.Owner, rule[*].port, tags[\"a b\"] or as a JSON pointer: /rule/*/port");
}

Judgement judgeTimeZone(std::string_view text) {
    const auto unknown =
        objection("unknown_time_zone", "this is not a time zone; write it as Europe/Berlin or UTC");
    if (text == "UTC") return std::nullopt;
    if (text.empty() || text[0] == '/' || text[0] == '.' || !only(text, "/_+-") ||
        hasPart(text, ""))
        return unknown;
    std::error_code error;
    const auto file = std::filesystem::path("/usr/share/zoneinfo") / text;
    if (!std::filesystem::is_regular_file(file, error)) return unknown;
    try {
        date::locate_zone(text);  // not every file there is a zone
    } catch (const std::exception&) {
        return unknown;
    }
    return std::nullopt;
}

Judgement judgeVariableName(std::string_view text) {
    const auto form =
        objection("bad_variable_name",
                  "the name of a variable holds letters, digits and '_', and begins with no digit");
    if (text.empty() || text.size() > 255 || isDigit(text[0]) || !only(text, "_")) return form;
    static constexpr std::array<std::string_view, 3> prefixes{"TF_CLI_ARGS", "TF_LOG", "LD_"};
    static constexpr std::array<std::string_view, 3> names{"TF_REATTACH_PROVIDERS", "TF_DATA_DIR",
                                                           "TF_WORKSPACE"};
    const bool forbidden =
        std::ranges::any_of(prefixes,
                            [&](std::string_view prefix) { return text.starts_with(prefix); }) ||
        std::ranges::find(names, text) != names.end();
    if (!forbidden) return std::nullopt;
    return objection(
        "forbidden_variable",
        std::string(text) + " must not be set for tools: it changes what a check does");
}

Judgement judgeSecret(std::string_view text) {
    if (auto bad = judgeWords(text)) return bad;
    if (text.size() >= shortestSecret) return std::nullopt;
    return Objection{"bad_text", "at least " + std::to_string(shortestSecret) +
                                     " characters: it must not be guessed"};
}

Judgement judgeSocket(std::string_view text) {
    if (auto bad = judgeFileName(text)) return bad;
    if (text.starts_with('/') && text.size() <= longestSocketPath) return std::nullopt;
    return Objection{"bad_path",
                     "an absolute path of at most " + std::to_string(longestSocketPath) + " bytes"};
}

// A name or address as it comes in a Host header, with or without a port.
Judgement judgeHost(std::string_view text) {
    const bool isFine =
        !text.empty() && text.size() <= 259 && std::ranges::all_of(text, [](char c) {
            return isLetter(c) || isDigit(c) ||
                   std::string_view(".-_:[]").find(c) != std::string_view::npos;
        });
    if (isFine) return std::nullopt;
    return Objection{"bad_name", "write a host as drift.example.com or drift.example.com:9743"};
}

Judgement judgeUser(std::string_view text) {
    if (auto bad = judgeWords(text)) return bad;
    if (text.find(':') == std::string_view::npos) return std::nullopt;
    return Objection{"bad_name", "the name of a user holds no ':'"};
}

std::string tidyPath(std::string_view text) {
    auto tidy = std::filesystem::path(text).lexically_normal().generic_string();
    while (tidy.size() > 1 && tidy.ends_with('/')) tidy.pop_back();
    return tidy.empty() ? "." : tidy;
}

Judgement judgeListen(std::string_view text, ListenAddress& address) {
    const auto form =
        objection("bad_listen", "write it as 127.0.0.1:9743 or [::1]:9743: an address, not a name");
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return form;
    auto host = text.substr(0, colon);
    const auto port = number<std::uint16_t>(text.substr(colon + 1));
    const bool bracketed = host.starts_with('[') && host.ends_with(']');
    if (bracketed) host = host.substr(1, host.size() - 2);
    if (!port || (!bracketed && host.find(':') != std::string_view::npos)) return form;
    if (host == "localhost") host = "127.0.0.1";
    if (host.empty() && !bracketed) host = "::";
    if (!isAddress(std::string(host))) return form;
    address = {std::string(host), *port};
    return std::nullopt;
}

}  // namespace driftkeeper
