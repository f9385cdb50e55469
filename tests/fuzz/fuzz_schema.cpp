#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "parsers/terraform/schema.hpp"

// What is kept between checks reads back as it was.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace driftkeeper::terraform;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto schemas = parseSchemas(text, {"box_item"});
    if (schemas && schemasFromText(toText(*schemas)) != *schemas) std::abort();
    static_cast<void>(schemasFromText(text));
    return 0;
}
