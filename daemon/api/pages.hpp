#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/api/world.hpp"
#include "daemon/page/frame.hpp"
#include "daemon/page/silences.hpp"
#include "daemon/web/route.hpp"
#include "daemon/web/server.hpp"

namespace driftkeeper {

// The page: fetches what a view shows, has it written (daemon/page), and does what its forms ask
// for. Thread-safe. A view reads the rows of one screen only; what it filters lies in memory.
class Pages {
public:
    explicit Pages(const ApiWorld& world) : world_(world) {}  // `world` outlives it

    // Views and assets, and what forms post to /do/…: that answers 303 to a view that says what was
    // done, or the form again with what is wrong. nullopt: the path is none of them.
    std::optional<WebResponse> answer(const WebRequest& request);

    // All of these paths, and what a caller needs for each.
    [[nodiscard]] static std::vector<WebRoute> routes();

private:
    struct Endpoint {
        WebRoute route;
        WebResponse (*answer)(Pages& pages, const WebRequest& request);
    };
    static const std::vector<Endpoint>& endpoints();
    using Form = std::map<std::string, std::string>;
    WebResponse fleet(const WebRequest& request);
    WebResponse stack(const WebRequest& request, const std::string& name);
    WebResponse check(const WebRequest& request, const std::string& name, const std::string& id);
    WebResponse incidents(const WebRequest& request);
    WebResponse incident(const WebRequest& request, const std::string& id);
    WebResponse ignores(const WebRequest& request);
    WebResponse silences(const WebRequest& request, page::SilenceForm form, std::string failed);
    WebResponse outbox(const WebRequest& request, std::string failed);
    WebResponse settings(const WebRequest& request);
    WebResponse login(const WebRequest& request);
    WebResponse asset(const WebRequest& request);

    // Reads the form of somebody who may operate, and hands it on.
    WebResponse act(const WebRequest& request,
                    WebResponse (Pages::*what)(const WebRequest&, const Form&));
    WebResponse checkNow(const WebRequest& request, const Form& form);
    WebResponse silence(const WebRequest& request, const Form& form);
    WebResponse endSilence(const WebRequest& request, const Form& form);
    WebResponse retry(const WebRequest& request, const Form& form);
    WebResponse drop(const WebRequest& request, const Form& form);

    [[nodiscard]] page::Frame frame(const WebRequest& request, std::string title,
                                    page::View view) const;
    [[nodiscard]] WebResponse message(const WebRequest& request, int status,
                                      std::string_view heading, std::string_view text) const;
    [[nodiscard]] WebResponse broken(const WebRequest& request, const Error& error) const;
    Result<page::SilencePreview> preview(const page::SilenceForm& form);

    const ApiWorld& world_;
};

}  // namespace driftkeeper
