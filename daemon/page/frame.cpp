#include "daemon/page/frame.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "daemon/page/words.hpp"
#include "parsers/text/encoding.hpp"

namespace driftkeeper::page {
namespace {

struct Place {
    View view;
    Markup path;
    Markup word;
    Markup key;  // behind "g"
};
constexpr std::array<Place, 6> places = {{{View::Fleet, "/", "Fleet", "f"},
                                          {View::Incidents, "/incidents", "Incidents", "i"},
                                          {View::Ignores, "/ignores", "Ignore rules", "r"},
                                          {View::Silences, "/silences", "Silences", "s"},
                                          {View::Outbox, "/outbox", "Outbox", "o"},
                                          {View::Settings, "/settings", "Settings", "c"}}};

std::string assetPath(std::string_view name) {
    std::string path = "/assets/" + std::string(name);
    if (const Asset* asset = assetNamed(name)) path += "?v=" + std::string(asset->version);
    return path;
}

Html headOf(const Frame& frame) {
    Html html;
    html << "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
            "<meta name=\"color-scheme\" content=\"light dark\">\n<title>"
         << frame.title << " · driftkeeper</title>\n<link rel=\"icon\" href=\""
         << assetPath("icon.svg") << "\" type=\"image/svg+xml\">\n<link rel=\"stylesheet\" href=\""
         << assetPath("app.css") << "\">\n<script src=\"" << assetPath("app.js")
         << "\" defer></script>\n</head>\n";
    return html;
}

Html accountOf(const Frame& frame) {
    Html html;
    html << "<div class=\"account\">";
    if (!frame.viewer.mayOperate) {
        html << "<a href=\"/login?next=" << percentEncoded(frame.path) << "\">Log in</a>";
    } else {
        if (!frame.viewer.name.empty())
            html << "<span class=\"quiet\">" << frame.viewer.name << "</span> ";
        if (!frame.viewer.csrf.empty())
            html << formStart(frame.viewer, "/logout")
                 << "<button class=\"plain\">Log out</button></form>";
    }
    return html << "</div>";
}

Html bannerOf(const Frame& frame) {
    Html html;
    html << "<a class=\"skip\" href=\"#main\">Skip to content</a>\n<header class=\"top\"><div "
            "class=\"bar\">"
            "<a class=\"brand\" href=\"/\"><span class=\"mark\" "
            "aria-hidden=\"true\"></span>driftkeeper</a>"
            "<nav aria-label=\"Main\"><ul>";
    for (const Place& place : places) {
        html << "<li><a href=\"" << place.path << "\" data-key=\"" << place.key << "\"";
        if (place.view == frame.view) html << " aria-current=\"page\"";
        html << ">" << place.word << "</a></li>";
    }
    return html << "</ul></nav>" << accountOf(frame) << "</div></header>\n";
}

Html noticesOf(const Frame& frame) {
    Html html;
    const auto done = sentenceFor(frame.done);
    if (!done.empty()) html << "<p class=\"notice good\" role=\"status\">" << done << "</p>\n";
    if (!frame.failed.empty())
        html << "<p class=\"notice bad\" role=\"alert\"><strong>Not done.</strong> " << frame.failed
             << "</p>\n";
    return html;
}

// Shown by the script alone, which is what listens to the keys.
Html keysOf() {
    Html html;
    html << "<dialog id=\"keys\" aria-labelledby=\"keys-title\"><h2 "
            "id=\"keys-title\">Keyboard</h2><dl class=\"keys\">"
            "<dt><kbd>?</kbd></dt><dd>this help</dd><dt><kbd>/</kbd></dt><dd>to the filter</dd>";
    for (const Place& place : places)
        html << "<dt><kbd>g</kbd> <kbd>" << place.key << "</kbd></dt><dd>" << place.word << "</dd>";
    return html << "</dl><p><label><input type=\"checkbox\" id=\"keys-on\" checked> Keys are "
                   "on</label></p>"
                   "<form method=\"dialog\"><button>Close</button></form></dialog>\n";
}

Html footOf(const Frame& frame) {
    Html html;
    html << "<footer class=\"bar quiet\"><p>As of " << moment(frame.now, frame.now)
         << ". <span id=\"live\" class=\"scripted\" hidden>Updates by itself.</span></p>"
            "<p class=\"scripted\" hidden><button class=\"plain\" id=\"show-keys\">Keyboard "
            "help</button></p></footer>\n"
            "<div id=\"announced\" class=\"unseen\" role=\"status\" aria-live=\"polite\"></div>\n";
    return html << keysOf() << "</body>\n</html>\n";
}

bool isLocalPath(std::string_view path) {
    return path.starts_with('/') && !path.starts_with("//") &&
           path.find('\\') == std::string_view::npos;
}

}  // namespace

std::string framed(const Frame& frame, const Html& main) {
    Html html;
    html << headOf(frame) << "<body>\n"
         << bannerOf(frame) << "<main id=\"main\" tabindex=\"-1\" class=\"bar\">\n"
         << noticesOf(frame) << main << "</main>\n"
         << footOf(frame);
    return std::move(html).take();
}

std::string_view sentenceFor(std::string_view code) noexcept {
    using Line = std::pair<std::string_view, std::string_view>;
    constexpr std::array<Line, 7> sentences = {
        {{"check_requested", "The check was requested: it runs as soon as a worker is free."},
         {"silence_made", "The silence is on."},
         {"silence_ended",
          "The silence ended. What it suppressed and is still true is alerted now."},
         {"delivery_retried", "The delivery is tried again now."},
         {"delivery_dropped", "The delivery was dropped: nobody is notified of it."},
         {"logged_in", "You are logged in."},
         {"logged_out", "You are logged out."}}};
    const auto found = std::ranges::find(sentences, code, &Line::first);
    return found == sentences.end() ? std::string_view() : found->second;
}

Html formStart(const Viewer& viewer, Markup action) {
    Html html;
    return html << "<form method=\"post\" action=\"" << action
                << "\"><input type=\"hidden\" name=\"csrf\" value=\"" << viewer.csrf << "\">";
}

Html loginLink(const Frame& frame) {
    Html html;
    return html << "<a class=\"login\" href=\"/login?next=" << percentEncoded(frame.path)
                << "\">Log in to operate</a>";
}

std::string messagePage(const Frame& frame, std::string_view heading, std::string_view text) {
    Html html;
    html << "<section class=\"card narrow\"><h1>" << heading << "</h1><p>" << text
         << "</p><p><a href=\"/\">To the fleet</a></p></section>\n";
    return framed(frame, html);
}

std::string loginPage(const Frame& frame, std::string_view next) {
    const std::string to(isLocalPath(next) ? next : "/");
    Html html;
    html
        << "<h1>Log in to operate</h1>\n<p class=\"lead\">Reading needs no login here when you see "
           "this page. "
           "Starting checks, silences and the outbox do.</p>\n<div class=\"columns\">\n"
           "<section class=\"card\"><h2>With a token</h2><form method=\"post\" action=\"/login\">"
           "<input type=\"hidden\" name=\"next\" value=\""
        << to
        << "\"><p class=\"field\"><label for=\"token\">Token</label>"
           "<input id=\"token\" name=\"token\" type=\"password\" autocomplete=\"current-password\" "
           "required "
           "aria-describedby=\"token-hint\"></p><p id=\"token-hint\" class=\"quiet\">One of the "
           "settings "
           "(<code>access.tokens</code>), or the one in <code>token</code> below the state "
           "directory.</p>"
           "<button class=\"primary\">Log in</button></form></section>\n"
           "<section class=\"card\"><h2>With a password</h2><form method=\"post\" "
           "action=\"/login\">"
           "<input type=\"hidden\" name=\"next\" value=\""
        << to
        << "\"><p class=\"field\"><label for=\"user\">User</label><input id=\"user\" name=\"user\" "
           "autocomplete=\"username\" required></p><p class=\"field\"><label "
           "for=\"password\">Password</label>"
           "<input id=\"password\" name=\"password\" type=\"password\" "
           "autocomplete=\"current-password\" required></p>"
           "<button class=\"primary\">Log in</button></form></section>\n</div>\n";
    return framed(frame, html);
}

}  // namespace driftkeeper::page
