#include "daemon/git/objects.hpp"

#include <git2.h>

#include "daemon/git/remote_url.hpp"
#include "parsers/text/encoding.hpp"

namespace driftkeeper {

std::unexpected<Error> damaged() {
    return failure(Remedy::Retry, "git_damaged", gitMessage());
}

git_oid oidOf(const std::string& id) {
    git_oid oid{};
    git_oid_fromstr(&oid, id.c_str());
    return oid;
}

std::string hexOf(const git_oid* id) {
    return hex({reinterpret_cast<const char*>(id->id), GIT_OID_RAWSZ});
}

Result<GitOwned<git_odb>> openObjects(git_repository* repository) {
    git_odb* objects = nullptr;
    if (git_repository_odb(&objects, repository) < 0) return damaged();
    return GitOwned<git_odb>(objects);
}
Result<std::uint64_t> blobSize(git_odb* objects, const std::string& id) {
    const git_oid oid = oidOf(id);
    std::size_t size = 0;
    git_object_t type = GIT_OBJECT_INVALID;
    if (git_odb_read_header(&size, &type, objects, &oid) < 0) return damaged();
    if (type != GIT_OBJECT_BLOB)
        return failure(Remedy::Report, "git_hostile_tree", "an entry of the tree is not a file");
    return size;
}

Result<std::string> readBlob(git_odb* objects, const TreeFile& file, std::uint64_t limit) {
    const auto size = blobSize(objects, file.id);
    if (!size) return std::unexpected(size.error());
    if (*size > limit)
        return failure(Remedy::Report, "git_huge_file",
                       "\"" + scrubbed(file.path) + "\" has " + std::to_string(*size) +
                           " bytes, more than the " + std::to_string(limit) + " that are possible");
    const git_oid oid = oidOf(file.id);
    git_odb_object* read = nullptr;
    if (git_odb_read(&read, objects, &oid) < 0) return damaged();
    const GitOwned<git_odb_object> owned(read);
    return std::string(static_cast<const char*>(git_odb_object_data(read)),
                       git_odb_object_size(read));
}
}  // namespace driftkeeper
