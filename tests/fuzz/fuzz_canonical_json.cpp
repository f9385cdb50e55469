#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "parsers/json/json.hpp"
#include "parsers/json/json_cursor.hpp"
#include "parsers/json/json_string.hpp"

// What is canonical stays as it is, and the cursor gets through whatever the reader accepts.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace driftkeeper;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    JsonCursor cursor(text);
    cursor.skip();
    const bool walked = cursor.finished();
    const auto once = canonicalJson(text);
    if (once && (!walked || canonicalJson(*once) != *once)) std::abort();
    if (!canonicalJson(jsonString(text))) std::abort();
    return 0;
}
