#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "daemon/git/source_tree.hpp"
#include "parsers/result.hpp"
#include "providers/process/descriptor.hpp"

namespace driftkeeper {

// A folder on disk that holds exactly the files of a tree: PLACE/src, beside PLACE/index, which
// says how each file was when it was written. Modes are those of `git clone` (umask 022).

struct Written {
    std::string content;     // contentOf()
    std::string record;      // of the file system
    std::uint64_t size = 0;  // bytes
};
using FolderIndex = std::map<std::string, Written>;  // by path

// Who can have written into the folder since.
enum class Writers { DaemonOnly, Tools };

// Makes a plain or executable file, `name` in an open folder; there is nothing of that name.
using PutFile =
    std::function<Result<void>(const TreeFile& file, int folder, const std::string& name)>;

// Makes PLACE/src exactly that, whatever was done to it since the last time: a file that is as it
// was written stays. No link is followed. `files`: sorted by path. Errors (FixSetup):
// git_disk_full, git_state; and those of `put`.
Result<FolderIndex> writeTree(const std::filesystem::path& place,
                              std::span<const TreeFile* const> files, const PutFile& put,
                              Writers writers);

// Empty when there is none that can be read.
FolderIndex readIndex(const std::filesystem::path& place);

// What a file's bytes and mode follow from.
std::string contentOf(const TreeFile& file);

// True when a path below an open folder is as it was written.
bool isAsWritten(int folder, const std::string& path, const Written& written, Writers writers);

// Ways to put a file: of bytes; as a copy of another one, sharing its blocks where the file system
// can.
Result<void> writeBytes(const TreeFile& file, int folder, const std::string& name,
                        std::string_view bytes);
Result<void> copyFile(const TreeFile& file, int from, int folder, const std::string& name);

// git_disk_full or git_state, by errno. `what`: "write", "open".
std::unexpected<Error> cannotWrite(std::string_view what, std::string_view path);

}  // namespace driftkeeper
