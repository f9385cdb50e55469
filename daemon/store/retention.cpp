#include "daemon/store/retention.hpp"

#include <chrono>
#include <string_view>

namespace driftkeeper {
namespace {

using Days = std::chrono::days;

struct Rule {
    Days kept;
    std::string_view sql;  // gets the oldest time that is kept, and how many rows at most
};

constexpr Rule rules[] = {
    // The newest check of a stack stays.
    {Days(90), R"(
        DELETE FROM checks WHERE number IN (
            SELECT c.number FROM checks c
            WHERE c.finished < $1
              AND c.number < (SELECT max(number) FROM checks WHERE stack_id = c.stack_id)
            LIMIT $2))"},
    {Days(90), R"(
        DELETE FROM findings WHERE id IN (
            SELECT id FROM findings WHERE closed < $1 AND told IS NULL LIMIT $2))"},
    {Days(400), R"(
        DELETE FROM findings WHERE id IN (SELECT id FROM findings WHERE closed < $1 LIMIT $2))"},
    // The last one that an open incident sent through a channel stays.
    {Days(30), R"(
        DELETE FROM deliveries WHERE number IN (
            SELECT d.number FROM deliveries d JOIN incidents i ON i.id = d.incident_id
            WHERE d.created < $1 AND coalesce(d.attempted, d.created) < $1
              AND d.state NOT IN ('pending', 'sending')
              AND (i.closed IS NOT NULL
                   OR d.number <> coalesce((SELECT max(number) FROM deliveries
                                            WHERE incident_id = i.id AND channel = d.channel
                                              AND state IN ('delivered', 'accepted')), 0))
            LIMIT $2))"},
    {Days(90), R"(
        DELETE FROM silences WHERE id IN (SELECT id FROM silences WHERE until_time < $1 LIMIT $2))"},
    {Days(400), R"(
        DELETE FROM incidents WHERE id IN (SELECT id FROM incidents WHERE closed < $1 LIMIT $2))"},
    {Days(400), R"(
        DELETE FROM stacks WHERE id IN (
            SELECT s.id FROM stacks s
            WHERE s.removed < $1 AND NOT EXISTS (SELECT 1 FROM findings WHERE stack_id = s.id)
            LIMIT $2))"},
};

}  // namespace

Result<void> deleteOld(sql::Connection& connection, TimePoint now, std::size_t most) {
    for (const Rule& rule : rules) {
        const TimePoint oldest = now - rule.kept;
        if (auto deleted = connection.run(rule.sql, {oldest, most}); !deleted)
            return std::unexpected(deleted.error());
    }
    return {};
}

}  // namespace driftkeeper
