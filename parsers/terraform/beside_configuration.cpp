#include "parsers/terraform/beside_configuration.hpp"

#include <algorithm>
#include <array>

#include "parsers/hcl/hcl.hpp"
#include "parsers/terraform/configuration_json.hpp"
#include "parsers/terraform/source_path.hpp"

namespace driftkeeper::terraform {
namespace {

constexpr BlockShape inRun[] = {{"module", 0}};
constexpr BlockShape inCallers[] = {{"run", 1, inRun}, {"component", 1}, {"stack", 1}};

bool endsWithOneOf(std::string_view path, const auto& endings) {
    return std::ranges::any_of(endings,
                               [&](std::string_view ending) { return path.ends_with(ending); });
}

hcl::File readAny(const SourceFile& file, std::span<const BlockShape> shapes) {
    return file.path.ends_with(".json") ? readJsonBody(file.text, shapes) : hcl::read(file.text);
}

void addCall(const hcl::Block& block, const std::string& folder, std::vector<std::string>& called) {
    const auto* source = block.attribute("source");
    if (source == nullptr) return;
    for (const auto& literal : hcl::strings(source->expression)) {
        if (!literal.starts_with("./") && !literal.starts_with("../")) continue;
        if (auto path = resolved(folder, literal)) called.push_back(std::move(*path));
    }
}

}  // namespace

bool isValuesFile(std::string_view path) noexcept {
    const auto name = fileName(path);
    return name == "terraform.tfvars" || name == "terraform.tfvars.json" ||
           endsWithOneOf(name,
                         std::array<std::string_view, 2>{".auto.tfvars", ".auto.tfvars.json"});
}

bool isTestFile(std::string_view path) noexcept {
    return endsWithOneOf(path, std::array<std::string_view, 4>{".tftest.hcl", ".tftest.json",
                                                               ".tofutest.hcl", ".tofutest.json"});
}

bool isStackFile(std::string_view path) noexcept {
    return endsWithOneOf(path,
                         std::array<std::string_view, 4>{".tfcomponent.hcl", ".tfcomponent.json",
                                                         ".tfstack.hcl", ".tfstack.json"});
}

bool isLockFile(std::string_view path) noexcept {
    return fileName(path) == lockFileName;
}

bool isStateFile(std::string_view path) noexcept {
    return fileName(path) == "terraform.tfstate";
}

std::set<std::string> variablesIn(const SourceFile& values) {
    std::set<std::string> names;
    for (const auto& attribute : readAny(values, {}).body.attributes) names.insert(attribute.name);
    return names;
}

std::vector<std::string> modulesCalledBy(const SourceFile& file) {
    std::vector<std::string> called;
    // `terraform test` runs in the folder above the one that holds the tests, or in that one.
    const auto folder = folderOf(file.path);
    for (const auto& block : readAny(file, inCallers).body.blocks) {
        if (block.type == "component" || block.type == "stack") addCall(block, folder, called);
        const auto* module = block.type == "run" ? block.block("module") : nullptr;
        if (module == nullptr) continue;
        addCall(*module, folder, called);
        if (folder != ".") addCall(*module, folderOf(folder), called);
    }
    return called;
}

}  // namespace driftkeeper::terraform
