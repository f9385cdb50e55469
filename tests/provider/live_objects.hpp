#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "tests/provider/value.hpp"

namespace driftkeeper::box {

// The "cloud": DIRECTORY/TYPE/ID.json is one object, DIRECTORY/lookup/KEY one text. Whoever edits a
// file there changes the live object. Everything throws std::runtime_error with a sentence on a
// file that cannot be used.
class LiveObjects {
public:
    explicit LiveObjects(std::filesystem::path directory) : directory_(std::move(directory)) {}

    // nullopt: there is no such object.
    std::optional<Value> read(const std::string& type, const std::string& id) const;
    std::vector<Value> all(const std::string& type) const;
    // Keys of the file that the object does not have stay.
    void write(const std::string& type, const std::string& id, const Value& object) const;
    void remove(const std::string& type, const std::string& id) const;

    std::optional<std::string> lookup(const std::string& key) const;

    const std::filesystem::path& directory() const { return directory_; }

private:
    std::filesystem::path file(const std::string& type, const std::string& id) const;

    std::filesystem::path directory_;
};

// nullopt: no such file. Throws when it is there and cannot be read.
std::optional<std::string> readFile(const std::filesystem::path& file);

// Changes with every key of the object but its id and itself, so also with keys that no attribute
// shows.
std::string fingerprintOf(const Value& object);

}  // namespace driftkeeper::box
