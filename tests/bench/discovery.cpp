// What finding the stacks of a large repository costs: 2,942 of them in 21,672 files, after the
// shape of one that is public (a folder of manifests and one of Terraform for each name), against
// half of it, and after commits of one line.
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "daemon/fleet/inventory.hpp"
#include "daemon/git/checkouts.hpp"

namespace {

namespace fs = std::filesystem;
using namespace driftkeeper;

using Clock = std::chrono::steady_clock;

constexpr int namespaces = 1471;  // with two stacks each
constexpr int allFiles = 21'672;

double secondsSince(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

[[noreturn]] void fail(const std::string& why) {
    std::fprintf(stderr, "%s\n", why.c_str());
    std::exit(1);  // NOLINT(concurrency-mt-unsafe)
}

void shell(const std::string& command) {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): one thread
    if (std::system(command.c_str()) != 0) fail("failed: " + command);
}

std::string manifest(const std::string& kind, int number) {
    return fmt::format(
        "apiVersion: v1\nkind: {}\nmetadata:\n  name: app-{}\n  namespace: app-{}\n"
        "  labels: {{owner: team-{}}}\n",
        kind, number, number, number % 40);
}

// Seven manifests and seven files of Terraform each; what is left of all files are other ones.
void writeRepository(const fs::path& folder, int many) {
    int files = 0;
    const auto write = [&](const fs::path& path, const std::string& text) {
        fs::create_directories(path.parent_path());
        std::ofstream(path) << text;
        ++files;
    };
    for (int number = 0; number < many; ++number) {
        const auto place = folder / "namespaces/live" / fmt::format("app-{:04}", number);
        for (const char* kind : {"Namespace", "LimitRange", "ResourceQuota", "ServiceAccount",
                                 "Secret", "ConfigMap", "Service"})
            write(place / (std::string(kind) + ".yaml"), manifest(kind, number));
        write(place / "resources/main.tf",
              "terraform {\n  backend \"s3\" {}\n}\nprovider \"aws\" {\n  region = "
              "\"eu-west-2\"\n}\n");
        write(place / "resources/versions.tf", "terraform {\n  required_version = \">= 1.2\"\n}\n");
        write(place / "resources/variables.tf", "variable \"team\" {\n  default = \"a\"\n}\n");
        for (const char* module : {"s3", "ecr", "rds"})
            write(
                place / "resources" / (std::string(module) + ".tf"),
                fmt::format("module \"{}\" {{\n  source = \"git::https://example.com/{}?ref=1.0\"\n"
                            "  team   = var.team\n}}\n",
                            module, module));
        write(place / "resources/outputs.tf", "output \"team\" {\n  value = var.team\n}\n");
    }
    for (int number = 0; files < allFiles * many / namespaces; ++number)
        write(folder / "docs" / fmt::format("page-{}.md", number), "# page\n");
}

struct Estate {
    fs::path folder;
    std::string git;
    Checkouts checkouts;
    RepositorySettings repository;
    std::string known;

    Estate(const fs::path& work, int many)
        : folder(work / fmt::format("origin-{}", many)),
          git("git -C " + folder.string() + " -c user.name=a -c user.email=a@b -c gc.auto=0 "),
          checkouts(work / fmt::format("git-{}", many)) {
        fs::create_directory(folder);
        shell(git + "init -q -b main");
        writeRepository(folder, many);
        shell(git + "add -A && " + git + "commit -q -m 1");
        repository.name = "infra";
        repository.url = folder;
        repository.ref = "main";
    }

    void commit(const fs::path& file) {
        std::ofstream(folder / file, std::ios::app) << "# one line\n";
        shell(git + "add -A && " + git + "commit -q -m 2");
    }

    // As the daemon does after every poll. Seconds, of the fetch and of what follows.
    double look(std::size_t wanted) {
        const auto begin = Clock::now();
        const std::vector<std::string> providers = {"terraform", "kubernetes"};
        auto snapshot = checkouts.sync(repository, {}, kindsFor(repository, providers), known);
        if (!snapshot) fail(snapshot.error().message);
        if (snapshot->isKnown) return secondsSince(begin);
        known = snapshot->sourcesDigest;
        const auto found = inventoryOf(repository, CheckSettings(), providers, snapshot->files);
        if (found.stacks.size() != wanted) fail(fmt::format("{} stacks", found.stacks.size()));
        return secondsSince(begin);
    }
};

}  // namespace

int main() {
    std::string name = (fs::temp_directory_path() / "driftkeeper-bench-XXXXXX").string();
    const fs::path work = ::mkdtemp(name.data());
    const double ofHalf = Estate(work, namespaces / 2).look(namespaces / 2 * 2);
    Estate all(work, namespaces);
    const double first = all.look(namespaces * 2);
    std::printf(
        "first look, 2,942 stacks           %.3f s (aim: <= 3), half of them %.3f s = %.2f\n",
        first, ofHalf, first / ofHalf);
    all.commit("docs/readme.md");
    std::printf("a line that says nothing of stacks %.3f s (aim: <= 0.3)\n", all.look(0));
    all.commit("namespaces/live/app-0700/resources/main.tf");
    std::printf("a line in one stack                %.3f s (aim: <= 0.3)\n",
                all.look(namespaces * 2));
    fs::remove_all(work);
    return 0;
}
