#pragma once

#include <string>
#include <string_view>

#include "daemon/model/time.hpp"
#include "daemon/page/html.hpp"

// What is around every view: head, navigation, who is logged in, what was just done. All of it
// works without scripts.
namespace driftkeeper::page {

enum class View { Fleet, Incidents, Ignores, Silences, Outbox, Settings, Other };

// Who looks.
struct Viewer {
    std::string name;  // may be empty
    bool mayOperate = false;
    std::string csrf;  // what a form sends back; empty: forms of this viewer are not taken
};

struct Frame {
    std::string title;
    View view = View::Other;
    Viewer viewer;
    std::string path;    // of this page with its query, to come back to after the login
    std::string done;    // a code of what a form just did (sentence below); empty: nothing
    std::string failed;  // a sentence that says why a form was refused; empty: it was not
    TimePoint now{};
};

// The whole document.
std::string framed(const Frame& frame, const Html& main);

// What a code says: check_requested, silence_made, silence_ended, delivery_retried,
// delivery_dropped, logged_in, logged_out; empty for others.
std::string_view sentenceFor(std::string_view code) noexcept;

// <form method="post"> with what the server wants of a form; the caller closes it.
Html formStart(const Viewer& viewer, Markup action);

// "Log in to operate", which comes back here.
Html loginLink(const Frame& frame);

// An asset by its name (app.css, app.js, icon.svg); nullptr: there is none.
struct Asset {
    std::string_view name;
    std::string_view type;
    std::string_view version;  // changes with its text
    std::string_view text;
};
const Asset* assetNamed(std::string_view name) noexcept;

// A page that only says something: not found, not allowed, the state cannot be read.
std::string messagePage(const Frame& frame, std::string_view heading, std::string_view text);

// The login: a token, or a user and a password. `next`: a local path, else "/".
std::string loginPage(const Frame& frame, std::string_view next);

}  // namespace driftkeeper::page
