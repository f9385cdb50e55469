// Speed and memory of readPlan on a plan JSON of about 100 MB (28,000 resources, every 25th
// drifted), against a pass that only counts lines of the same text. Usage: bench_plan_parse
// [strings|structure]
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <ctime>
#include <string>
#include <string_view>

#include "parsers/terraform/plan.hpp"

using namespace driftkeeper;

namespace {

constexpr int resources = 28'000;

// Processor time: the machine may be busy with something else.
double processorSeconds() {
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

std::string values(int i, const char* content, bool structure) {
    const auto number = std::to_string(i);
    std::string text = R"({"arn":"arn:cloud:box:eu-central-1:123456789012:item/)" + number +
                       R"(","content":")" + content + R"(","id":"item-)" + number +
                       R"(","labels":{"env":"prod","team":"network"},"name":"item )" + number +
                       R"(","rule":[)";
    for (int r = 0; r < (structure ? 8 : 2); ++r)
        text += std::string(r > 0 ? "," : "") +
                R"({"cidrs":["10.0.0.0/8","192.168.0.0/16"],"note":null,"port":)" +
                std::to_string(8000 + r) + "}";
    text += R"(],"secret":null,"size":)" + number + R"(,"zones":["a","b","c"])";
    if (!structure) text += R"(,"policy":")" + std::string(520, 'x') + '"';
    return text + "}";
}

std::string head(int i) {
    const auto number = std::to_string(i);
    return R"({"address":"box_item.r)" + number +
           R"(","mode":"managed","type":"box_item","name":"r)" + number +
           R"(","provider_name":"registry.terraform.io/driftkeeper/box")";
}

std::string change(int i, const char* action, const std::string& before, const std::string& after) {
    return head(i) + R"(,"change":{"actions":[")" + action + R"("],"before":)" + before +
           R"(,"after":)" + after +
           R"(,"after_unknown":{},"before_sensitive":{"rule":[{},{}],"secret":true},"after_sensitive":{"rule":[{},{}],"secret":true}}})";
}

std::string section(const char* name, const std::string& begin, const std::string& end,
                    auto element) {
    std::string text = std::string("\"") + name + "\":" + begin;
    bool first = true;
    for (int i = 0; i < resources; ++i) {
        const auto one = element(i);
        if (one.empty()) continue;
        if (!first) text += ',';
        first = false;
        text += one;
    }
    return text + end;
}

std::string makePlan(bool structure) {
    const auto drifted = [](int i) { return i % 25 == 0; };
    std::string text = R"({"format_version":"1.2","terraform_version":"1.11.4",)";
    const auto resource = [&](int i) {
        return head(i) + R"(,"schema_version":0,"values":)" + values(i, "one", structure) +
               R"(,"sensitive_values":{}})";
    };
    text += section("planned_values", R"({"root_module":{"resources":[)", "]}},", resource);
    text += section("resource_drift", "[", "],", [&](int i) {
        return drifted(i) ? change(i, "update", values(i, "one", structure),
                                   values(i, "by hand", structure))
                          : "";
    });
    text += section("resource_changes", "[", "],", [&](int i) {
        return drifted(i)
                   ? change(i, "update", values(i, "by hand", structure),
                            values(i, "one", structure))
                   : change(i, "no-op", values(i, "one", structure), values(i, "one", structure));
    });
    text += section("prior_state", R"({"values":{"root_module":{"resources":[)", "]}}},", resource);
    text += section("configuration", R"({"root_module":{"resources":[)", "]}},", [&](int i) {
        return R"({"address":"box_item.r)" + std::to_string(i) +
               R"(","mode":"managed","type":"box_item","expressions":{"content":{"constant_value":"one"},"name":{"references":["box_item.r)" +
               std::to_string(i / 2) + R"(.id","box_item.r)" + std::to_string(i / 2) +
               R"("]}},"schema_version":0})";
    });
    return text + R"("timestamp":"2026-11-22T19:07:00Z","complete":true,"errored":false})";
}

long peakKilobytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

// In a process of its own, so that the peak is that of reading alone.
int measure(const char* path, std::size_t size) {
    std::string text(size, '\0');
    auto* file = std::fopen(path, "rb");
    if (file == nullptr || std::fread(text.data(), 1, size, file) != size) return 1;
    std::fclose(file);

    auto begin = processorSeconds();
    std::size_t lines = 0;
    for (const char* at = text.data();
         (at = static_cast<const char*>(
              std::memchr(at, '\n', size - static_cast<std::size_t>(at - text.data())))) != nullptr;
         ++at)
        ++lines;
    const auto baseline = processorSeconds() - begin;

    begin = processorSeconds();
    const auto report = terraform::readPlan(std::move(text), {}, ValueTags("bench"));
    const auto seconds = processorSeconds() - begin;
    if (!report) return 1;
    const auto megabytes = static_cast<double>(size) / 1e6;
    std::printf("  %.1f MB, %zu resources, %zu drifts\n", megabytes, report->resources,
                report->drifts.size());
    std::printf("  memchr baseline: %7.0f MB/s (%zu lines)\n", megabytes / baseline, lines);
    std::printf("  readPlan:        %7.0f MB/s (%.0f ms)\n", megabytes / seconds, seconds * 1000);
    std::printf("  peak memory:     %7.2f x the file\n",
                static_cast<double>(peakKilobytes()) * 1024 / static_cast<double>(size));
    return 0;
}

int bench(bool structure) {
    std::printf("%s\n", structure ? "structure-heavy" : "string-heavy");
    std::fflush(stdout);
    char path[] = "/tmp/bench_plan_XXXXXX";
    const int file = mkstemp(path);
    std::size_t size = 0;
    // The child makes the text, so that its memory is gone before the measurement.
    int pipes[2];
    if (file < 0 || pipe(pipes) != 0) return 1;
    if (fork() == 0) {
        const auto text = makePlan(structure);
        size = text.size();
        const bool good =
            write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
            write(pipes[1], &size, sizeof size) == static_cast<ssize_t>(sizeof size);
        _exit(good ? 0 : 1);
    }
    int status = 0;
    wait(&status);
    if (read(pipes[0], &size, sizeof size) != static_cast<ssize_t>(sizeof size)) return 1;
    if (fork() == 0) {
        const int result = measure(path, size);
        std::fflush(stdout);
        _exit(result);
    }
    wait(&status);
    unlink(path);
    return status;
}

}  // namespace

int main(int argc, char** argv) {
    const std::string_view which = argc > 1 ? argv[1] : "";
    int status = 0;
    if (which != "structure") status |= bench(false);
    if (which != "strings") status |= bench(true);
    return status == 0 ? 0 : 1;
}
