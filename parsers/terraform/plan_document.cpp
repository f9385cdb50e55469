#include "parsers/terraform/plan_document.hpp"

#include <charconv>
#include <set>

#include "parsers/json/json_cursor.hpp"
#include "parsers/json/json_string.hpp"

namespace driftkeeper::terraform {
namespace {

std::string_view withoutQuotes(std::string_view raw) noexcept {
    return raw.size() >= 2 && raw.front() == '"' ? raw.substr(1, raw.size() - 2)
                                                 : std::string_view{};
}

void readActions(JsonCursor& cursor, PlanEntry& entry) {
    std::string_view first;
    std::string_view last;
    std::size_t count = 0;
    for (cursor.enterArray(); cursor.nextElement(); ++count) {
        last = withoutQuotes(cursor.skip());
        if (count == 0) first = last;
        if (last == "delete") entry.destroys = true;
    }
    const auto action = [&](std::string_view word) {
        if (word == "read") return PlanAction::Read;
        if (word == "create") return PlanAction::Create;
        if (word == "update") return PlanAction::Update;
        if (word == "delete") return PlanAction::Delete;
        if (word == "forget") return PlanAction::Forget;
        return PlanAction::NoOp;
    };
    // delete+create, create+delete, create+forget and forget+create all put another object in its
    // place.
    entry.action = count > 1 ? PlanAction::Replace : action(first);
}

// `before` is walked instead of skipped: nearly every resource needs its id, and nothing else.
std::string_view readBefore(JsonCursor& cursor, PlanEntry& entry) {
    if (cursor.peek() != '{') return cursor.skip();
    const char* begin = cursor.position();
    cursor.enterObject();
    for (std::string_view key; cursor.nextKey(key);) {
        if (key == "id") {
            entry.id = cursor.string();
            cursor.leave();
            break;
        }
        cursor.skip();
    }
    return {begin, static_cast<std::size_t>(cursor.position() - begin)};
}

bool hidesId(std::string_view mask) {
    if (mask == "true") return true;
    if (mask.find("\"id\"") == std::string_view::npos) return false;
    JsonCursor cursor(mask);
    cursor.enterObject();
    for (std::string_view key; cursor.nextKey(key);)
        if (const auto value = cursor.skip(); key == "id" && value != "false") return true;
    return false;
}

void readChange(JsonCursor& cursor, PlanEntry& entry) {
    cursor.enterObject();
    for (std::string_view key; cursor.nextKey(key);) {
        if (key == "actions") {
            readActions(cursor, entry);
        } else if (key == "before") {
            entry.before = readBefore(cursor, entry);
        } else if (key == "after") {
            entry.after = cursor.skip();
        } else if (key == "after_unknown") {
            entry.afterUnknown = cursor.skip();
        } else if (key == "before_sensitive") {
            entry.beforeSensitive = cursor.skip();
        } else if (key == "after_sensitive") {
            entry.afterSensitive = cursor.skip();
        } else if (key == "replace_paths") {
            entry.replacePaths = cursor.skip();
        } else if (key == "importing") {
            entry.importing = cursor.skip() != "null";
        } else {
            cursor.skip();
        }
    }
    if (hidesId(entry.beforeSensitive)) entry.id.clear();
}

void readEntry(JsonCursor& cursor, PlanEntry& entry) {
    cursor.enterObject();
    for (std::string_view key; cursor.nextKey(key);) {
        if (key == "address") {
            entry.address = cursor.string();
        } else if (key == "previous_address") {
            entry.previousAddress = cursor.string();
        } else if (key == "mode") {
            entry.managed = cursor.skip() != "\"data\"";
        } else if (key == "type") {
            entry.type = withoutQuotes(cursor.skip());
        } else if (key == "provider_name") {
            entry.provider = withoutQuotes(cursor.skip());
        } else if (key == "deposed") {
            entry.deposed = withoutQuotes(cursor.skip());
        } else if (key == "action_reason") {
            entry.reason = withoutQuotes(cursor.skip());
        } else if (key == "change") {
            readChange(cursor, entry);
        } else {
            cursor.skip();
        }
    }
}

void readEntries(JsonCursor& cursor, std::deque<PlanEntry>& entries) {
    if (cursor.peek() == 'n') {
        cursor.skip();
        return;
    }
    for (cursor.enterArray(); cursor.nextElement();) readEntry(cursor, entries.emplace_back());
}

void readChanges(JsonCursor& cursor, PlanDocument& plan) {
    if (cursor.peek() == 'n') {
        cursor.skip();
        return;
    }
    for (cursor.enterArray(); cursor.nextElement();) {
        const char* begin = cursor.position();
        PlanEntry entry;
        readEntry(cursor, entry);
        const std::string_view text(begin, static_cast<std::size_t>(cursor.position() - begin));
        if (!entry.isPlain()) {
            plan.changes.push_back(std::move(entry));
        } else if (entry.managed && entry.existed()) {
            plan.unchanged.push_back(
                {std::move(entry.address), std::move(entry.id), entry.type, entry.provider, text});
        }
    }
}

void readDeferred(JsonCursor& cursor, std::deque<PlanEntry>& entries) {
    for (cursor.enterArray(); cursor.nextElement();) {
        cursor.enterObject();
        for (std::string_view key; cursor.nextKey(key);) {
            if (key == "resource_change") {
                readEntry(cursor, entries.emplace_back());
            } else {
                cursor.skip();
            }
        }
    }
}

void readOutputs(JsonCursor& cursor, std::vector<std::string>& changed) {
    cursor.enterObject();
    for (std::string_view name; cursor.nextKey(name);) {
        PlanEntry entry;
        readChange(cursor, entry);
        if (entry.action != PlanAction::NoOp) changed.push_back(unescaped(name));
    }
}

void readChecks(JsonCursor& cursor, std::vector<std::string>& failed) {
    for (cursor.enterArray(); cursor.nextElement();) {
        std::string_view kind;
        std::string_view status;
        std::string display;
        cursor.enterObject();
        for (std::string_view key; cursor.nextKey(key);) {
            if (key == "status") {
                status = withoutQuotes(cursor.skip());
            } else if (key == "address") {
                cursor.enterObject();
                for (std::string_view part; cursor.nextKey(part);) {
                    if (part == "kind") {
                        kind = withoutQuotes(cursor.skip());
                    } else if (part == "to_display") {
                        display = cursor.string();
                    } else {
                        cursor.skip();
                    }
                }
            } else {
                cursor.skip();
            }
        }
        if (kind == "check" && (status == "fail" || status == "error"))
            failed.push_back(std::move(display));
    }
}

void readMember(JsonCursor& cursor, std::string_view key, PlanDocument& plan) {
    if (key == "format_version") {
        plan.formatVersion = cursor.string();
    } else if (key == "resource_drift") {
        readEntries(cursor, plan.drifts);
    } else if (key == "resource_changes") {
        readChanges(cursor, plan);
    } else if (key == "configuration") {
        plan.configuration = cursor.skip();
    } else if (key == "errored") {
        plan.errored = cursor.skip() != "false";
    } else if (key == "complete") {
        plan.complete = cursor.skip() != "false";
    } else if (cursor.peek() == 'n') {
        cursor.skip();
    } else if (key == "timestamp") {
        plan.timestamp = cursor.string();
    } else if (key == "deferred_changes") {
        readDeferred(cursor, plan.deferred);
    } else if (key == "output_changes") {
        readOutputs(cursor, plan.changedOutputs);
    } else if (key == "checks") {
        readChecks(cursor, plan.failedChecks);
    } else {
        cursor.skip();
    }
}

bool isSupported(std::string_view version) noexcept {
    unsigned major = 0;
    const auto [end, error] =
        std::from_chars(version.data(), version.data() + version.size(), major);
    const bool ends = end == version.data() + version.size() || *end == '.';
    return error == std::errc{} && ends && major <= 1;
}

std::unexpected<Error> invalid(std::string message) {
    return failure(Remedy::Report, "invalid_plan", std::move(message));
}

}  // namespace

PlanEntry planEntry(std::string_view text) {
    PlanEntry entry;
    JsonCursor cursor(text);
    readEntry(cursor, entry);
    return entry;
}

Result<PlanDocument> readPlanDocument(std::string_view text) {
    PlanDocument plan;
    JsonCursor cursor(text);
    std::set<std::string_view> seen;
    cursor.enterObject();
    for (std::string_view key; cursor.nextKey(key);) {
        if (!seen.insert(key).second) return invalid("the plan JSON repeats a key");
        readMember(cursor, key, plan);
    }
    if (!cursor.finished()) return invalid("the plan is no valid JSON, or it is cut off");
    if (plan.formatVersion.empty()) return invalid("the plan JSON has no format_version");
    if (!isSupported(plan.formatVersion))
        return failure(
            Remedy::Report, "unsupported_plan_format",
            "the plan JSON has a format_version that is not supported (0.x and 1.x are)");
    // A state shown as JSON, or an empty one, has a version too.
    if (!seen.contains("planned_values") && !seen.contains("configuration"))
        return invalid("the JSON is no plan");
    return plan;
}

}  // namespace driftkeeper::terraform
