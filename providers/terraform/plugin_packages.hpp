#pragma once

#include <filesystem>
#include <string>

#include "parsers/result.hpp"
#include "parsers/terraform/lock_file.hpp"

// Packages of plugins, HOST/NAMESPACE/TYPE/VERSION/PLATFORM (terraform's plugin cache directory). A
// stack's init sees a folder of its own; the cache that all stacks share is written by us alone,
// and no tool can change what another one runs.
namespace driftkeeper::terraform {

// Makes `own` anew, with a link for every package of `cache` that the lock file selects: init takes
// these as they are, and puts what it downloads beside them. Fails as files.hpp says.
Result<void> linkPackages(const std::filesystem::path& own, const std::filesystem::path& cache,
                          const LockFile& selections);

// Moves what init downloaded to `cache` and leaves a link: packages that the lock file has the hash
// of (h1), made of plain files alone. What is there already stays; what does not fit remains the
// stack's own. Nothing runs in `own` meanwhile.
void sharePackages(const std::filesystem::path& own, const std::filesystem::path& cache,
                   const LockFile& selections);

// "h1:…" of a package (golang.org/x/mod/sumdb/dirhash, Hash1); empty when it holds anything but
// folders and files with one name.
std::string packageHash(const std::filesystem::path& package);

}  // namespace driftkeeper::terraform
