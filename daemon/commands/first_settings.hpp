#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "daemon/wording/diagnosis.hpp"
#include "parsers/source/source_file.hpp"

// What `driftkeeper init` makes of what it found. Nothing here reaches out, and no credential is
// read.
namespace driftkeeper {

using Variables = std::function<std::optional<std::string>(const std::string& name)>;

struct FoundStack {
    std::string path;
    std::string provider;
    std::string backend;   // type of the state's backend; empty: not known, or there is none
    std::string madeBy{};  // the file that makes it, where its folder is in no tree; empty: none
    bool operator==(const FoundStack&) const = default;
};

// A file that tools of this shell read, and the key that gives it to the daemon's.
struct FoundFile {
    std::string key;
    std::string path;
    std::string source;  // where it was found, for people
    bool operator==(const FoundFile&) const = default;
};

struct FirstSettings {
    std::string name;  // of the repository
    std::string url;
    std::string ref;          // empty: the remote's HEAD
    bool isPackaged = false;  // for the service of the package: its state directory is written down
    std::vector<FoundStack> stacks;
    std::vector<LeftOut>
        leftOut;  // folders that look like stacks, and files that could not be read
    std::set<std::string>
        withheld;  // providers whose stacks were found and whose credentials were not
    std::map<std::string, std::vector<FoundFile>> ofShell;  // by provider
    std::vector<std::string> variables;  // of the shell, which tools read: names only
};

// Takes out what nobody looks at by itself.
std::vector<LeftOut> takeLeftOut(std::vector<DiscoveredStack>& stacks);

// The stacks with the backend that the files of their folder name.
std::vector<FoundStack> withBackends(const std::vector<DiscoveredStack>& stacks,
                                     const std::vector<SourceFile>& files);

// A name that the settings take, from the end of a URL or path: "infra" of git@host:org/infra.git.
std::string repositoryName(const std::string& url);

// The settings file, which has no mistakes.
std::string settingsText(const FirstSettings& first);

// The files that tools of this shell would read for such stacks, as far as they exist.
std::map<std::string, std::vector<FoundFile>> filesOfShell(const std::vector<FoundStack>& stacks,
                                                           const Variables& variables,
                                                           const std::filesystem::path& home);

// Those of a shell's variables that tools and their providers go by.
std::vector<std::string> variablesOfTools(const std::vector<std::string>& names);

// The providers of stacks that a kind of credentials is needed for, whether it is there: by
// variables and files that exist. `home`: the folder of the user.
std::vector<Diagnosis> diagnoseCredentials(const std::vector<FoundStack>& stacks,
                                           const Variables& variables,
                                           const std::filesystem::path& home);

}  // namespace driftkeeper
