// What a checkout has is what `git clone` writes.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <fstream>

#include "daemon/git/checkout.hpp"
#include "daemon/git/checkouts.hpp"
#include "git_lab.hpp"

using namespace driftkeeper;
using namespace driftkeeper::tests;

namespace fs = std::filesystem;

namespace as_git_clone_test {
namespace {

const std::string quietGit =
    "umask 022; export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null HOME=/nonexistent; ";
// Each file with mode, kind and hash, and each link with its target; .git aside.
const std::string listing =
    "find . -name .git -prune -o -type f -printf '%p %m ' -exec sha256sum {} ';' | sort; "
    "find . -name .git -prune -o -type l -printf '%p -> %l\\n' | sort";

struct World {
    Scratch scratch;
    Origin origin{scratch.path() / "origin"};
    Checkouts checkouts{scratch.path() / "git"};
    RepositorySettings repository = repositoryAt(origin.folder());

    Export checkOut(const std::string& path = ".") {
        const auto snapshot = checkouts.sync(repository, {});
        REQUIRE_MESSAGE(snapshot, (snapshot ? "" : snapshot.error().message));
        auto source = checkouts.prepare(repository, stackAt(path), snapshot->commit);
        REQUIRE_MESSAGE(source, (source ? "" : source.error().message));
        return *std::move(source);
    }
    Error refusal(const std::string& path = ".") {
        const auto snapshot = checkouts.sync(repository, {});
        REQUIRE_MESSAGE(snapshot, (snapshot ? "" : snapshot.error().message));
        const auto source = checkouts.prepare(repository, stackAt(path), snapshot->commit);
        REQUIRE_FALSE(source);
        return source.error();
    }
    std::string cloned(const std::string& options = "") {
        const auto folder = (scratch.path() / "clone").string();
        shell(quietGit + "git -c protocol.file.allow=always clone -q " + options + " " +
              origin.folder().string() + " " + folder);
        return shell("cd " + folder + " && " + listing);
    }
    static std::string listed(const fs::path& folder) {
        return shell("cd " + folder.string() + " && " + listing);
    }
};

}  // namespace

TEST_CASE("modes and links") {
    World world;
    writeFile(world.origin.folder() / "bin/run.sh", "#!/bin/sh\n");
    fs::permissions(world.origin.folder() / "bin/run.sh", fs::perms::owner_all);
    writeFile(world.origin.folder() / "lib/index.js", "x");
    fs::create_symlink("../lib/index.js", world.origin.folder() / "bin/link");
    fs::create_directory_symlink("lib", world.origin.folder() / "library");
    world.origin.commitAll();
    const auto source = world.checkOut();
    CHECK(World::listed(source.root) == world.cloned());
    struct stat status {};
    REQUIRE(::stat((source.root / "bin").c_str(), &status) == 0);
    CHECK((status.st_mode & 07777) == 0755);
}

TEST_CASE("line ends, $Id$ and encodings as .gitattributes has them, at every depth") {
    World world;
    const auto& folder = world.origin.folder();
    writeFile(folder / ".gitattributes",
              "*.ps1 text eol=crlf\n*.auto text=auto eol=crlf\n*.id ident\n"
              "*.reg text working-tree-encoding=UTF-16LE-BOM eol=crlf\n"
              "*.l1 text working-tree-encoding=ISO-8859-1\n"
              "*.bin -text eol=crlf\n*.dat binary\n*.tf filter=evil\n*.sub export-subst\n");
    writeFile(folder / "win/.gitattributes", "*.id !ident\nlocal.txt eol=crlf\n*.ps1 -text\n");
    for (const char* place : {"", "win/", "win/deep/", "other/"})
        for (const char* ending : {"ps1", "auto", "id", "bin", "dat", "tf", "sub"})
            writeFile(folder / place / (std::string("file.") + ending), "one $Id$\ntwo\n");
    writeFile(folder / "mixed.auto", "one\r\ntwo\n");
    writeFile(folder / "zero.auto", std::string("a\0b\n", 4));
    writeFile(folder / "win/local.txt", "one\ntwo\n");
    shell("cd " + folder.string() +
          " && printf 'K\\303\\266ln\\n' | iconv -f UTF-8 -t UTF-16LE > body && "
          "{ printf '\\377\\376'; cat body; } > key.reg && rm body && "
          "printf 'K\\366ln\\n' > name.l1");
    world.origin.commitAll();
    const auto source = world.checkOut();
    CHECK(World::listed(source.root) == world.cloned());
    CHECK(readFile(source.root / "file.ps1") == "one $Id$\r\ntwo\r\n");
}

TEST_CASE("a commit to .gitattributes alone writes the files again, and their stacks are due") {
    World world;
    writeFile(world.origin.folder() / "dev/main.tf", "x");
    writeFile(world.origin.folder() / "prod/data.ps1", "1\n");
    world.origin.commit("prod/main.tf", "x");
    const auto before = world.checkOut("prod");
    const auto dev = world.checkOut("dev").sourceDigest;
    CHECK(readFile(before.directory / "data.ps1") == "1\n");
    world.origin.commit(".gitattributes", "*.ps1 eol=crlf\n");
    const auto after = world.checkOut("prod");
    CHECK(readFile(after.directory / "data.ps1") == "1\r\n");
    CHECK(after.sourceDigest != before.sourceDigest);
    CHECK(world.checkOut("dev").sourceDigest == dev);
}

TEST_CASE("submodules, nested ones and relative urls too") {
    World world;
    const Origin inner(world.scratch.path() / "inner");
    const Origin mods(world.scratch.path() / "mods");
    inner.commit("deep.txt", "deep");
    const std::string add = "-c protocol.file.allow=always submodule --quiet add ";
    writeFile(mods.folder() / ".gitattributes", "*.ps1 eol=crlf\n");
    writeFile(mods.folder() / "vpc/run.ps1", "1\n");
    writeFile(mods.folder() / "vpc/main.tf", "x");
    mods.git(add + "../inner nested");
    mods.commitAll();
    world.origin.commit("app/main.tf", "x");
    world.origin.git(add + mods.folder().string() + " modules");
    world.origin.commitAll();

    SUBCASE("are fetched") {
        const auto source = world.checkOut("app");
        CHECK(readFile(source.root / "modules/nested/deep.txt") == "deep");
        CHECK(World::listed(source.root) == world.cloned("--recurse-submodules"));
        const auto snapshot = world.checkouts.sync(world.repository, {});
        CHECK(std::ranges::find(snapshot->files, "modules/vpc/main.tf", &SourceFile::path) !=
              snapshot->files.end());
        CHECK(snapshot->leftOut.empty());
    }
    SUBCASE("are followed to the next commit of theirs") {
        world.checkOut("app");
        mods.commit("vpc/main.tf", "y");
        world.origin.git("-C modules -c protocol.file.allow=always pull -q");
        world.origin.commitAll();
        CHECK(readFile(world.checkOut("app").root / "modules/vpc/main.tf") == "y");
    }
    SUBCASE("are left out where the settings say so; who needs one says it") {
        world.repository.submodules = false;
        const auto source = world.checkOut("app");
        CHECK(filesBelow(source.root) == ".gitmodules app/main.tf");
        CHECK(source.leftOut == std::vector<std::string>{"modules"});
        const auto snapshot = world.checkouts.sync(world.repository, {});
        const auto needing = world.checkouts.prepare(
            world.repository, stackAt("app", {"app", "modules/vpc"}), snapshot->commit);
        REQUIRE_FALSE(needing);
        CHECK(needing.error().code == "submodule_not_fetched");
        CHECK(needing.error().message ==
              R"(the submodule "modules": `submodules: false` in the settings)");
    }
    SUBCASE("that cannot be fetched are named by the stacks that may need them, and come later") {
        fs::rename(mods.folder(), world.scratch.path() / "away");
        CHECK(filesBelow(world.checkOut("app").root) == ".gitmodules app/main.tf");
        const auto error = world.refusal(".");
        CHECK(error.code == "submodule_not_fetched");
        CHECK(error.message.find(R"(the submodule "modules": )") == 0);
        fs::rename(world.scratch.path() / "away", mods.folder());
        CHECK(readFile(world.checkOut().root / "modules/vpc/main.tf") == "x");
    }
}

TEST_CASE("a submodule does not lead into the daemon's state") {
    World world;
    const Origin secret(world.scratch.path() / "secret");
    secret.commit("key", "secret");
    auto other = repositoryAt(secret.folder());
    other.name = "secret";
    REQUIRE(world.checkouts.sync(other, {}));
    const auto mirror = fs::directory_iterator(world.scratch.path() / "git/mirrors")->path();
    writeFile(world.origin.folder() / ".gitmodules",
              "[submodule \"x\"]\n\tpath = x\n\turl = " + mirror.string() + "\n");
    world.origin.git("update-index --add --cacheinfo 160000," + secret.git("rev-parse HEAD") +
                     ",x");
    world.origin.git("add .gitmodules");
    world.origin.git("commit -q -m x");
    const auto error = world.refusal();
    CHECK(error.code == "submodule_not_fetched");
    CHECK(error.message.find("its url leads into the daemon's state") != std::string::npos);
}

TEST_CASE("files of Git LFS") {
    World world;
    const auto& folder = world.origin.folder();
    shell(quietGit + "cd " + folder.string() + " && git lfs install --local > /dev/null");
    writeFile(folder / ".gitattributes", "*.zip filter=lfs diff=lfs merge=lfs -text\n");
    writeFile(folder / "app/lambda.zip", "a real archive");
    writeFile(folder / "app/plain.zip.txt", "x");
    const auto commit = world.origin.commitAll();
    CHECK(world.origin.git("show HEAD:app/lambda.zip").starts_with("version https://git-lfs"));

    SUBCASE("are fetched by git-lfs") {
        const auto source = world.checkOut();
        CHECK(readFile(source.root / "app/lambda.zip") == "a real archive");
    }
    SUBCASE("that the server does not have are named, and come later") {
        fs::rename(folder / ".git/lfs", world.scratch.path() / "lfs");
        const auto error = world.refusal("app");
        CHECK(error.code == "lfs_not_fetched");
        CHECK(error.message.starts_with(R"("app/lambda.zip" is kept by Git LFS: )"));
        fs::rename(world.scratch.path() / "lfs", folder / ".git/lfs");
        CHECK(readFile(world.checkOut().root / "app/lambda.zip") == "a real archive");
    }
}

TEST_CASE("a pointer that no attribute gives to Git LFS is a file as any other") {
    World world;
    const std::string pointer =
        "version https://git-lfs.github.com/spec/v1\noid sha256:" + std::string(64, 'a') +
        "\nsize 5\n";
    world.origin.commit("lambda.zip", pointer);
    CHECK(readFile(world.checkOut().root / "lambda.zip") == pointer);
}

TEST_CASE("a file that git-crypt keeps closed is named by the stacks that need it") {
    World world;
    writeFile(world.origin.folder() / ".gitattributes", "*.secret filter=git-crypt\n");
    writeFile(world.origin.folder() / "dev/main.tf", "x");
    writeFile(world.origin.folder() / "prod/open.secret", "in clear");
    world.origin.commit("prod/key.secret", std::string("\0GITCRYPT\0xyz", 13));
    const auto error = world.refusal("prod");
    CHECK(error.code == "git_crypt");
    CHECK(error.message == R"("prod/key.secret" is encrypted by git-crypt)");
    world.checkOut("dev");
}

TEST_CASE("files that SOPS encrypts are found among those of the stack") {
    World world;
    const std::string data = "ENC[AES256_GCM,data:Zm9v,iv:x,tag:y,type:str]";
    const auto& folder = world.origin.folder();
    writeFile(folder / "app/secrets.yaml", "password: " + data + "\nsops:\n    version: 3.8.1\n");
    writeFile(folder / "app/secrets.json", "{\"a\": \"" + data + "\", \"sops\": {}}");
    writeFile(folder / "app/.env", "A=" + data + "\nsops_mac=x\n");
    writeFile(folder / "app/notes.txt", "what sops: and " + data + " look like");
    writeFile(folder / "other/secrets.yaml", "a: " + data + "\nsops:\n");
    const auto commit = world.origin.commit("app/main.tf", "x");
    REQUIRE(world.checkouts.sync(world.repository, {}));
    const auto found = world.checkouts.sopsFiles(world.repository, stackAt("app"), commit);
    REQUIRE(found);
    CHECK(*found == std::vector<std::string>{"app/.env", "app/secrets.json", "app/secrets.yaml"});
}

}  // namespace as_git_clone_test
