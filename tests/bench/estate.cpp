// What it costs that stacks know of each other: recording looks at 1,000 stacks of 100 resources,
// in a store whose graphs have identities and ties, against one whose graphs have none. Processor
// time of the same run.
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <string>
#include <vector>

#include "daemon/judge/ownership.hpp"
#include "daemon/store/store.hpp"

using namespace driftkeeper;

namespace {

constexpr int stackCount = 1000;
constexpr int resourceCount = 100;
constexpr int sample = 200;  // stacks that a round looks at

double processorSeconds() {
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

std::string hex(int stack, int resource) {
    char text[16];
    std::snprintf(text, sizeof text, "%04x%04x", static_cast<unsigned>(stack),
                  static_cast<unsigned>(resource));
    return text;
}

// Ten stacks in a row need each other's outputs; every tenth thing is offered.
ResourceGraph graphOf(int stack, bool tied) {
    ResourceGraph graph;
    graph.reserve(resourceCount);
    for (int i = 0; i < resourceCount; ++i) {
        Resource resource{"aws_instance.web[" + std::to_string(i) + "]", "aws_instance",
                          "i-" + hex(stack, i), "registry.terraform.io/hashicorp/aws"};
        if (tied) resource.identity = "aws i-" + hex(stack, i);
        graph.add(std::move(resource));
        if (i > 0) graph.link(static_cast<std::size_t>(i), static_cast<std::size_t>(i / 2));
    }
    if (!tied) return graph;
    const std::string state = "tfstate:s3://states/stack-" + std::to_string(stack) + ".tfstate";
    graph.offer("", state);
    for (int i = 0; i < resourceCount; i += 10)
        graph.offer(graph.resources()[static_cast<std::size_t>(i)].address,
                    state + "#out" + std::to_string(i));
    if (stack % 10 != 0)
        for (int i = 0; i < resourceCount; i += 20)
            graph.need(graph.resources()[static_cast<std::size_t>(i)].address,
                       "tfstate:s3://states/stack-" + std::to_string(stack - 1) + ".tfstate#out" +
                           std::to_string(i));
    return graph;
}

class Estate {
public:
    explicit Estate(bool tied) : tied_(tied) {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "driftkeeper-bench-XXXXXX").string();
        directory_ = ::mkdtemp(pattern.data());
        store_ = *Store::open(directory_);
        for (int i = 0; i < stackCount; ++i) {
            Stack stack;
            stack.provider = "terraform";
            stack.repository = "infra";
            stack.name = stack.path = "s" + std::to_string(i);
            stacks_.push_back(*store_->stacks.keep(stack));
        }
    }
    ~Estate() { std::filesystem::remove_all(directory_); }
    Estate(const Estate&) = delete;

    // Milliseconds of processor time a record.
    double round(int count, int drifts, bool moved = false) {
        double spent = 0;
        for (int i = 0; i < count; ++i) {
            Check check;
            check.id = "check " + std::to_string(++checks_);
            const auto& stack = stacks_[static_cast<std::size_t>(i)];
            check.stackId = stack.id;
            check.started = check.finished =
                TimePoint(std::chrono::seconds(1'790'000'000 + checks_));
            check.report.completeness = Completeness::Complete;
            check.report.graph = graphOf(i, tied_);
            if (moved) check.report.graph.add({"aws_instance.new", "aws_instance", "i-new", "p"});
            for (int d = 0; d < drifts; ++d) {
                auto& drift = check.report.drifts.emplace_back();
                drift.address = "aws_instance.web[" + std::to_string(d) + "]";
                drift.side = Side::Live;
            }
            const double before = processorSeconds();
            if (!store_->record(std::move(check), [](const Memory&) { return Decision(); }))
                std::abort();
            spent += processorSeconds() - before;
        }
        return spent * 1000 / count;
    }
    Store& store() { return *store_; }

private:
    bool tied_;
    std::filesystem::path directory_;
    std::unique_ptr<Store> store_;
    std::vector<Stack> stacks_;
    int checks_ = 0;
};

void print(const char* what, double tied, double bare, const char* aim) {
    std::printf("%-34s cpu %7.3f ms / %7.3f ms = %.2f   (aim: %s)\n", what, tied, bare, tied / bare,
                aim);
}

}  // namespace

int main() {
    Estate bare(false);
    Estate tied(true);
    // Interleaved, so that a busy machine is as hard on both.
    const auto first = std::pair(tied.round(stackCount, 0), bare.round(stackCount, 0));
    print("record, first look", first.first, first.second, "none");
    const auto clean = std::pair(tied.round(sample, 0), bare.round(sample, 0));
    print("record, in sync and unchanged", clean.first, clean.second, "<= 2");
    const auto drifted = std::pair(tied.round(sample, 3), bare.round(sample, 3));
    print("record, three drifts", drifted.first, drifted.second, "none");
    const auto moved = std::pair(tied.round(sample, 0, true), bare.round(sample, 0, true));
    print("record, one resource is new", moved.first, moved.second, "none");
    const double before = processorSeconds();
    const auto claims = tied.store().estate.claims(-1);
    if (!claims || !*claims) return 1;
    const auto found = dualOwnerships(**claims);
    std::printf("claims of the whole estate: %.1f ms, %zu owned twice\n",
                (processorSeconds() - before) * 1000, found.size());
}
