#pragma once

#include <string>
#include <vector>

#include "daemon/model/route_match.hpp"
#include "parsers/result.hpp"

namespace driftkeeper {

// What a silence is about, as people write it: KEY=VALUE with the keys of a route's match, or a
// glob over full names of stacks. A key may come more than once; words such as sides can be listed
// with commas. Fails with `bad_matcher` (FixSetup), also when there are no words: everything is
// `stack=**`.
Result<RouteMatch> parseMatcher(const std::vector<std::string>& words);

// Back to words: one KEY=VALUE each; parseMatcher gives the same match again.
std::vector<std::string> matcherWords(const RouteMatch& match);

// The words with blanks between them, for people.
std::string matcherText(const RouteMatch& match);

}  // namespace driftkeeper
