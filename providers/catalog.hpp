#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/source/source_file.hpp"
#include "providers/look/provider_kind.hpp"

namespace driftkeeper {

// All kinds of providers. Of one family the first that finds a folder has it.
std::span<const ProviderKind* const> providerKinds() noexcept;
const ProviderKind* providerKind(std::string_view name) noexcept;  // nullptr: there is none
// The kind of a folder of which neither its files nor the settings say it.
const ProviderKind& usualProvider() noexcept;

std::string_view ownFilesOf(std::string_view name) noexcept;  // ProviderKind::ownFiles
// The file that a stack is, from its folder (ProviderKind::ownFileKeys); empty: it is a folder.
std::string ownFileOf(std::string_view name, const ProviderOptions& options);

// Which kinds somebody looks at; nothing: all of them.
using WantedKinds = std::function<bool(const ProviderKind& kind)>;

// True for a file that discovery wants to read.
bool isSourceFile(std::string_view path, const WantedKinds& wanted = nullptr);

// True for a file that makes its folder a unit of its own (ProviderKind::marksFolder), by any kind.
bool marksFolder(std::string_view path) noexcept;

// False for a text that says nothing to discovery: of JSON and YAML that is most. Its path may
// still count.
bool maySaySomething(std::string_view path, std::string_view text);

// The stacks of the wanted kinds, by path, and what looks like one and is left out
// (DiscoveredStack::leftOut). Where one folder is a stack of several families, the later ones are
// named PATH@PROVIDER. `files`: those for which isSourceFile().
std::vector<DiscoveredStack> discoverAll(const std::vector<SourceFile>& files,
                                         const WantedKinds& wanted = nullptr);

// What the verdict of `folder` depends on, as a stack of `provider`.
std::vector<std::string> closureOf(std::string_view provider, std::string_view folder,
                                   const std::vector<SourceFile>& files);

}  // namespace driftkeeper
