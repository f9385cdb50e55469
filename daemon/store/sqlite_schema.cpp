#include "daemon/store/sqlite_schema.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <string>

namespace driftkeeper::sqlite {
namespace {

// Times are UTC microseconds, lengths of time seconds, ids uuids; words and JSON are text. `number`
// is the order in which rows came and never leaves the store.
constexpr std::string_view firstStep = R"sql(
CREATE TABLE constants (
    key   TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE stacks (
    id                 TEXT PRIMARY KEY,
    repository         TEXT NOT NULL,
    name               TEXT NOT NULL,
    path               TEXT NOT NULL,
    provider           TEXT NOT NULL,
    workspace          TEXT NOT NULL,
    variable_files     TEXT NOT NULL,               -- JSON list
    every              INTEGER NOT NULL,
    timeout            INTEGER NOT NULL,
    stale_after        INTEGER NOT NULL,
    owner              TEXT NOT NULL,
    closure            TEXT NOT NULL,               -- JSON list
    removed            INTEGER,
    failures           INTEGER NOT NULL DEFAULT 0,  -- checks in a row that were not complete
    conclusive_verdict TEXT,                        -- the last complete check
    conclusive_commit  TEXT,
    conclusive_time    INTEGER,
    clean_commit       TEXT,                        -- the last in_sync check
    clean_digest       TEXT,
    clean_evidence     TEXT,                        -- JSON
    clean_time         INTEGER,
    UNIQUE (repository, name)
) STRICT;

CREATE TABLE graphs (                               -- of the last check that saw one
    stack_id TEXT PRIMARY KEY REFERENCES stacks (id) ON DELETE CASCADE,
    graph    TEXT NOT NULL                          -- JSON
) STRICT;

CREATE TABLE checks (
    number        INTEGER PRIMARY KEY AUTOINCREMENT,
    id            TEXT NOT NULL UNIQUE,
    stack_id      TEXT NOT NULL REFERENCES stacks (id) ON DELETE CASCADE,
    commit_id     TEXT NOT NULL,
    source_digest TEXT NOT NULL,
    started       INTEGER NOT NULL,
    finished      INTEGER NOT NULL,
    verdict       TEXT NOT NULL,
    report        TEXT NOT NULL                     -- JSON, all but the graph
) STRICT;
CREATE INDEX checks_of_stack ON checks (stack_id, number);
CREATE INDEX checks_by_time ON checks (finished);

CREATE TABLE findings (
    id         TEXT PRIMARY KEY,
    stack_id   TEXT NOT NULL REFERENCES stacks (id) ON DELETE CASCADE,
    address    TEXT NOT NULL,
    drift      TEXT NOT NULL,                       -- JSON
    first_seen INTEGER NOT NULL,
    last_seen  INTEGER NOT NULL,
    sightings  INTEGER NOT NULL,
    baseline   INTEGER NOT NULL,
    told       INTEGER,
    closed     INTEGER,
    resolution TEXT NOT NULL
) STRICT;
CREATE INDEX findings_of_stack ON findings (stack_id);
CREATE INDEX findings_open ON findings (stack_id, address) WHERE closed IS NULL;
CREATE INDEX findings_closed ON findings (closed) WHERE closed IS NOT NULL;

CREATE TABLE incidents (
    id       TEXT PRIMARY KEY,
    kind     TEXT NOT NULL,
    cause    TEXT NOT NULL,
    subject  TEXT NOT NULL,
    route    TEXT NOT NULL,
    channels TEXT NOT NULL,                         -- JSON list
    opened   INTEGER NOT NULL,
    closed   INTEGER,
    text     TEXT NOT NULL
) STRICT;
CREATE INDEX incidents_open ON incidents (opened, id) WHERE closed IS NULL;
CREATE INDEX incidents_closed ON incidents (closed) WHERE closed IS NOT NULL;
CREATE INDEX incidents_by_opening ON incidents (opened);

CREATE TABLE members (
    incident_id TEXT NOT NULL REFERENCES incidents (id) ON DELETE CASCADE,
    finding_id  TEXT NOT NULL,
    stack_id    TEXT NOT NULL,
    stack       TEXT NOT NULL,
    address     TEXT NOT NULL,
    side        TEXT NOT NULL,
    change      TEXT NOT NULL,
    severity    TEXT NOT NULL,
    PRIMARY KEY (incident_id, finding_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX members_of_stack ON members (stack_id, incident_id);

CREATE TABLE deliveries (
    number       INTEGER PRIMARY KEY AUTOINCREMENT, -- the order in which they go out
    id           TEXT NOT NULL UNIQUE,
    incident_id  TEXT NOT NULL REFERENCES incidents (id) ON DELETE CASCADE,
    channel      TEXT NOT NULL,
    event        TEXT NOT NULL,
    notice       TEXT NOT NULL,
    created      INTEGER NOT NULL,
    state        TEXT NOT NULL,
    attempts     INTEGER NOT NULL,
    next_attempt INTEGER NOT NULL,
    attempted    INTEGER,
    last_outcome TEXT NOT NULL
) STRICT;
CREATE INDEX deliveries_waiting ON deliveries (channel, incident_id, number) WHERE state IN ('pending', 'sending');
CREATE INDEX deliveries_of_incident ON deliveries (incident_id, channel, number);
CREATE INDEX deliveries_by_time ON deliveries (created);
)sql";

// Findings that wait for their incident or flap, silences, what rules hid, and texts that are kept
// under a key.
constexpr std::string_view secondStep = R"sql(
ALTER TABLE findings ADD COLUMN flapping INTEGER NOT NULL DEFAULT 0;
ALTER TABLE findings ADD COLUMN clean_checks INTEGER NOT NULL DEFAULT 0;
ALTER TABLE findings ADD COLUMN waits_until INTEGER;
CREATE INDEX findings_waiting ON findings (waits_until) WHERE closed IS NULL AND waits_until IS NOT NULL;

ALTER TABLE incidents ADD COLUMN owes_change INTEGER NOT NULL DEFAULT 0;

CREATE TABLE silences (
    id         TEXT PRIMARY KEY,
    matcher    TEXT NOT NULL,                       -- JSON list of words
    reason     TEXT NOT NULL,
    asked_by   TEXT NOT NULL,
    from_time  INTEGER NOT NULL,
    until_time INTEGER NOT NULL
) STRICT;

CREATE TABLE rule_hits (
    rule     TEXT PRIMARY KEY,
    known    INTEGER NOT NULL,                      -- since when the rule is there
    hits     INTEGER NOT NULL,                      -- differences that it hid, counted at every check
    last_hit INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE kept_texts (
    key  TEXT PRIMARY KEY,
    text TEXT NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

// Who last touched what a check saw differ.
constexpr std::string_view thirdStep = R"sql(
ALTER TABLE checks ADD COLUMN touch TEXT NOT NULL DEFAULT '';  -- JSON; empty: not known
)sql";

// Deliveries of several requests, and what channels know of an incident.
constexpr std::string_view fourthStep = R"sql(
ALTER TABLE deliveries ADD COLUMN step INTEGER NOT NULL DEFAULT 0;
ALTER TABLE incidents ADD COLUMN told INTEGER NOT NULL DEFAULT 0;  -- when something of it was last told
UPDATE incidents SET told = opened;

CREATE TABLE memos (
    incident_id TEXT NOT NULL REFERENCES incidents (id) ON DELETE CASCADE,
    channel     TEXT NOT NULL,
    memo        TEXT NOT NULL,                      -- JSON object of texts
    PRIMARY KEY (incident_id, channel)
) STRICT, WITHOUT ROWID;
)sql";

// Whom CODEOWNERS names for a stack.
constexpr std::string_view fifthStep = R"sql(
ALTER TABLE stacks ADD COLUMN code_owners TEXT NOT NULL DEFAULT '[]';  -- JSON list
)sql";

// What the provider of a stack has to know of it.
constexpr std::string_view sixthStep = R"sql(
ALTER TABLE stacks ADD COLUMN options TEXT NOT NULL DEFAULT '{}';  -- JSON object of lists
)sql";

// What stacks have to do with each other: the things they claim, the keys by which they offer and
// need.
constexpr std::string_view seventhStep = R"sql(
ALTER TABLE graphs ADD COLUMN whole INTEGER NOT NULL DEFAULT 1;   -- 0: of a partial look
ALTER TABLE stacks ADD COLUMN looked INTEGER NOT NULL DEFAULT 0;  -- start of the last look that was not failed

CREATE TABLE claims (
    stack_id TEXT NOT NULL REFERENCES stacks (id) ON DELETE CASCADE,
    address  TEXT NOT NULL,
    identity TEXT NOT NULL,
    type     TEXT NOT NULL,
    since    INTEGER NOT NULL,                      -- start of the look that showed it first
    PRIMARY KEY (stack_id, address)
) STRICT, WITHOUT ROWID;
CREATE INDEX claims_of_thing ON claims (identity, stack_id);

CREATE TABLE ties (
    stack_id TEXT NOT NULL REFERENCES stacks (id) ON DELETE CASCADE,
    need     INTEGER NOT NULL,                      -- 1: uses what another stack offers; 0: offers
    key      TEXT NOT NULL,
    address  TEXT NOT NULL,                         -- empty: the stack as a whole
    PRIMARY KEY (stack_id, need, key, address)
) STRICT, WITHOUT ROWID;
CREATE INDEX needs_by_key ON ties (key, stack_id) WHERE need = 1;
CREATE INDEX offers_by_key ON ties (key, stack_id) WHERE need = 0;

CREATE TABLE estate (
    version INTEGER NOT NULL                        -- another one when claims or ties came or went
) STRICT;
INSERT INTO estate (version) VALUES (1);
)sql";

// What lists show of a check without reading its report, and an order for lists of the outbox.
constexpr std::string_view eighthStep = R"sql(
ALTER TABLE checks ADD COLUMN completeness TEXT;  -- this and below: null in rows that were there before
ALTER TABLE checks ADD COLUMN reason_code TEXT;   -- empty: none
ALTER TABLE checks ADD COLUMN reason_text TEXT;
ALTER TABLE checks ADD COLUMN drifts INTEGER;
CREATE INDEX deliveries_by_state ON deliveries (state, number);
)sql";

// What a check did, step by step.
constexpr std::string_view ninthStep = R"sql(
ALTER TABLE checks ADD COLUMN log TEXT NOT NULL DEFAULT '[]';  -- JSON
)sql";

// Which deliveries of an incident hold a finding: those since it joined. Of rows that were there
// before, all.
constexpr std::string_view tenthStep = R"sql(
ALTER TABLE members ADD COLUMN joined INTEGER NOT NULL DEFAULT 0;
)sql";

constexpr std::array steps = {firstStep, secondStep,  thirdStep,  fourthStep, fifthStep,
                              sixthStep, seventhStep, eighthStep, ninthStep,  tenthStep};

// SQLite fills an empty file that is there already, so the copy is never readable for others.
Result<void> keepCopy(sql::Connection& connection, const std::filesystem::path& file,
                      std::size_t version) {
    const std::string copy = fmt::format("{}.before-{}", file.string(), version);
    ::unlink(copy.c_str());  // of a migration that did not come to its end
    const int created = ::open(copy.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    if (created < 0)
        return failure(Remedy::FixSetup, "store_failed",
                       "no copy of the state database can be made before its migration");
    ::close(created);
    if (auto copied = connection.run("VACUUM INTO $1", {copy}); !copied)
        return std::unexpected(copied.error().within("copy before migration"));
    return {};
}

}  // namespace

std::span<const std::string_view> schemaSteps() noexcept {
    return steps;
}

Result<std::int64_t> schemaVersion(sql::Connection& connection) {
    return connection.number("PRAGMA user_version");
}

Result<void> migrate(sql::Connection& connection, std::span<const std::string_view> list,
                     const std::filesystem::path& file) {
    const auto version = schemaVersion(connection);
    if (!version) return std::unexpected(version.error());
    const auto done = static_cast<std::size_t>(*version);
    if (done == list.size()) return {};
    if (done > list.size())
        return failure(
            Remedy::Stop, "store_newer",
            fmt::format("the state database has schema version {}, this program knows {}", done,
                        list.size()));
    if (done > 0)
        if (auto copied = keepCopy(connection, file, list.size()); !copied) return copied;
    return connection.transaction(sql::Kind::Write, [&](sql::Connection& it) -> Result<void> {
        for (const std::string_view step : list.subspan(done))
            if (auto changed = it.script(step); !changed) return changed;
        return it.script(fmt::format("PRAGMA user_version = {}", list.size()));
    });
}

}  // namespace driftkeeper::sqlite
