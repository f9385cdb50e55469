#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/model/run_step.hpp"
#include "daemon/model/touch.hpp"
#include "parsers/graph/report.hpp"

namespace driftkeeper {

// How the store writes what a check saw: compact JSON of its own, apart from the contract's (that
// one is for others and changes with it). Every value round-trips exactly, only invalid UTF-8
// becomes U+FFFD. Reading gives nullopt for any text that the matching function did not write;
// members that are missing keep their default, so that old rows stay readable.

std::string reportJson(const Report& report);  // all but the graph and what is remembered
std::optional<Report> reportFromJson(std::string_view text);

std::string driftJson(const Drift& drift);
std::optional<Drift> driftFromJson(std::string_view text);

std::string evidenceJson(const Evidence& evidence);
std::optional<Evidence> evidenceFromJson(std::string_view text);

std::string touchJson(const Touch& touch);
std::optional<Touch> touchFromJson(std::string_view text);

std::string logJson(const std::vector<RunStep>& log);
std::optional<std::vector<RunStep>> logFromJson(std::string_view text);

std::string graphJson(const ResourceGraph& graph);
std::optional<ResourceGraph> graphFromJson(std::string_view text);

std::string wordsJson(const std::map<std::string, std::string>& words);
std::optional<std::map<std::string, std::string>> wordsFromJson(std::string_view text);

std::string listsJson(const std::map<std::string, std::vector<std::string>>& lists);
std::optional<std::map<std::string, std::vector<std::string>>> listsFromJson(std::string_view text);

std::string listJson(const std::vector<std::string>& list);
std::optional<std::vector<std::string>> listFromJson(std::string_view text);

}  // namespace driftkeeper
