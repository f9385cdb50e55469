#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>

#include "tests/daemon/notify/sample_notice.hpp"
#include "tests/peers/peer.hpp"

namespace driftkeeper::tests {

inline std::string inLowerCase(std::string text) {
    std::ranges::transform(text, text.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

// A request as the peer receives it.
inline HttpRequest received(const driftkeeper::HttpRequest& sent) {
    HttpRequest request;
    request.method = sent.method;
    request.target =
        sent.url.substr(std::min(sent.url.find('/', sent.url.find("//") + 2), sent.url.size()));
    request.body = sent.body;
    for (const auto& [name, value] : sent.headers)
        request.headers.emplace(inLowerCase(name), value);
    return request;
}

// Sends the notice to the peer, request by request, as the outbox does; `memo` goes on from one
// notice of an incident to the next. The test breaks when the peer complains.
inline AttemptResult deliver(const Channel& channel, Peer& peer, const Notice& notice, Memo& memo,
                             bool plain = false) {
    constexpr int mostSteps = 10;
    for (int step = 0; step < mostSteps; ++step) {
        const Sending sending{notice, sampleNow(), plain, step, memo};
        const auto request = std::get<driftkeeper::HttpRequest>(channel.render(sending).value());
        const auto known = peer.complaints().size();
        const auto answer = peer.answer(received(request));
        for (std::size_t i = known; i < peer.complaints().size(); ++i)
            FAIL_CHECK(peer.complaints()[i]);
        Answer got;
        got.status = answer.status;
        got.body = answer.body;
        for (const auto& [name, value] : answer.headers)
            got.headers.emplace(inLowerCase(name), value);
        const auto result = channel.judge(sending, got);
        if (result.memo) memo = *result.memo;
        if (!result.more) return result;
    }
    FAIL("a delivery of more than ten requests");
    return {};
}

}  // namespace driftkeeper::tests
