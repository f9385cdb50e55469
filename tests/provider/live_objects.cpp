#include "tests/provider/live_objects.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>

namespace driftkeeper::box {
namespace fs = std::filesystem;

namespace {

[[noreturn]] void fail(const char* deed, const fs::path& file) {
    throw std::runtime_error(
        fmt::format("cannot {} {}: {}", deed, file.string(), std::strerror(errno)));
}

}  // namespace

std::optional<std::string> readFile(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in && errno == ENOENT) return std::nullopt;
    if (!in) fail("read", file);
    return std::string(std::istreambuf_iterator<char>(in), {});
}

fs::path LiveObjects::file(const std::string& type, const std::string& id) const {
    return directory_ / type / (id + ".json");
}

std::optional<Value> LiveObjects::read(const std::string& type, const std::string& id) const {
    const auto text = readFile(file(type, id));
    if (!text) return std::nullopt;
    return fromJson(*text);
}

std::vector<Value> LiveObjects::all(const std::string& type) const {
    std::vector<Value> objects;
    std::error_code missing;
    for (const auto& entry : fs::directory_iterator(directory_ / type, missing)) {
        if (entry.path().filename().string().starts_with('.')) continue;
        if (const auto text = readFile(entry.path())) objects.push_back(fromJson(*text));
    }
    return objects;
}

void LiveObjects::write(const std::string& type, const std::string& id, const Value& object) const {
    Value merged = read(type, id).value_or(Value::object());
    for (const auto& [name, field] : object.fields) merged.fields[name] = field;
    const fs::path target = file(type, id);
    fs::create_directories(target.parent_path());
    const fs::path fresh = target.parent_path() / (".new-" + id);
    std::ofstream out(fresh, std::ios::binary);
    out << toJson(merged);
    out.close();
    if (!out) fail("write", fresh);
    fs::rename(fresh, target);
}

void LiveObjects::remove(const std::string& type, const std::string& id) const {
    fs::remove(file(type, id));
}

std::optional<std::string> LiveObjects::lookup(const std::string& key) const {
    return readFile(directory_ / "lookup" / key);
}

std::string fingerprintOf(const Value& object) {
    Value content = object;
    content.fields.erase("id");
    content.fields.erase("fingerprint");
    std::erase_if(content.fields, [](const auto& field) { return field.second.isNull(); });
    std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a
    for (const char byte : toJson(content))
        hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
    return fmt::format("{:016x}", hash);
}

}  // namespace driftkeeper::box
