#include "providers/terraform/backend_files.hpp"

#include <fmt/format.h>

#include <map>
#include <system_error>

#include "providers/look/files.hpp"
#include "providers/look/redacted.hpp"

namespace driftkeeper::terraform {
namespace {

namespace fs = std::filesystem;

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const bool beginsTemplate = (c == '$' || c == '%') && text.substr(i + 1).starts_with('{');
        if (c == '"' || c == '\\') out += '\\';
        if (beginsTemplate) out += c;
        if (static_cast<unsigned char>(c) < 0x20)
            out += fmt::format("\\u{:04x}", c);
        else
            out += c;
    }
    return out += '"';
}

}  // namespace

std::string backendAttribute(std::string_view setting) {
    const auto sign = setting.find('=');
    const auto key = setting.substr(0, sign);
    const auto value = setting.substr(sign + 1);
    const bool isExpression =
        (value.starts_with('[') || value.starts_with('{')) && !namesSecret(key);
    return fmt::format("{} = {}\n", key, isExpression ? std::string(value) : quoted(value));
}

Result<BackendFiles> BackendFiles::in(const fs::path& folder,
                                      const std::vector<std::string>& given) {
    BackendFiles files;
    std::map<std::string_view, std::string> settings;  // the last one of a name counts
    const auto write = [&]() -> Result<void> {
        if (settings.empty()) return {};
        std::string text;
        for (const auto& [key, attribute] : settings) text += attribute;
        settings.clear();
        const auto path = folder / fmt::format("backend-{}.hcl", files.written_.size());
        files.written_.push_back(path);
        files.names_.push_back(path.string());
        return writeFile(path, text);
    };
    for (const std::string& one : given) {
        if (const auto sign = one.find('='); sign != std::string::npos) {
            settings[std::string_view(one).substr(0, sign)] = backendAttribute(one);
            continue;
        }
        if (auto written = write(); !written) return std::unexpected(written.error());
        files.names_.push_back(one);
    }
    if (auto written = write(); !written) return std::unexpected(written.error());
    return files;
}

BackendFiles::~BackendFiles() {
    std::error_code error;
    for (const fs::path& path : written_) fs::remove(path, error);
}

}  // namespace driftkeeper::terraform
