#include <cstdint>
#include <string_view>

#include "parsers/kubernetes/compare.hpp"
#include "parsers/kubernetes/discovery.hpp"
#include "parsers/kubernetes/documents.hpp"
#include "parsers/kubernetes/manifest.hpp"
#include "parsers/kubernetes/quantity.hpp"
#include "parsers/kubernetes/relations.hpp"

// The objects in a text, each against each, and the same text as manifests of a repository.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace driftkeeper;
    using namespace driftkeeper::kubernetes;
    static const ValueTags tags("fuzz");
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto objects = readObjects(text, tags)) {
        static_cast<void>(graphOf(*objects, "https://example.com"));
        for (const Object& git : *objects)
            for (const Object& live : *objects) {
                if (objects->size() > 4) break;
                static_cast<void>(compare({git, live, nullptr, "kubectl"}, tags));
                static_cast<void>(
                    compare({git, live, &live, "kubectl", GitSince::Changed, true}, tags));
            }
    }
    for (const std::string_view document : yamlDocuments(text))
        static_cast<void>(objectFromYaml(document, tags));
    static_cast<void>(discoverStacks(
        {{"a/kustomization.yaml", std::string(text)}, {"a/b.yaml", std::string(text)}}));
    static_cast<void>(sameQuantity(text.substr(0, size / 2), text.substr(size / 2)));
    return 0;
}
