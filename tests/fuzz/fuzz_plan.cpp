#include <cstdint>
#include <string>

#include "parsers/terraform/plan.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace driftkeeper;
    using namespace driftkeeper::terraform;
    static const ValueTags tags("fuzz");
    PlanContext context;
    context.source = size % 2 == 0 ? SourceSince::Unchanged : SourceSince::Changed;
    context.ignoreChanges = {{"box_item.a", {"content"}}, {"box_item.b", {"all"}}};
    context.locals = {{"", {{"a", {"local.b", "data.box_lookup.image"}}, {"b", {"local.a"}}}}};
    context.schemas = [](const std::vector<std::string>&) -> Result<ResourceSchemas> {
        return ResourceSchemas{{"box_item", {{"owner", {.optional = true, .computed = true}}}}};
    };
    static_cast<void>(
        readPlan(std::string(reinterpret_cast<const char*>(data), size), context, tags));
    return 0;
}
