#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/model/time.hpp"
#include "daemon/page/html.hpp"
#include "daemon/wording/drift_words.hpp"
#include "parsers/graph/report.hpp"

// Small pieces that all views are made of.
namespace driftkeeper::page {

std::string lengthText(double seconds);  // "0.4 s", "12 s", "3 min 20 s", "2 h 5 min", "4 d 3 h"
std::string agoText(TimePoint then,
                    TimePoint now);  // "12 s ago", "5 min ago"; "in 5 min" for what comes

// <time> with the moment in words, which a script keeps fresh; nullopt: the word "never".
Html moment(std::optional<TimePoint> when, TimePoint now);

// Symbol and word: a colour alone says nothing.
Html chip(Verdict verdict);

// Text of ours for people: `what stands in backticks` becomes <code>.
Html prose(std::string_view text);

// What kept a check from a verdict: the sentence, and the code with its meaning as its title.
Html reasonLine(const Reason& reason);

Html commitText(std::string_view commit);  // its first characters; "–" for none

std::string joined(const std::vector<std::string>& words);  // with ", " between them

// name=value&… of a query in order of names. Empty values are left out.
std::string queryText(const std::map<std::string, std::string>& query);
std::string stackPath(std::string_view fullName);  // /stacks/infra%2Fnet

// Where one is in a list of several screens, with links to the others. `query` is what stays;
// `name` the number's name.
struct Pager {
    std::string path;
    std::map<std::string, std::string> query;
    std::string name = "page";
    std::size_t page = 1;
    std::size_t pages = 1;
};
Html pager(const Pager& pager);  // nothing for a single page

// Which screen a query asks for, counted from 1, within what there is.
std::size_t pageNumber(std::string_view asked, std::size_t pages);
std::size_t pagesOf(std::size_t rows, std::size_t perPage);  // at least 1

// <a href="/stacks/…">infra/net</a>
Html stackLink(std::string_view fullName);

}  // namespace driftkeeper::page
