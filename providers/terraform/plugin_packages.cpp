#include "providers/terraform/plugin_packages.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/fs.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <map>

#include "parsers/text/ascii.hpp"
#include "parsers/text/digest.hpp"
#include "parsers/text/encoding.hpp"
#include "providers/look/files.hpp"
#include "providers/process/descriptor.hpp"
#include "providers/process/remove_tree.hpp"

namespace driftkeeper::terraform {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t mostPackageFiles = 10'000;
constexpr int deepestFolder = 16;

bool isPlain(const fs::path& path, mode_t kind) {
    struct stat about {};
    return ::lstat(path.c_str(), &about) == 0 && (about.st_mode & S_IFMT) == kind;
}

// Of a file's text; empty when it cannot be read. Providers have hundreds of megabytes: they are
// mapped, not copied.
std::string hashOf(const fs::path& path) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    struct stat about {};
    // A file with a second name could be changed by that name later on.
    if (!file.isOpen() || ::fstat(file.get(), &about) != 0 || !S_ISREG(about.st_mode) ||
        about.st_nlink != 1)
        return "";
    const auto size = static_cast<std::size_t>(about.st_size);
    if (size == 0) return hex(sha256(""));
    void* text = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
    if (text == MAP_FAILED) return "";
    std::string result = hex(sha256({static_cast<const char*>(text), size}));
    ::munmap(text, size);
    return result;
}

// Name within the package -> hash of the text.
using Hashes = std::map<std::string, std::string>;

// False: something in it is neither a folder nor a plain file.
bool addHashes(const fs::path& package, Hashes& hashes) {
    std::error_code error;
    for (fs::recursive_directory_iterator entry(package, error), end; !error && entry != end;
         entry.increment(error)) {
        if (entry.depth() > deepestFolder || hashes.size() == mostPackageFiles) return false;
        if (isPlain(entry->path(), S_IFDIR)) continue;
        std::string hash = hashOf(entry->path());
        if (hash.empty()) return false;
        hashes[entry->path().lexically_relative(package).generic_string()] = std::move(hash);
    }
    return !error;
}

// A part of an address, a version or a platform: what can be one name of a folder and nothing else.
bool isName(const fs::path& part) {
    const std::string& text = part.native();
    return !text.empty() && text.front() != '.' && std::ranges::all_of(text, [](char letter) {
        return isLetterOrDigit(letter) || std::string_view(".-_+").contains(letter);
    });
}

// Whether all folders from `root` to `below` are folders: a link would lead out of it.
bool isBelow(const fs::path& root, const fs::path& below) {
    fs::path at = root;
    for (const fs::path& part : below) {
        at /= part;
        if (!isName(part) || !isPlain(at, S_IFDIR)) return false;
    }
    return true;
}

struct Package {
    std::string address;
    fs::path below;  // ADDRESS/VERSION/PLATFORM
};

std::vector<Package> packagesOf(const fs::path& root, const LockFile& selections) {
    std::vector<Package> result;
    for (const auto& [address, locked] : selections) {
        const fs::path version = fs::path(address) / locked.version;
        if (!isBelow(root, version)) continue;
        std::error_code error;
        for (fs::directory_iterator entry(root / version, error), end; !error && entry != end;
             entry.increment(error))
            if (isBelow(root / version, entry->path().filename()))
                result.push_back({address, version / entry->path().filename()});
    }
    return result;
}

// Another process may do the same at the same time: whoever comes first.
bool moveTo(const fs::path& from, const fs::path& to, const std::string& hash) {
    std::error_code error;
    fs::create_directories(to.parent_path(), error);
    const auto isThere = [&](const fs::path& place) {
        return ::renameat2(AT_FDCWD, place.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0 ||
               packageHash(to) == hash;
    };
    if (isThere(from)) return true;
    if (errno != EXDEV) return false;
    std::string part = (to.parent_path() / ".incoming-XXXXXX").string();
    if (::mkdtemp(part.data()) == nullptr) return false;
    const fs::path copy = fs::path(part) / "package";
    fs::copy(from, copy, fs::copy_options::recursive, error);
    const bool moved = !error && packageHash(copy) == hash && isThere(copy);
    removeTree(part);
    return moved;
}

}  // namespace

std::string packageHash(const fs::path& package) {
    Hashes hashes;
    if (!isPlain(package, S_IFDIR) || !addHashes(package, hashes) || hashes.empty()) return "";
    std::string list;
    for (const auto& [name, hash] : hashes) list += fmt::format("{}  {}\n", hash, name);
    return "h1:" + base64(sha256(list));
}

Result<void> linkPackages(const fs::path& own, const fs::path& cache, const LockFile& selections) {
    if (auto made = emptyFolder(own); !made) return made;
    std::error_code error;  // what cannot be linked is downloaded
    for (const Package& package : packagesOf(cache, selections)) {
        fs::create_directories((own / package.below).parent_path(), error);
        fs::create_symlink(cache / package.below, own / package.below, error);
    }
    return {};
}

void sharePackages(const fs::path& own, const fs::path& cache, const LockFile& selections) {
    for (const Package& package : packagesOf(own, selections)) {
        const auto& hashes = selections.at(package.address).hashes;
        const std::string hash = packageHash(own / package.below);
        if (hash.empty() || std::ranges::find(hashes, hash) == hashes.end()) continue;
        if (!moveTo(own / package.below, cache / package.below, hash)) continue;
        std::error_code error;
        removeTree(own / package.below);
        fs::create_symlink(cache / package.below, own / package.below, error);
    }
}

}  // namespace driftkeeper::terraform
