// Which files of a commit discovery gets, and what is said of the others.
#include <doctest/doctest.h>

#include <algorithm>

#include "daemon/git/libgit.hpp"
#include "daemon/git/source_files.hpp"
#include "tests/daemon/git/git_lab.hpp"

namespace source_files_test {
using namespace driftkeeper;
using namespace driftkeeper::tests;

namespace {

const std::string service = "apiVersion: v1\nkind: Service\n";

struct Lab {
    Scratch scratch;
    Origin origin{scratch.path() / "origin"};
    Checkouts checkouts{scratch.path() / "git"};
    RepositorySettings repository;

    Lab() {
        startGit();
        repository.name = "infra";
        repository.url = "file://" + origin.folder().string();
    }
    Snapshot sync(const WantedKinds& wanted = nullptr, std::string_view known = {}) {
        auto snapshot = checkouts.sync(repository, {}, wanted, known);
        REQUIRE_MESSAGE(snapshot, (snapshot ? "" : snapshot.error().message));
        return std::move(*snapshot);
    }
};

const SourceFile* find(const Snapshot& snapshot, std::string_view path) {
    const auto it = std::ranges::find(snapshot.files, path, &SourceFile::path);
    return it == snapshot.files.end() ? nullptr : &*it;
}

bool isTerraform(const ProviderKind& kind) {
    return kind.family == "terraform";
}

}  // namespace

TEST_CASE("what says nothing to discovery takes nothing of its budget") {
    Lab lab;
    for (int n = 0; n < 70; ++n)
        writeFile(lab.origin.folder() / ("fixtures/" + std::to_string(n) + ".json"),
                  std::string(1U << 20U, 'x'));
    lab.origin.commit("zz/svc.yaml", service);
    const auto snapshot = lab.sync();
    REQUIRE(find(snapshot, "zz/svc.yaml"));
    CHECK(find(snapshot, "zz/svc.yaml")->text == service);
    CHECK(find(snapshot, "fixtures/0.json")->text.empty());
    CHECK(snapshot.leftOut.empty());
}

TEST_CASE("a file over its limit keeps its place, and is named") {
    Lab lab;
    writeFile(lab.origin.folder() / "prod/main.tf.json", std::string(5U << 20U, ' ') + "{}");
    lab.origin.commit("crds/all.yaml", service + "# " + std::string(5U << 20U, 'x') + "\n");
    const auto snapshot = lab.sync();
    CHECK(snapshot.leftOut ==
          std::vector<LeftOut>{{"crds/all.yaml", "too_large"}, {"prod/main.tf.json", "too_large"}});
    REQUIRE(find(snapshot, "prod/main.tf.json"));
    CHECK(find(snapshot, "prod/main.tf.json")->text.empty());
}

TEST_CASE("encrypted files are named") {
    Lab lab;
    lab.origin.commit("prod/main.tf", std::string("\0GITCRYPT\0abc", 13));
    CHECK(lab.sync().leftOut == std::vector<LeftOut>{{"prod/main.tf", "encrypted"}});
}

TEST_CASE("only files of kinds that somebody looks at are read") {
    Lab lab;
    writeFile(lab.origin.folder() / "prod/main.tf", "");
    lab.origin.commit("app/svc.yaml", service);
    CHECK(lab.sync().files.size() == 2);
    CHECK(lab.sync(isTerraform).files.size() == 1);
}

TEST_CASE("the same files are not read again, other ones are") {
    Lab lab;
    lab.origin.commit("prod/main.tf", "1");
    const auto digest = lab.sync(isTerraform).sourcesDigest;
    lab.origin.commit("README.md", "1");
    lab.origin.commit("app/svc.yaml", service);
    CHECK(lab.sync(isTerraform, digest).isKnown);
    CHECK(lab.sync(isTerraform, digest).files.empty());
    CHECK_FALSE(lab.sync(nullptr, digest).isKnown);
    lab.origin.commit("prod/main.tf", "2");
    const auto changed = lab.sync(isTerraform, digest);
    CHECK_FALSE(changed.isKnown);
    CHECK(changed.files.size() == 1);
}

TEST_CASE("a link to a folder is a link, and a submodule is named") {
    Lab lab;
    writeFile(lab.origin.folder() / "shared/main.tf", "");
    std::filesystem::create_directory_symlink("../shared", lab.origin.folder() / "lib");
    lab.origin.commit("prod/main.tf", "");
    std::filesystem::create_directories(lab.origin.folder() / "prod");
    std::filesystem::create_directory_symlink("../shared", lab.origin.folder() / "prod/lib");
    lab.origin.commitAll();
    const auto snapshot = lab.sync();
    REQUIRE(find(snapshot, "prod/lib"));
    CHECK(find(snapshot, "prod/lib")->link == "shared");
    CHECK(snapshot.leftOut == std::vector<LeftOut>{{"lib", "link_outside"}});
}

}  // namespace source_files_test
