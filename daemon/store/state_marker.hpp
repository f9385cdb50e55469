#pragma once

#include <filesystem>
#include <string_view>

#include "parsers/result.hpp"

namespace driftkeeper {

class Store;

// Beside the database stands a small file, the marker: which database belongs there, and how far it
// had come. What is missing from a database can only be seen from outside.
enum class StateLoss { None, Empty, Older, Another };

// "", "empty", "older", "another".
std::string_view name(StateLoss loss) noexcept;

// What the database has lost, by its marker; without one, by what checks left in the directory.
// Fails as the store, and with `file_unreadable`.
Result<StateLoss> lossOf(Store& store, const std::filesystem::path& directory);

// One step further: first the database, then the marker. Fails as the store, and with
// `file_unwritable`.
Result<void> mark(Store& store, const std::filesystem::path& directory);

}  // namespace driftkeeper
