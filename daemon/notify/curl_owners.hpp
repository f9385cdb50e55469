#pragma once

#include <memory>
#include <string>

#include "daemon/notify/channel.hpp"

struct curl_slist;

// What the clients of libcurl have in common.
namespace driftkeeper {

struct CurlRelease {
    void operator()(void* handle) const noexcept;
    void operator()(curl_slist* list) const noexcept;
};
using CurlHandle = std::unique_ptr<void, CurlRelease>;
using CurlList = std::unique_ptr<curl_slist, CurlRelease>;

// The answer of a request that was never sent.
Answer unsent(std::string error);

}  // namespace driftkeeper
