#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "daemon/notify/channel.hpp"

// What the tests of the channels have in common.
namespace driftkeeper::tests {

// 2026-11-22T19:07:00Z.
TimePoint sampleNow();

// A security group that was opened by hand: one drift with one attribute, in infra/prod/network.
StackObject sampleStack();

// The drift incident of that stack, opened five minutes before sampleNow.
Notice sampleNotice(Event event = Event::Opened);

// `count` drifts whose every text is hostile: control characters, markup, mentions, quotes, invalid
// UTF-8, huge values.
Notice hostileNotice(std::size_t count);

ChannelSettings sampleSettings(const ChannelKind& kind,
                               const std::string& url = "http://127.0.0.1:9/hook");
// With something at every key that the kind needs.
ChannelSettings filledSettings(const ChannelKind& kind, const std::string& url);

Answer answered(int status, std::string body = {});

// What a channel makes of a notice at sampleNow; the test breaks when it fails.
driftkeeper::HttpRequest rendered(const Channel& channel, const Notice& notice, bool plain = false,
                                  int step = 0, Memo memo = {});
// What it makes of the answer to the request for sampleNotice.
AttemptResult judged(const Channel& channel, const Answer& answer, Event event = Event::Opened,
                     int step = 0, Memo memo = {});

// A file that lives as long as this.
class SecretFile {
public:
    explicit SecretFile(std::string_view text);
    ~SecretFile();
    SecretFile(const SecretFile&) = delete;
    SecretFile& operator=(const SecretFile&) = delete;
    void write(std::string_view text) const;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

// Breaks the test when `text` is no valid UTF-8 or holds a raw control character.
bool isClean(std::string_view text);

}  // namespace driftkeeper::tests
