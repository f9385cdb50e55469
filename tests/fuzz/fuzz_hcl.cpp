// Any text: reading ends, and what was read can be read again.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "parsers/hcl/hcl.hpp"
#include "parsers/terraform/configuration.hpp"

using namespace driftkeeper;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(bytes), size);
    hcl::read(text);
    hcl::traversals(text);
    hcl::tupleElements(text);
    hcl::objectMembers(text);
    hcl::strings(text);
    terraform::discoverStacks({{"a/main.tf", text}, {"b/main.tf.json", text}});
    return 0;
}
