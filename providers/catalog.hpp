#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "parsers/json/value_tags.hpp"
#include "parsers/source/source_file.hpp"
#include "providers/look/option_spec.hpp"
#include "providers/look/provider.hpp"
#include "providers/process/tool_runner.hpp"

namespace driftkeeper {

// One kind of provider: all that the rest of the program knows of it.
struct ProviderKind {
    std::string_view name;      // as settings and stacks say it
    std::string_view family;    // kinds of one family read the same files: a folder is a stack of one of them
    bool isDiscovered = false;  // in the daemon also when `providers` does not name it
    std::span<const OptionSpec> options{};
    bool (*isSource)(std::string_view path) noexcept = nullptr;  // files whose text discovery wants to read
    // The stacks in a tree, by path; of this kind or others of its family. nullptr: another of the family says it.
    std::vector<DiscoveredStack> (*discover)(const std::vector<SourceFile>& files) = nullptr;
    // The closure of a folder that the settings name; nullptr: the folder alone.
    std::vector<std::string> (*closureOf)(std::string_view folder, const std::vector<SourceFile>& files) = nullptr;
    std::unique_ptr<Provider> (*make)(ToolRunner& runner, const ValueTags& tags) = nullptr;
};

// The list of all of them. Of one family the first that finds a folder has it.
std::span<const ProviderKind> providerKinds() noexcept;
const ProviderKind* providerKind(std::string_view name) noexcept;  // nullptr: there is none

// True for a file that discovery wants to read.
bool isSourceFile(std::string_view path) noexcept;

// The stacks of all kinds, by path. Where one folder is a stack of several families, the later ones are named
// PATH@PROVIDER. `files`: those for which isSourceFile().
std::vector<DiscoveredStack> discoverAll(const std::vector<SourceFile>& files);

// What the verdict of `folder` depends on, as a stack of `provider`.
std::vector<std::string> closureOf(std::string_view provider, std::string_view folder,
                                   const std::vector<SourceFile>& files);

}  // namespace driftkeeper
