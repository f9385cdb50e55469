#pragma once

#include <filesystem>

#include "daemon/api/api.hpp"

namespace driftkeeper::tests {

// Everything that the API and the page answer from, over a store in `folder`, without a server and
// without checks.
struct ApiHouse {
    ApiHouse(const std::filesystem::path& place, const Clock& time, Settings with)
        : folder(place), clock(time), settings(std::move(with)) {}

    std::filesystem::path folder;
    const Clock& clock;
    CurrentSettings settings;
    std::unique_ptr<Store> store = Store::open(folder).value();
    Overview overview;
    Metrics metrics{"test"};
    RuleBook rules{settings};
    Mutes mutes{settings, *store};
    Scheduler scheduler{clock};
    Checkouts checkouts{folder / "git"};
    Alerter alerter{settings, *store, overview, mutes, rules, clock, [] {}};
    Outbox outbox{settings, *store, alerter, metrics, clock, ""};
    Running running{clock, [](std::string_view) {}};
    Repositories repositories{settings, checkouts, *store, scheduler,
                              overview, alerter,   rules,  clock};
    Api api{{settings, *store, scheduler, overview, metrics, clock, checkouts, rules, mutes, outbox,
             running, [] { return Result<std::string>("reloaded"); }, repositories}};
};

}  // namespace driftkeeper::tests
