#include <cstdint>
#include <string_view>

#include "parsers/terraform/state.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace driftkeeper;
    static const ValueTags tags("fuzz");
    static_cast<void>(
        terraform::readPlanFileStates({reinterpret_cast<const char*>(data), size}, tags));
    return 0;
}
