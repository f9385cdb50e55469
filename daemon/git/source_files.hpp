#pragma once

#include <string>
#include <unordered_set>

#include "daemon/git/libgit.hpp"
#include "daemon/git/source_tree.hpp"
#include "parsers/result.hpp"
#include "providers/catalog.hpp"
#include "providers/sources.hpp"

namespace driftkeeper {

// Blobs that are known to say nothing to discovery, by id: they are not read again.
using SilentBlobs = std::unordered_set<std::string>;

// The files that discovery of the wanted kinds reads, those behind links too, and links to folders;
// what is left out (SourceCollector) is said.
Result<Sources> sourceFiles(git_odb* objects, const SourceTree& tree, const WantedKinds& wanted,
                            SilentBlobs& silent);

// SHA-256 in hex over path, kind and content of those files and links.
std::string sourcesDigest(const SourceTree& tree, const WantedKinds& wanted);

// Adds a file to a list that a digest is made of.
void append(std::string& list, const TreeFile& file);

}  // namespace driftkeeper
