#include "providers/gitops/manifests.hpp"

#include <doctest/doctest.h>

#include "tests/providers/process/scratch.hpp"

using namespace driftkeeper;
using namespace driftkeeper::gitops;

TEST_CASE("the manifests of a folder and of its closure are read, with paths from the root") {
    tests::Scratch scratch;
    for (const char* file :
         {"stack/a.yaml", "stack/deep/er/b.yml", "stack/notes.txt", "stack/.git/c.yaml",
          "base/d.yaml", "base/Kustomization", "one/e.json", "one/f.json", "other/g.yaml"})
        scratch.write(file, file);
    Workspace workspace;
    workspace.root = scratch.path();
    workspace.directory = scratch.path() / "stack";
    workspace.closure = {"stack", "base", "one/e.json", "gone"};
    std::vector<std::string> paths;
    for (const auto& file : readManifests(workspace)) {
        CHECK(file.text == file.path);
        paths.push_back(file.path);
    }
    CHECK(paths == std::vector<std::string>{"base/Kustomization", "base/d.yaml", "one/e.json",
                                            "stack/a.yaml", "stack/deep/er/b.yml"});
    CHECK(folderIn(workspace) == "stack");
    workspace.directory = workspace.root;
    CHECK(folderIn(workspace) == ".");
}
