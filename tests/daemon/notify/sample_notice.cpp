#include "tests/daemon/notify/sample_notice.hpp"

#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace driftkeeper::tests {

TimePoint sampleNow() {
    using namespace std::chrono;
    return sys_days(year(2026) / 11 / 22) + hours(19) + minutes(7);
}

StackObject sampleStack() {
    StackObject stack;
    stack.stack = "infra/prod/network";
    stack.repository = "infra";
    stack.path = "prod/network";
    stack.provider = "terraform";
    stack.workspace = "default";
    stack.owners = {"@org/network"};
    stack.commit = "3f2c9b1e5a7d4c6f8e0a1b2c3d4e5f6a7b8c9d0e";
    stack.verdict = Verdict::Drifted;
    stack.complete = true;
    ShownDrift shown;
    shown.drift.address = "aws_security_group.web";
    shown.drift.type = "aws_security_group";
    shown.drift.side = Side::Live;
    shown.drift.severity = Severity::Critical;
    shown.drift.cause = "out_of_band";
    shown.drift.attributes = {
        {"ingress[0].cidr_blocks[0]", R"("10.0.0.0/8")", R"("0.0.0.0/0")", false}};
    shown.firstSeen = sampleNow() - std::chrono::minutes(5);
    stack.drifts = {shown};
    return stack;
}

Notice sampleNotice(Event event) {
    Notice notice;
    notice.id = "11111111-2222-3333-4444-555555555555";
    notice.event = event;
    notice.incidentId = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";
    notice.opened = sampleNow() - std::chrono::minutes(5);
    notice.severity = Severity::Critical;
    notice.subject = "infra/prod/network";
    notice.stacks = {sampleStack()};
    if (event == Event::Opened)
        notice.openedAddresses = {{notice.subject, "aws_security_group.web", ""}};
    if (event == Event::Resolved) {
        notice.stacks.front().drifts.clear();
        notice.resolvedAddresses = {{notice.subject, "aws_security_group.web", "in_sync"}};
    }
    return notice;
}

Notice hostileNotice(std::size_t count) {
    const std::string hostile =
        "<!channel> <@U123> <http://evil|click> &amp; *b* `code` ```x``` \"quote\" \\ \x1b[31m "
        "\x01 \xff\xfe\n/close "
        "@here "
        "\xe2\x80\xae";
    const std::string hugeValue = '"' + std::string(100'000, '<') + '"';
    Notice notice = sampleNotice();
    notice.subject = notice.text = hostile;
    StackObject& stack = notice.stacks.front();
    stack.stack = stack.workspace = stack.commit = stack.provider = hostile;
    stack.owners.assign(100, hostile);
    stack.drifts.clear();
    for (std::size_t i = 0; i < count; ++i) {
        ShownDrift shown;
        shown.drift.address = fmt::format("{}{}", hostile, i);
        shown.drift.attributes = {
            {hostile, i < 20 ? hugeValue : R"("<")", "null", false},
            {std::string(i < 20 ? 50'000 : 5, '`'), R"("<!here>")", R"("&&&&")", false},
            {"", "[]", "{}", false},
            {"fourth", "1", "2", false}};
        stack.drifts.push_back(shown);
        notice.openedAddresses.push_back({stack.stack, shown.drift.address, ""});
    }
    return notice;
}

ChannelSettings sampleSettings(const ChannelKind& kind, const std::string& url) {
    ChannelSettings settings;
    settings.name = "here";
    settings.kind = &kind;
    for (const OptionSpec& spec : kind.options)
        if (spec.kind == OptionSpec::Kind::SecretUrl ||
            spec.kind == OptionSpec::Kind::SecretMailServer)
            settings.secrets[std::string(spec.key)].value = url;
    return settings;
}

ChannelSettings filledSettings(const ChannelKind& kind, const std::string& url) {
    auto settings = sampleSettings(kind, url);
    for (const OptionSpec& spec : kind.options) {
        if (spec.kind == OptionSpec::Kind::Secret)
            settings.secrets[std::string(spec.key)].value = "secret";
        if (spec.kind == OptionSpec::Kind::Words)
            settings.options[std::string(spec.key)] = {"here"};
    }
    return settings;
}

driftkeeper::HttpRequest rendered(const Channel& channel, const Notice& notice, bool plain,
                                  int step, Memo memo) {
    return std::get<driftkeeper::HttpRequest>(
        channel.render({notice, sampleNow(), plain, step, std::move(memo)}).value());
}

AttemptResult judged(const Channel& channel, const Answer& answer, Event event, int step,
                     Memo memo) {
    const Notice notice = sampleNotice(event);
    return channel.judge({notice, sampleNow(), false, step, std::move(memo)}, answer);
}

Answer answered(int status, std::string body) {
    Answer answer;
    answer.status = status;
    answer.body = std::move(body);
    answer.written = true;
    return answer;
}

SecretFile::SecretFile(std::string_view text) {
    std::string name = (std::filesystem::temp_directory_path() / "secret-XXXXXX").string();
    const int file = ::mkstemp(name.data());
    if (file < 0) throw std::runtime_error("no temporary file");
    ::close(file);
    path_ = name;
    write(text);
}

SecretFile::~SecretFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
}

void SecretFile::write(std::string_view text) const {
    std::ofstream(path_, std::ios::trunc | std::ios::binary) << text;
}

bool isClean(std::string_view text) {
    const bool control = std::any_of(text.begin(), text.end(),
                                     [](char c) { return static_cast<unsigned char>(c) < 0x20; });
    if (control) return false;
    try {
        static_cast<void>(nlohmann::json(std::string(text)).dump());
        return true;
    } catch (const nlohmann::json::exception&) {
        return false;
    }
}

}  // namespace driftkeeper::tests
