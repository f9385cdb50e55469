#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "daemon/contract/notice.hpp"
#include "daemon/notify/markup.hpp"

namespace driftkeeper {

// What a notice says to people: which stack, which side moved, what exactly, since when, how bad,
// whose commit, where to look, what to do next. Nothing here is escaped; a Markup does that.
struct Story {
    struct Attribute {
        std::string path;
        std::string from;  // what Git says; both are empty when values are hidden
        std::string to;    // what is live
    };
    struct Drift {
        bool isNew = false;  // of a change: it was not there before
        std::string what;    // live modified
        std::string address;
        std::string facts = {};  // critical · replacement · 3 dependents · since …
        std::vector<std::string> remarks = {};  // who moved it, and who else uses it; none for most
        std::vector<Attribute> attributes = {};  // the first ones
        std::size_t attributesLeft = 0;
        Severity severity = Severity::Warning;
    };
    struct Stack {
        std::string name;
        std::vector<std::string> facts;  // commit 3f2c… · terraform · owner @org/network
        std::vector<Drift> drifts;       // the most severe first
    };
    std::string title;                    // what people see first, on one line
    std::string facts;                    // opened · severity critical · since …
    std::string text;                     // the sentence of a trouble; empty for drifts
    std::vector<std::string> lines = {};  // of a digest
    std::vector<Stack> stacks;
    std::vector<std::string> resolved;  // address and how
    std::string next;                   // what to do now; empty when nothing is
    std::string link;                   // to the incident's page; empty: there is none
    Severity severity = Severity::Warning;
    bool isResolved = false;
};

// `values`: whether attributes may be shown with them. `externalUrl`: of the daemon's page; no link
// without http.
Story storyOf(const Notice& notice, bool values, const std::string& externalUrl);

// One drift, its attributes below it; and one stack's name and facts.
std::string setDrift(const Story::Drift& drift, const Markup& markup);
std::string setStack(const Story::Stack& stack, const Markup& markup);

// All but the title, at most `bytes` long. What does not fit is left out drift by drift and counted
// at the end.
std::string setBody(const Story& story, const Markup& markup, std::size_t bytes);

}  // namespace driftkeeper
