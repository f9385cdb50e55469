#include "daemon/check/look_notes.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "parsers/text/printable.hpp"

namespace driftkeeper {

void nameSopsFiles(Report& report, const Result<std::vector<std::string>>& files) {
    if (!files) return;
    for (const auto& path : *files)
        report.diagnostics.push_back({Diagnostic::Level::Warning,
                                      "\"" + path +
                                          "\" is encrypted with SOPS: what reads it here needs its "
                                          "key",
                                      ""});
}

void RefusedHosts::watch(Workspace& workspace) {
    if (!workspace.network) return;
    workspace.network->refused = [all = names_](const std::string& host, std::uint16_t port) {
        constexpr std::size_t most = 3;  // a reason is read by people
        all->with([&](auto& names) {
            // The name in a TLS greeting is any bytes.
            if (names.size() < most) names.insert(fmt::format("{}:{}", printable(host), port));
        });
    };
}

void RefusedHosts::nameIn(Report& report) const {
    if (!report.reason) return;
    const auto names = names_->with([](const auto& all) { return all; });
    if (!names.empty())
        report.reason->text +=
            fmt::format("; network.allow does not name {}", fmt::join(names, ", "));
}

}  // namespace driftkeeper
