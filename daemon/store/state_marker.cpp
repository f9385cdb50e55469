#include "daemon/store/state_marker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

#include "daemon/base/files.hpp"
#include "daemon/base/random.hpp"
#include "daemon/store/store.hpp"

namespace driftkeeper {
namespace {

constexpr const char* idKey = "state_id";
constexpr const char* stepKey = "state_step";

struct Marker {
    std::string id;
    std::int64_t step = 0;
};

std::filesystem::path markerIn(const std::filesystem::path& directory) {
    return directory / "state-id";
}

std::int64_t numberIn(std::string_view text) {
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

// "ID STEP\n"; nullopt: there is none.
Result<std::optional<Marker>> readMarker(const std::filesystem::path& directory) {
    const auto file = markerIn(directory);
    std::error_code error;
    if (!std::filesystem::exists(file, error)) return std::nullopt;
    const auto text = readFile(file, 4096);
    if (!text) return std::unexpected(text.error());
    const auto blank = text->find(' ');
    if (blank == std::string::npos) return std::nullopt;
    return Marker{text->substr(0, blank), numberIn(std::string_view(*text).substr(blank + 1))};
}

Result<Marker> readDatabase(Store& store) {
    const auto id = store.notes.find(idKey);
    if (!id) return std::unexpected(id.error());
    const auto step = store.notes.find(stepKey);
    if (!step) return std::unexpected(step.error());
    return Marker{id->value_or(""), numberIn(step->value_or(""))};
}

// Checks leave folders behind.
bool hasWorkedHere(const std::filesystem::path& directory) {
    std::error_code error;
    const std::filesystem::directory_iterator folders(directory / "stacks", error);
    return !error && folders != std::filesystem::directory_iterator();
}

}  // namespace

std::string_view name(StateLoss loss) noexcept {
    switch (loss) {
        case StateLoss::Empty:
            return "empty";
        case StateLoss::Older:
            return "older";
        case StateLoss::Another:
            return "another";
        case StateLoss::None:
            break;
    }
    return "";
}

Result<StateLoss> lossOf(Store& store, const std::filesystem::path& directory) {
    const auto marker = readMarker(directory);
    if (!marker) return std::unexpected(marker.error());
    const auto database = readDatabase(store);
    if (!database) return std::unexpected(database.error());
    const auto stacks = store.stacks.list();
    if (!stacks) return std::unexpected(stacks.error());
    const bool isEmpty = database->id.empty() && stacks->empty();
    if (isEmpty && (*marker || hasWorkedHere(directory))) return StateLoss::Empty;
    if (!*marker) return StateLoss::None;
    if (!database->id.empty() && database->id != (*marker)->id) return StateLoss::Another;
    return database->step < (*marker)->step ? StateLoss::Older : StateLoss::None;
}

Result<void> mark(Store& store, const std::filesystem::path& directory) {
    auto marker = readDatabase(store);
    if (!marker) return std::unexpected(marker.error());
    if (marker->id.empty()) {
        marker->id = makeUuid();
        if (auto kept = store.notes.keep(idKey, marker->id); !kept) return kept;
    }
    if (auto kept = store.notes.keep(stepKey, std::to_string(++marker->step)); !kept) return kept;
    return writeFile(markerIn(directory), fmt::format("{} {}\n", marker->id, marker->step));
}

}  // namespace driftkeeper
