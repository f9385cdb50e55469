#include "providers/process/real_tool_runner.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>
#include <sstream>
#include <utility>

#include "providers/process/child.hpp"
#include "providers/process/descriptor.hpp"
#include "providers/process/egress_proxy.hpp"
#include "providers/process/find_program.hpp"
#include "providers/process/landlock.hpp"
#include "providers/process/launcher.hpp"
#include "providers/process/supervisor.hpp"
#include "providers/process/tool_filter.hpp"
#include "providers/process/tree_size.hpp"

namespace driftkeeper {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::size_t errorTail = std::size_t{1} << 20;
constexpr std::chrono::minutes startLimit{1};  // from fork to exec
constexpr std::uint64_t memoryBeyond = std::uint64_t{16} << 20U;
constexpr std::chrono::milliseconds measureEvery{500};
constexpr std::chrono::milliseconds measureFrom{100};  // who is quicker writes little

std::unexpected<Error> notStarted(const ToolCall& call, const launcher::Failure& why,
                                  const std::optional<room::Plan>& room) {
    if (why.error == ETIMEDOUT)
        return failure(
            Remedy::Retry, "tool_not_started",
            fmt::format(
                "{} did not begin within {} seconds: does the file system of it or of {} answer?",
                call.argv.front(), std::chrono::seconds(startLimit).count(),
                call.directory.string()));
    if (why.isOfRoom && room)
        return failure(Remedy::FixSetup, "tool_not_started",
                       fmt::format("cannot make a room for {}: {}: {}", call.argv.front(),
                                   room::describe(*room, why.step), std::strerror(why.error)));
    return failure(Remedy::FixSetup, "tool_not_started",
                   fmt::format("cannot start {}: {}", call.argv.front(), std::strerror(why.error)));
}

bool isSocket(const fs::path& path) {
    std::error_code error;
    return fs::is_socket(path, error);
}

// Sockets that a tool may use: those that it can make itself, and those that are named.
std::vector<std::string> socketsOf(const Sandbox& sandbox, const std::optional<room::Plan>& room) {
    std::vector<std::string> result;
    std::error_code error;
    for (const fs::path& path : sandbox.readable)
        if (isSocket(path)) result.push_back(fs::canonical(path, error).string());
    if (room) {
        for (const std::string& path : room->writable) result.push_back(path + "/");
    } else {
        for (const fs::path& path : sandbox.writable)
            result.push_back(fs::weakly_canonical(path, error).string() + "/");
    }
    return result;
}

// The program, and where it looks for others.
std::vector<fs::path> programsOf(const ToolCall& call, const fs::path& program) {
    std::vector<fs::path> result = {program};
    const auto path = call.environment.find("PATH");
    if (path == call.environment.end()) return result;
    std::istringstream folders(path->second);
    for (std::string folder; std::getline(folders, folder, ':');)
        if (folder.starts_with('/')) result.emplace_back(folder + "/");
    return result;
}

Result<fs::path> programOf(const ToolCall& call) {
    const auto path = call.environment.find("PATH");
    const std::string& name = call.argv.front();
    if (auto found =
            findProgram(name, path == call.environment.end() ? "" : path->second, call.directory))
        return *std::move(found);
    return failure(Remedy::FixSetup, "tool_missing", fmt::format("there is no program {}", name));
}

// A file in memory that holds the text, ready to be read; not open when there is no memory.
Descriptor readableFrom(std::string_view text) {
    Descriptor file(::memfd_create("driftkeeper-input", MFD_CLOEXEC));
    while (file.isOpen() && !text.empty()) {
        const ssize_t count = ::write(file.get(), text.data(), text.size());
        if (count <= 0) return {};
        text.remove_prefix(static_cast<std::size_t>(count));
    }
    if (file.isOpen()) ::lseek(file.get(), 0, SEEK_SET);
    return file;
}

// A pipe that somebody far away was handed is not waited for.
bool isReadable(const Descriptor& pipe) noexcept {
    pollfd wait{pipe.get(), POLLIN, 0};
    return ::poll(&wait, 1, 100) > 0;
}

// One call while it runs: the supervisor, its pipes, and what was decided about it.
class Run {
public:
    Run(const ToolCall& call, const SandboxPolicy& policy, const EgressObserver& observer,
        const Limits& limits, std::optional<ControlGroup> group)
        : call_(call),
          policy_(policy),
          observer_(observer),
          limits_(limits),
          group_(std::move(group)) {}
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;
    ~Run() {
        if (child_ && givenUp_) child_->abandon();
    }

    Result<void> start();
    ToolResult follow(const std::stop_token& stop);

private:
    void pollOnce(int wakeUp);
    void readOutput();
    void readErrors();
    void readControl();
    void end(ToolResult::Ending why, Clock::time_point now);
    void endOver(const Overuse& over, Clock::time_point now);
    [[nodiscard]] std::uint64_t diskUsed() const;
    void killAll(Clock::time_point now);
    [[nodiscard]] std::optional<Overuse> overInGroup() const;
    void measure(Clock::time_point now);
    void judgeEnd();
    void checkClock(Clock::time_point now);
    [[nodiscard]] int millisecondsToNext(Clock::time_point now) const;
    [[nodiscard]] std::chrono::milliseconds killLimit() const {
        return std::max(call_.grace, std::chrono::milliseconds(5000));
    }

    const ToolCall& call_;
    const SandboxPolicy& policy_;
    const EgressObserver& observer_;
    std::unique_ptr<EgressProxy> proxy_;  // while the program runs
    const Limits limits_;
    std::optional<ControlGroup> group_;
    std::optional<Child> child_;
    ToolResult result_;
    Clock::time_point started_{};
    Clock::time_point next_ =
        Clock::time_point::max();  // the next thing to do: TERM, KILL, giving up
    Clock::time_point nextMeasure_ = Clock::time_point::max();  // of what it uses
    enum class Stage { Running, Terminating, Killing } stage_ = Stage::Running;
    bool programEnded_ = false;
    bool gone_ = false;
    bool givenUp_ = false;
    std::size_t outputSize_ = 0;
};

Result<void> Run::start() {
    const Result<fs::path> program = programOf(call_);
    if (!program) return std::unexpected(program.error());
    launcher::Start start{.program = program->string(),
                          .arguments = {call_.argv.begin() + 1, call_.argv.end()},
                          .environment = {},
                          .directory = call_.directory.string(),
                          .limits = limits_};
    Descriptor rules;
    std::optional<room::Plan> room;
    using tool_filter::Peers, tool_filter::Where;
    const bool isConfined = !call_.sandbox.open && policy_.mode != SandboxMode::Off;
    const bool isJudged = isConfined && call_.sandbox.network && networkRefusal().empty();
    const Peers peers = isJudged ? Peers::Judged : Peers::AsHost;
    if (!call_.sandbox.open && policy_.mode == SandboxMode::Strict) {
        room = room::planOf(call_.sandbox, policy_, programsOf(call_, *program));
        // Somewhat more than may be used, so that who fills it is seen.
        if (limits_.memory > 0) room->temporary = std::to_string(limits_.memory + memoryBeyond);
        start.room = &*room;
        start.filter = &tool_filter::filter(Where::Room, peers);
    } else if (call_.sandbox.tree) {
        return failure(Remedy::FixSetup, "tool_not_started",
                       "a shared tree needs a room, and this kernel gives none");
    } else if (!call_.sandbox.open && policy_.mode == SandboxMode::Landlock) {
        auto made = landlock::ruleset(call_.sandbox);
        if (!made) return std::unexpected(made.error());
        rules = *std::move(made);
        start.ruleset = rules.get();
        start.filter = &tool_filter::filter(Where::Host, peers);
    }
    network_guard::Rules network;
    std::map<std::string, std::string> environment = call_.environment;
    if (isConfined && call_.sandbox.network) {
        network = {*call_.sandbox.network, socketsOf(call_.sandbox, room), room.has_value()};
        auto proxy = openEgress(network.network, environment, observer_);
        if (!proxy) return std::unexpected(proxy.error());
        proxy_ = *std::move(proxy);
        if (isJudged) start.network = &network;
    }
    for (const auto& [name, value] : environment)
        start.environment.push_back(fmt::format("{}={}", name, value));
    Descriptor input;
    if (!call_.input.empty()) {
        input = readableFrom(call_.input);
        if (!input.isOpen()) return notStarted(call_, {errno}, room);
        start.in = input.get();
    }
    Descriptor door;
    if (group_) {
        door = group_->door();
        start.group = door.get();
        start.limits.memory = start.limits.processes = 0;  // the kernel holds them
    }
    auto child = Child::start(std::move(start), Child::Input::None, startLimit);
    if (!child) return notStarted(call_, child.error(), room);
    child_.emplace(*std::move(child));
    started_ = Clock::now();
    if (call_.timeout.count() > 0) next_ = started_ + call_.timeout;
    if (limits_.disk > 0 || group_) nextMeasure_ = started_ + measureEvery;
    return {};
}

void Run::end(ToolResult::Ending why, Clock::time_point now) {
    if (stage_ != Stage::Running || programEnded_) return;
    result_.ending = why;
    stage_ = Stage::Terminating;
    next_ = now + call_.grace;
    child_->order(supervisor::terminate);
}

// Who takes more than there is for it is not asked first.
void Run::endOver(const Overuse& over, Clock::time_point now) {
    if (stage_ != Stage::Running || programEnded_) return;
    result_.ending = ToolResult::Ending::OverLimit;
    result_.over = over;
    killAll(now);
}

void Run::killAll(Clock::time_point now) {
    stage_ = Stage::Killing;
    next_ = now + killLimit();
    child_->order(supervisor::kill);
    if (group_) group_->kill();
}

// What the kernel says of the call's control group.
std::optional<Overuse> Run::overInGroup() const {
    const Limit limit = group_ ? group_->over() : Limit::None;
    if (limit == Limit::Memory)
        return Overuse{limit, std::max(group_->mostMemory(), limits_.memory), limits_.memory};
    if (limit == Limit::Processes) return Overuse{limit, limits_.processes, limits_.processes};
    return std::nullopt;
}

std::uint64_t Run::diskUsed() const {
    std::uint64_t bytes = 0;
    for (const fs::path& folder : call_.sandbox.measured) bytes += bytesBelow(folder);
    if (call_.sandbox.tree && !call_.sandbox.tree->scratch.empty())
        bytes += bytesBelow(call_.sandbox.tree->scratch / "upper");
    return bytes;
}

// Large trees less often: looking at them costs a twentieth of the time.
void Run::measure(Clock::time_point now) {
    if (stage_ != Stage::Running || now < nextMeasure_) return;
    if (const auto over = overInGroup()) return endOver(*over, now);
    const std::uint64_t used = limits_.disk > 0 ? diskUsed() : 0;
    const auto after = Clock::now();
    if (used > limits_.disk) return endOver({Limit::Disk, used, limits_.disk}, after);
    nextMeasure_ = after + std::max<Clock::duration>(measureEvery, 20 * (after - now));
}

// What a call that was quicker than we look, or was ended by the kernel, used.
void Run::judgeEnd() {
    using enum ToolResult::Ending;
    const bool endedItself = result_.ending == Exited || result_.ending == Signalled;
    if (!endedItself) return;
    if (const auto over = overInGroup()) {
        result_.ending = OverLimit;
        result_.over = *over;
        return;
    }
    const bool wasQuick = result_.duration < measureFrom && result_.status == 0;
    if (limits_.disk == 0 || wasQuick) return;
    const std::uint64_t used = diskUsed();
    const bool atFileLimit = result_.ending == Signalled && result_.status == SIGXFSZ;
    if (used < limits_.disk && !atFileLimit) return;
    result_.ending = OverLimit;
    result_.over = {Limit::Disk, std::max(used, limits_.disk), limits_.disk};
}

void Run::checkClock(Clock::time_point now) {
    if (now < next_) return;
    switch (stage_) {
        case Stage::Running:
            return end(ToolResult::Ending::TimedOut, now);
        case Stage::Terminating:
            return killAll(now);
        case Stage::Killing:
            givenUp_ = true;
    }
}

int Run::millisecondsToNext(Clock::time_point now) const {
    const auto next = stage_ == Stage::Running ? std::min(next_, nextMeasure_) : next_;
    if (next == Clock::time_point::max()) return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - now).count();
    return static_cast<int>(std::clamp<std::int64_t>(left, 0, 3'600'000));
}

void Run::readOutput() {
    std::array<char, 65536> buffer;
    const ssize_t size = ::read(child_->out.get(), buffer.data(), buffer.size());
    if (size < 0) {
        if (errno != EAGAIN && errno != EINTR) child_->out.close();
        return;
    }
    if (size == 0) return child_->out.close();
    using enum ToolResult::Ending;
    if (result_.ending == TooMuchOutput || result_.ending == OverLimit) return;
    const std::string_view bytes(buffer.data(), static_cast<std::size_t>(size));
    outputSize_ += bytes.size();
    if (limits_.output > 0 && outputSize_ > limits_.output)
        return endOver({Limit::Output, outputSize_, limits_.output}, Clock::now());
    if (outputSize_ > call_.maxOutput) {
        result_.ending = TooMuchOutput;
        return end(TooMuchOutput, Clock::now());
    }
    if (call_.keepOutput) result_.out.append(bytes);
    if (call_.onOutput) call_.onOutput(bytes);
}

void Run::readErrors() {
    std::array<char, 16384> buffer;
    const ssize_t size = ::read(child_->err.get(), buffer.data(), buffer.size());
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (size <= 0) return child_->err.close();
    result_.err.append(buffer.data(), static_cast<std::size_t>(size));
    if (result_.err.size() > 2 * errorTail) result_.err.erase(0, result_.err.size() - errorTail);
}

void Run::readControl() {
    supervisor::Ending ending;
    const ssize_t size = ::recv(child_->control.get(), &ending, sizeof ending, MSG_DONTWAIT);
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (size != sizeof ending) {
        gone_ = true;
        return;
    }
    programEnded_ = true;
    result_.duration =
        std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - started_);
    result_.status = ending.status;
    using enum ToolResult::Ending;
    if (stage_ == Stage::Running && result_.ending != TooMuchOutput) {
        result_.ending = ending.code == CLD_EXITED ? Exited : Signalled;
        if (ending.over != Limit::None) {
            result_.ending = OverLimit;
            const bool isMemory = ending.over == Limit::Memory;
            result_.over = {ending.over, ending.used,
                            isMemory ? limits_.memory : limits_.processes};
        }
    }
    // What is left is being killed.
    stage_ = Stage::Killing;
    next_ = Clock::now() + killLimit();
}

void Run::pollOnce(int wakeUp) {
    std::array<pollfd, 4> waits = {{{child_->control.get(), POLLIN, 0},
                                    {child_->out.get(), POLLIN, 0},
                                    {child_->err.get(), POLLIN, 0},
                                    {stage_ == Stage::Running ? wakeUp : -1, POLLIN, 0}}};
    ::poll(waits.data(), waits.size(), millisecondsToNext(Clock::now()));
    if (waits[1].revents != 0) readOutput();
    if (waits[2].revents != 0) readErrors();
    if (waits[0].revents != 0) readControl();
    if (waits[3].revents != 0) end(ToolResult::Ending::Stopped, Clock::now());
    checkClock(Clock::now());
    measure(Clock::now());
}

ToolResult Run::follow(const std::stop_token& stop) {
    const Descriptor wakeUp(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    const std::stop_callback onStop(stop, [&wakeUp] { ::eventfd_write(wakeUp.get(), 1); });
    while (!gone_ && !givenUp_) pollOnce(wakeUp.get());
    if (gone_) {  // every writer is dead: what the pipes hold is all there is
        while (child_->out.isOpen()) isReadable(child_->out) ? readOutput() : child_->out.close();
        while (child_->err.isOpen()) isReadable(child_->err) ? readErrors() : child_->err.close();
    }
    if (!programEnded_ &&
        stage_ == Stage::Running) {  // the supervisor itself was killed, and the program with it
        result_.ending = ToolResult::Ending::Signalled;
        result_.status = SIGKILL;
    }
    if (result_.err.size() > errorTail) result_.err.erase(0, result_.err.size() - errorTail);
    judgeEnd();
    return std::move(result_);
}

}  // namespace

Result<ToolResult> RealToolRunner::run(const ToolCall& call, std::stop_token stop) {
    if (call.argv.empty()) return failure(Remedy::Report, "tool_missing", "no program was named");
    if (stop.stop_requested()) {
        ToolResult result;
        result.ending = ToolResult::Ending::Stopped;
        return result;
    }
    const Limits limits = call.sandbox.open ? Limits{} : this->limits();
    const bool hasGroup = groups_ != nullptr && !call.sandbox.open;
    auto group = hasGroup ? groups_->make(limits) : std::nullopt;
    Run run(call, policy_, observer_, limits, std::move(group));
    if (const Result<void> started = run.start(); !started) return std::unexpected(started.error());
    return run.follow(stop);
}

bool RealToolRunner::shows(const Sandbox& sandbox, const fs::path& file) const {
    return policy_.mode != SandboxMode::Strict || sandbox.open ||
           room::shows(room::planOf(sandbox, policy_, {}), file);
}

int landlockVersion() noexcept {
    return landlock::version();
}

}  // namespace driftkeeper
