// A unit whose file, include and expressions are whatever the input says: read without end or
// crash.
#include <cstdint>
#include <string>

#include "parsers/terragrunt/discovery.hpp"

using namespace driftkeeper;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    (void)terragrunt::discoverStacks(
        {{"live/app/terragrunt.hcl", text},
         {"live/db/terragrunt.hcl", "include {\n path = find_in_parent_folders(\"root.hcl\")\n}"},
         {"root.hcl", text},
         {"live/app/main.tf", text}});
    return 0;
}
