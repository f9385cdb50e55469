// The page: what its forms do.
#include <chrono>
#include <sstream>

#include "daemon/api/answers.hpp"
#include "daemon/api/pages.hpp"
#include "daemon/api/silence_form.hpp"
#include "daemon/base/log.hpp"
#include "daemon/page/words.hpp"
#include "daemon/settings/scalars.hpp"
#include "daemon/web/target.hpp"

namespace driftkeeper {
namespace {

constexpr Seconds longestSilence = std::chrono::days(366);

WebResponse seeOther(const std::string& path, std::string_view notice) {
    return {303,
            "text/plain; charset=utf-8",
            "",
            {{"Location", path + (path.find('?') == std::string::npos ? "?" : "&") +
                              "notice=" + std::string(notice)}}};
}

std::string field(const std::map<std::string, std::string>& form, const std::string& name) {
    const auto found = form.find(name);
    return found == form.end() ? std::string() : found->second;
}

std::unexpected<Error> bad(std::string sentence) {
    return failure(Remedy::FixSetup, "bad_silence", std::move(sentence));
}

}  // namespace

Result<AskedSilence> silenceOf(const page::SilenceForm& form) {
    AskedSilence asked;
    std::istringstream words(form.matcher);
    for (std::string word; words >> word;) asked.matcher.push_back(word);
    const auto length = durationFrom(form.length);
    if (!length || *length <= Seconds(0) || *length > longestSilence)
        return bad("“For” needs a duration such as 30m, 2h or 1d, at most 366d.");
    if (form.reason.find_first_not_of(' ') == std::string::npos)
        return bad("Enter a reason, for others.");
    if (form.reason.size() > longestReason)
        return bad("The reason is too long: at most 1000 characters.");
    asked.length = *length;
    asked.reason = form.reason;
    return asked;
}

WebResponse Pages::act(const WebRequest& request,
                       WebResponse (Pages::*what)(const WebRequest&, const Form&)) {
    if (request.caller.role != Role::Operate)
        return message(request, 403, "Not allowed",
                       "Log in with a token or a user with the role operate.");
    const auto form = parseTarget("/?" + request.body);
    if (!form)
        return message(request, 400, "Not a form", "The request is not a form of this page.");
    return (this->*what)(request, form->query);
}

WebResponse Pages::checkNow(const WebRequest& request, const Form& form) {
    const auto name = field(form, "stack");
    const auto line = world_.overview.find(name);
    if (!line || !world_.scheduler.request(line->id))
        return message(request, 404, "No such stack",
                       "There is no stack of this name, or it is gone from Git.");
    log::info("check requested", {{"stack", name}, {"by", request.caller.name}});
    return seeOther(page::stackPath(name), "check_requested");
}

WebResponse Pages::silence(const WebRequest& request, const Form& form) {
    page::SilenceForm typed{field(form, "matcher"), field(form, "length"), field(form, "reason")};
    const auto asked = silenceOf(typed);
    if (!asked) return silences(request, std::move(typed), asked.error().message);
    const auto made = world_.mutes.add(asked->matcher, asked->length, asked->reason,
                                       request.caller.name, world_.clock.now());
    if (!made) return silences(request, std::move(typed), made.error().message);
    return seeOther("/silences", "silence_made");
}

WebResponse Pages::endSilence(const WebRequest& request, const Form& form) {
    const auto ended = world_.mutes.end(field(form, "id"), world_.clock.now());
    if (!ended) return broken(request, ended.error());
    if (!*ended) return silences(request, {}, "This silence has already ended.");
    return seeOther("/silences", "silence_ended");
}

WebResponse Pages::retry(const WebRequest& request, const Form& form) {
    const auto done = world_.store.deliveries.retry(field(form, "id"), world_.clock.now());
    if (!done) return broken(request, done.error());
    if (!*done)
        return outbox(request, "Only a delivery that is pending or dead can be tried again.");
    world_.outbox.wake();
    return seeOther("/outbox", "delivery_retried");
}

WebResponse Pages::drop(const WebRequest& request, const Form& form) {
    const auto done = world_.store.deliveries.drop(field(form, "id"));
    if (!done) return broken(request, done.error());
    if (!*done) return outbox(request, "Only a delivery that is pending or dead can be dropped.");
    world_.outbox.wake();
    return seeOther("/outbox", "delivery_dropped");
}

}  // namespace driftkeeper
