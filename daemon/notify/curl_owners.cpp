#include "daemon/notify/curl_owners.hpp"

#include <curl/curl.h>

#include <utility>

namespace driftkeeper {

void CurlRelease::operator()(void* handle) const noexcept {
    curl_easy_cleanup(handle);
}

void CurlRelease::operator()(curl_slist* list) const noexcept {
    curl_slist_free_all(list);
}

Answer unsent(std::string error) {
    Answer answer;
    answer.error = std::move(error);
    return answer;
}

}  // namespace driftkeeper
