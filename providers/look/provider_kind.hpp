#pragma once

#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/json/value_tags.hpp"
#include "parsers/source/option_spec.hpp"
#include "parsers/source/source_file.hpp"
#include "providers/look/provider.hpp"
#include "providers/process/tool_runner.hpp"

namespace driftkeeper {

// A program that looks need: what `init` and `doctor` ask for.
struct ProgramSpec {
    std::string_view name;       // on PATH
    std::string_view setting{};  // the key of `providers.NAME` that names another; empty: none
    std::string_view
        versionWords;           // the arguments that make it say its version, separated by blanks
    std::string_view oldest{};  // the oldest version that can be used; empty: any
    std::string_view alternative{};  // another program that does as well; empty: none
};

// Credentials that looks need, and how to see that they are there without reading them.
struct CredentialSpec {
    std::string_view area;         // AWS
    std::string_view variables{};  // any of these is set; separated by blanks
    std::string_view
        files{};           // or any of these is there, below the user's folder; separated by blanks
    std::string_view fix;  // where the daemon gets its own
    std::string_view
        backends{};  // which stacks need them, by `backendOf`, separated by blanks; empty: all
    std::string_view trouble{};  // what is wrong with such stacks whatever is there; empty: nothing
};

// A file that tools of a shell read by themselves and tools of the daemon do not: `init` writes
// down what it stood on.
struct ShellFile {
    std::string_view key;       // of the settings, below the provider's name
    std::string_view variable;  // that names the file
    std::string_view homeFile;  // where it is otherwise, below the user's folder
};

// One kind of provider: all that the rest of the program knows of it. The rows stand in the
// providers' own folders.
struct ProviderKind {
    std::string_view name;  // as settings and stacks say it
    std::string_view
        family;  // kinds of one family read the same files: a folder is a stack of one of them
    std::string_view help;      // one sentence, for people
    bool keepsState = false;    // in a file with a lineage, which can be lost
    bool isDiscovered = false;  // in the daemon also when `providers` does not name it
    std::span<const OptionSpec> options{};
    std::span<const ProgramSpec> programs{};
    std::span<const CredentialSpec> credentials{};
    std::span<const ShellFile> shellFiles{};
    std::string_view
        firstSetting{};  // what `init` proposes below its name, YAML in one line; empty: nothing
    // What the files of a stack are called, for whoever asks who owns them: endings and whole
    // names, the most usual first, separated by blanks.
    std::string_view ownFiles = ".tf";
    // Options that name the one file that a stack is, separated by blanks: the first that is given.
    std::string_view ownFileKeys{};
    bool (*isSource)(std::string_view path) noexcept =
        nullptr;  // files whose text discovery wants to read
    // Files that make their folder a unit of its own: they say nothing of the folders below, and
    // what lies there does not belong to the folder above. nullptr: none.
    bool (*marksFolder)(std::string_view path) noexcept = nullptr;
    // Files that name folders elsewhere in the tree which discovery has to see as well: `closureOf`
    // of their folder says which. nullptr: none.
    bool (*leadsElsewhere)(std::string_view path) noexcept = nullptr;
    // The stacks in a tree, by path; of this kind or others of its family. nullptr: another of the
    // family says it.
    std::vector<DiscoveredStack> (*discover)(const std::vector<SourceFile>& files) = nullptr;
    // Folders that its objects apply to a cluster: nobody else checks them as well. nullptr: none.
    std::set<std::string> (*appliedFolders)(const std::vector<SourceFile>& files) = nullptr;
    // The closure of a folder that the settings name; nullptr: the folder alone.
    std::vector<std::string> (*closureOf)(std::string_view folder,
                                          const std::vector<SourceFile>& files) = nullptr;
    // In what the stack of a folder with these files keeps its state: s3, local; nullptr: it has
    // none.
    std::string (*backendOf)(const std::vector<SourceFile>& files) = nullptr;
    // The key of that state, as it is tied to others (ResourceGraph::offer), where the files and
    // options say it whole and whatever the folder is called; nullptr: nobody can say.
    std::optional<std::string> (*stateKeyOf)(const std::vector<SourceFile>& files,
                                             const ProviderOptions& options) = nullptr;
    std::unique_ptr<Provider> (*make)(ToolRunner& runner, const ValueTags& tags) = nullptr;
};

}  // namespace driftkeeper
