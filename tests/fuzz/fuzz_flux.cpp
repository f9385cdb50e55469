// Any text as manifests, and any as what the cluster lists: reading ends, and what is told is
// bounded.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "parsers/flux/flux_kinds.hpp"
#include "parsers/flux/flux_look.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace driftkeeper;
    static const ValueTags tags("fuzz");
    const std::string_view text(reinterpret_cast<const char*>(bytes), size);
    const auto half = text.find("\n%%%\n");  // what Git declares, then what is live
    flux::FluxLook look{gitops::documentsOf(text.substr(0, half), flux::fluxObjects).objects, {}};
    look.live = half == std::string_view::npos
                    ? look.declared
                    : gitops::documentsOf(text.substr(half + 5), flux::fluxObjects).objects;
    look.all = true;
    const Report report = flux::readFlux(look, tags);
    for (const auto& trouble : report.reconcilers)
        if (trouble.code.empty() || trouble.text.empty()) std::abort();
    if (report.completeness != Completeness::Complete && !report.reason) std::abort();
    static_cast<void>(flux::discoverFlux(
        {{"a/b.yaml", std::string(text)}, {"a/kustomization.yaml", std::string(text)}}));
    static_cast<void>(flux::inventoryName(text));
    return 0;
}
