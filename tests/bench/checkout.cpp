// What the sources of 1,000 stacks in one repository of 10,000 files cost, against one `git clone`
// of the same run: disk, the daemon's own CPU of the first sweep, and the time from a commit that
// touches one file until every stack can start.
#include <fmt/format.h>
#include <sys/stat.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "daemon/git/checkouts.hpp"

namespace {

namespace fs = std::filesystem;
using namespace driftkeeper;

constexpr int stackCount = 1000;
constexpr int filesPerStack = 10;

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

double cpuSeconds() {
    timespec used{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

void shell(const std::string& command) {
    if (std::system(command.c_str()) != 0) {  // NOLINT(concurrency-mt-unsafe): one thread
        std::fprintf(stderr, "failed: %s\n", command.c_str());
        std::exit(1);  // NOLINT(concurrency-mt-unsafe)
    }
}

// As du(1) counts: each inode once.
std::uint64_t diskOf(const fs::path& folder) {
    std::set<ino_t> seen;
    std::uint64_t bytes = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        struct stat about {};
        if (::lstat(entry.path().c_str(), &about) == 0 && seen.insert(about.st_ino).second)
            bytes += static_cast<std::uint64_t>(about.st_blocks) * 512U;
    }
    return bytes;
}

void writeRepository(const fs::path& folder) {
    for (int stack = 0; stack < stackCount; ++stack) {
        const auto place = folder / "stacks" / fmt::format("s{:04}", stack);
        fs::create_directories(place);
        std::ofstream(place / "main.tf") << "terraform {\n  backend \"s3\" {}\n}\n# " << stack;
        for (int file = 1; file < filesPerStack; ++file)
            std::ofstream(place / fmt::format("file{}.txt", file))
                << std::string(2000, 'x') << stack << ' ' << file;
    }
}

Stack stackAt(int number) {
    Stack stack;
    stack.provider = "terraform";
    stack.path = fmt::format("stacks/s{:04}", number);
    stack.id = fmt::format("stack-{}", number);
    stack.repository = "infra";
    stack.closure = {stack.path};
    return stack;
}

[[noreturn]] void fail(const Error& error) {
    std::fprintf(stderr, "%s\n", error.message.c_str());
    std::exit(1);  // NOLINT(concurrency-mt-unsafe)
}

std::string commitOf(Checkouts& checkouts, const RepositorySettings& repository) {
    const auto snapshot = checkouts.sync(repository, {});
    if (!snapshot) fail(snapshot.error());
    return snapshot->commit;
}

// What every look starts with; its scratch is its own, and made while others run.
enum class Scratch { Made, Left };

void prepareAll(Checkouts& checkouts, const RepositorySettings& repository,
                const std::string& commit, Scratch scratch) {
    for (int stack = 0; stack < stackCount; ++stack) {
        const auto source = checkouts.prepare(repository, stackAt(stack), commit);
        if (!source) fail(source.error());
        if (scratch == Scratch::Left) continue;
        if (const auto over = checkouts.emptyScratch(stackAt(stack), *source); !over)
            fail(over.error());
        checkouts.removeScratch(stackAt(stack).id);
    }
}

}  // namespace

int main() {
    std::string name = (fs::temp_directory_path() / "driftkeeper-bench-XXXXXX").string();
    const fs::path work = ::mkdtemp(name.data());
    const std::string git =
        "git -C " + (work / "origin").string() + " -c user.name=a -c user.email=a@b -c gc.auto=0 ";
    fs::create_directory(work / "origin");
    shell(git + "init -q -b main");
    writeRepository(work / "origin");
    shell(git + "add -A && " + git + "commit -q -m 1");

    const auto cloning = Clock::now();
    shell("git clone -q --no-hardlinks " + (work / "origin").string() + " " +
          (work / "clone").string());
    const double cloned = secondsSince(cloning);
    fs::remove_all(work / "clone/.git");
    const auto oneTree = static_cast<double>(diskOf(work / "clone"));

    RepositorySettings repository;
    repository.name = "infra";
    repository.url = work / "origin";
    repository.ref = "main";
    {
        Checkouts checkouts(work / "git");
        const double cpu = cpuSeconds();
        const auto first = Clock::now();
        prepareAll(checkouts, repository, commitOf(checkouts, repository), Scratch::Made);
        std::printf(
            "first sweep, 1,000 stacks          %.3f s, git clone %.3f s = %.2f; own CPU "
            "%.2f ms a stack (aim: <= 20)\n",
            secondsSince(first), cloned, secondsSince(first) / cloned,
            (cpuSeconds() - cpu) * 1000 / stackCount);
        std::ofstream(work / "origin/stacks/s0500/main.tf", std::ios::app) << "# changed";
        shell(git + "commit -q -a -m 2");
        const auto second = Clock::now();
        const auto commit = commitOf(checkouts, repository);
        prepareAll(checkouts, repository, commit, Scratch::Left);
        std::printf(
            "commit that touches one file       %.3f s until 1,000 stacks can start (aim: "
            "<= 1), git clone %.3f s = %.2f\n",
            secondsSince(second), cloned, secondsSince(second) / cloned);
        const auto third = Clock::now();
        prepareAll(checkouts, repository, commit, Scratch::Made);
        std::printf("scratch of a look                  %.2f ms\n",
                    secondsSince(third) * 1000 / stackCount);
        const double used = static_cast<double>(diskOf(work / "git/exports"));
        std::printf(
            "disk of both checkouts             %.1f MiB / %.1f MiB = %.2f of one tree (aim: "
            "<= 3)\n",
            used / (1 << 20), oneTree / (1 << 20), used / oneTree);
    }
    fs::remove_all(work);
    return 0;
}
