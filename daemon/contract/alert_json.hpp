#pragma once

#include "daemon/model/alert.hpp"
#include "parsers/json/json_writer.hpp"

namespace driftkeeper {

// {"state":"muted","until":TIME,"rule":null,"silence":ID,"window":null,"channels":[{"channel":…,"state":"undelivered",
// "at":null,"error":…,"next_try":TIME}]}: every member is there, null where it does not apply.
void write(JsonWriter& json, const Alert& alert);

}  // namespace driftkeeper
