// Any text: a template, the file of its parameters and the answers of the CLI are read or refused,
// and what was read resolves, compares and draws without end or crash; a template differs from
// itself in nothing.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "parsers/cloudformation/classify.hpp"
#include "parsers/cloudformation/discovery.hpp"
#include "parsers/cloudformation/graph.hpp"
#include "parsers/cloudformation/parameters_file.hpp"

using namespace driftkeeper;
using namespace driftkeeper::cloudformation;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(bytes), size);
    (void)readStackSettings(text);
    (void)serviceErrorIn(text);
    (void)discover({{"a/b.yaml", std::string(text)}, {"a/c.json", std::string(text)}});
    const auto source = readTemplate(text);
    const auto drifts = readResourceDrifts(text);
    if (!source && !drifts) return 0;
    StackSides sides;
    sides.stack.id = "arn:aws:cloudformation:r:1:stack/s/1";
    if (source) sides.deployed = sides.git = *source;
    // A deployed stack has a value for every parameter.
    for (const auto& [name, parameter] : sides.deployed.parameters)
        sides.stack.parameters[name].value =
            parameter.noEcho ? "****" : parameter.defaultValue.value_or("given");
    for (const auto& [id, resource] : sides.deployed.resources)
        sides.resources.push_back({id, "p-" + id, resource.type, "CREATE_COMPLETE", ""});
    const ValueTags tags("key");
    if (!classify(sides, true, tags).empty()) std::abort();
    if (drifts) {
        sides.checked = drifts->drifts;
        for (const auto& one : sides.checked)
            sides.resources.push_back({one.logicalId, "p", "T::T", "", ""});
    }
    sides.git = {};
    classify(sides, true, tags);
    ResourceGraph graph;
    addToGraph(graph, sides);
    return 0;
}
