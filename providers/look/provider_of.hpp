#pragma once

#include <memory>
#include <utility>

#include "providers/look/provider.hpp"

namespace driftkeeper {

// A provider whose look is one call: look(workspace, lastClean, stop) gives the report. What looks
// share (the versions of programs, say) is the callable's own; it is called by several threads at
// once.
template <class Look>
class ProviderOf final : public Provider {
public:
    ProviderOf(std::string_view name, Look look) : name_(name), look_(std::move(look)) {}

    [[nodiscard]] std::string_view name() const noexcept override { return name_; }

    Report inspect(const Workspace& workspace, const std::optional<LastClean>& lastClean,
                   std::stop_token stop) override {
        return look_(workspace, lastClean, std::move(stop));
    }

private:
    const std::string_view name_;
    Look look_;
};

// `name` outlives it: a literal.
template <class Look>
std::unique_ptr<Provider> providerOf(std::string_view name, Look look) {
    return std::make_unique<ProviderOf<Look>>(name, std::move(look));
}

}  // namespace driftkeeper
