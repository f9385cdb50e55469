#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "parsers/gitops/ignore_rules.hpp"
#include "parsers/json/value_tags.hpp"
#include "parsers/kubernetes/compare.hpp"
#include "parsers/kubernetes/object.hpp"
#include "providers/kubernetes/kubectl.hpp"
#include "providers/kubernetes/sources.hpp"
#include "providers/look/provider.hpp"
#include "providers/look/timed_runner.hpp"

namespace driftkeeper::kubernetes {

// What applies objects by itself, as kubectl asks for it.
struct Reconciler {
    std::string type, space, name;

    auto operator<=>(const Reconciler&) const = default;
};

// One look at one stack, from top to bottom. Used once, by one thread.
//
// Everything is asked for in small groups; a group that fails is cut in halves until what is to
// blame stands alone, so that one broken or forbidden object costs only itself.
class Look {
public:
    Look(ToolRunner& runner, const ValueTags& tags, const Workspace& workspace,
         const std::optional<LastClean>& lastClean, std::stop_token stop);

    Report report();

private:
    // One object that Git asks for.
    struct Wanted {
        Object git;
        std::filesystem::path file;  // as JSON, for kubectl
        std::optional<Object> live{};
        std::optional<Object> applied{};  // what the server would make of it
        std::optional<Object> created{};  // and of one that is not there yet
        gitops::IgnoreRules ignored{};    // of what applies it
        bool isListed = false;            // it was among what was asked for by type and namespace
        bool isUnreadable = false;
        bool isRefused = false;  // by the server: compared by its manifest, and not trusted
    };
    using Files = std::vector<std::filesystem::path>;
    // Whether the files are known to fail alike, so that asking for each of them says nothing new.
    using Alike = bool (Look::*)(const Files&) const;

    Outcome<void> observe();
    Outcome<void> prepare();
    Outcome<void> findServer();
    Outcome<void> convert(const Sources& sources);
    Outcome<void> convert(const Files& files, const std::string& ofNamespace,
                          const Sources& sources);
    Outcome<void> keep(std::string_view json);
    Outcome<void> readLive();
    Outcome<void> readList(const std::vector<std::string>& types, const Scope& scope);
    Outcome<void> findRandom(const Sources& sources);
    Outcome<void> dryRun();
    Outcome<void> dryRunBy(const std::string& manager, const Files& files);
    Outcome<void> findDefaults();
    Outcome<void> findIgnored();
    Outcome<void> findRemoved();
    Outcome<void> findUnmanaged();
    Outcome<std::vector<std::string>> typesOf(Types which);
    Outcome<void> findUnmanagedIn(const std::vector<std::string>& types, const Scope& scope);
    void notListed(const Reason& why, const std::set<std::string>& types, const Scope& scope);
    void keepUnmanaged(std::vector<Object> objects, const Scope& scope);
    Outcome<void> findAutoscalers();

    // Runs what `call` makes of the files: `done` gets the output of each part that worked,
    // `failed` each file that did not, with the reason. Fails only with what concerns all.
    template <class Call, class Done, class Failed>
    Outcome<void> inParts(const Files& files, Call call, Done done, Failed failed, Alike alike,
                          std::size_t groupSize = 50);

    [[nodiscard]] std::map<std::string, std::vector<std::string>> lists() const;
    [[nodiscard]] bool areOfOneType(const Files& files) const;
    [[nodiscard]] bool areAlone(const Files& files) const;
    [[nodiscard]] Wanted* wantedFrom(const std::filesystem::path& file);
    [[nodiscard]] Wanted* wantedAt(const std::string& address);
    [[nodiscard]] GitSince gitSince(const Object& git) const;
    [[nodiscard]] bool wasThere(const Object& git) const;
    [[nodiscard]] bool isWanted(const std::string& address) const;
    [[nodiscard]] bool isTracked(const Object& object) const;
    [[nodiscard]] std::string managerOf(const Wanted& one) const;
    [[nodiscard]] bool isDecided(const Wanted& one) const;
    [[nodiscard]] std::vector<Drift> driftsOf(const Wanted& one) const;

    void refused(Wanted& wanted, const Reason& why);
    void unreadable(const Reason& why, const std::string& address, const std::string& origin = {});
    void undecoded(const Manifest& manifest, const Reason& why);
    void warn(std::string summary, std::string address = {});
    void judge();
    void judgeUndefined();
    Report finished();
    Report failed(const Reason& reason);
    void progress(std::string_view phrase) const;

    const ValueTags& tags_;
    const Workspace& workspace_;
    const std::optional<LastClean>& lastClean_;
    TimedRunner runner_;
    Session session_;
    std::vector<std::string> secrets_;
    std::filesystem::path runDirectory_;
    std::string server_;

    std::vector<Wanted> wanted_;
    std::map<std::string, std::size_t> byAddress_;
    std::vector<Object> undefined_;  // what Git asks for, of a type that the cluster does not know
    std::map<std::string, Reason> whyUndefined_;  // by address
    bool isAllDecoded_ = true;                    // every manifest has an address
    std::vector<Object> removed_;                 // live, and Git does not ask for them any more
    std::vector<Object> unmanaged_;
    std::set<std::string> autoscaled_;     // KIND/NAMESPACE/NAME
    std::set<std::string> withoutDryRun_;  // types, said once
    std::vector<Reason> unreadable_;
    Report report_;
};

}  // namespace driftkeeper::kubernetes
