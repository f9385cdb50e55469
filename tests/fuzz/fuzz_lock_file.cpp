// Any text: a lock file has the same selections as itself.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "parsers/terraform/lock_file.hpp"

using namespace driftkeeper;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const auto locked = terraform::readLockFile({reinterpret_cast<const char*>(bytes), size});
    if (!terraform::selectionChange(locked, locked).empty()) std::abort();
    return 0;
}
