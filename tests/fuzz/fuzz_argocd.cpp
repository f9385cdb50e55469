// Any text as manifests, and any as what the cluster lists: reading ends, and a partial look has a
// reason.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "parsers/argocd/argocd_kinds.hpp"
#include "parsers/argocd/argocd_look.hpp"
#include "parsers/gitops/message.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace driftkeeper;
    static const ValueTags tags("fuzz");
    const std::string_view text(reinterpret_cast<const char*>(bytes), size);
    const auto half = text.find("\n%%%\n");  // what Git declares, then what is live
    argocd::ArgoLook look{gitops::documentsOf(text.substr(0, half), argocd::argoObjects).objects,
                          {}};
    look.live = half == std::string_view::npos
                    ? look.declared
                    : gitops::documentsOf(text.substr(half + 5), argocd::argoObjects).objects;
    look.all = true;
    const Report report = argocd::readArgo(look, tags);
    if (report.completeness != Completeness::Complete && !report.reason) std::abort();
    if (gitops::summaryOf(text).size() > 210) std::abort();
    return 0;
}
