#include "parsers/terragrunt/stack_file.hpp"

#include "parsers/hcl/hcl.hpp"
#include "parsers/terraform/source_path.hpp"

namespace driftkeeper::terragrunt {
namespace {

std::optional<std::string> textIn(const hcl::Block& block, std::string_view name,
                                  const Scope& scope) {
    const auto* attribute = block.attribute(name);
    return attribute == nullptr ? std::nullopt : textOf(attribute->expression, scope);
}

bool isLocalPath(std::string_view source) {
    return source.starts_with('/') || source.starts_with("./") || source.starts_with("../") ||
           source == ".";
}

// PATH//INNER -> PATH/INNER
std::string inTree(std::string source, const std::string& folder) {
    if (const auto marks = source.find("//", 1); marks != std::string::npos) source.erase(marks, 1);
    return placeOf(source, folder).value_or("");
}

StackEntry entryOf(const hcl::Block& block, const std::string& folder, const Scope& scope) {
    StackEntry entry;
    entry.isStack = block.type == "stack";
    const auto* plain = block.attribute("no_dot_terragrunt_stack");
    const bool isBeside = plain != nullptr && plain->expression == "true";
    const auto base =
        isBeside ? folder : terraform::resolved(folder, generatedFolder).value_or(folder);
    if (const auto path = textIn(block, "path", scope))
        entry.folder = terraform::resolved(base, *path).value_or("");
    if (const auto source = textIn(block, "source", scope); source && isLocalPath(*source))
        entry.source = inTree(*source, folder);
    if (const auto* values = block.attribute("values"))
        for (const auto& member : hcl::objectMembers(values->expression))
            if (auto text = textOf(member.expression, scope))
                entry.values[member.name] = *std::move(text);
    return entry;
}

}  // namespace

bool isStackFile(std::string_view path) noexcept {
    return terraform::fileName(path) == stackFile;
}

std::vector<StackEntry> readStackFile(const std::string& folder, const Tree& tree,
                                      const ValueTexts& values) {
    const auto path = terraform::resolved(folder, stackFile);
    const auto text = path ? tree.read(*path) : std::nullopt;
    if (!text) return {};
    const auto file = hcl::read(*text);
    std::map<std::string, std::string> locals;
    for (const auto& block : file.body.blocks)
        if (block.type == "locals")
            for (const auto& local : block.attributes) locals[local.name] = local.expression;
    const Scope scope{tree, folder, "", locals, &values};
    std::vector<StackEntry> entries;
    for (const auto& block : file.body.blocks)
        if (block.type == "unit" || block.type == "stack")
            entries.push_back(entryOf(block, folder, scope));
    return entries;
}

}  // namespace driftkeeper::terragrunt
