#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "parsers/terraform/plan_stream.hpp"

// Where the stream is cut changes nothing.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using driftkeeper::terraform::PlanStream;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    PlanStream whole;
    whole.feed(text);
    whole.finish();
    PlanStream pieces;
    const auto cut = size == 0 ? 0 : data[0] % size;
    pieces.feed(text.substr(0, cut));
    pieces.feed(text.substr(cut));
    pieces.finish();
    const bool same = whole.provesNoChange() == pieces.provesNoChange() &&
                      whole.refreshed() == pieces.refreshed() &&
                      whole.diagnostics().size() == pieces.diagnostics().size();
    if (!same) std::abort();
    return 0;
}
