#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <mutex>
#include <string>

#include "tests/provider/behaviour.hpp"
#include "tests/provider/live_objects.hpp"
#include "tests/provider/plugin6.grpc.pb.h"

namespace driftkeeper::box {

// The provider that terraform talks to: the resources of `resourceSchema`, data source box_lookup.
// Calls may come at the same time.
class BoxProvider final : public tfplugin6::Provider::Service {
public:
    template <class T>
    using Call = const T*;
    using Context = grpc::ServerContext;
    using Status = grpc::Status;

    Status GetProviderSchema(Context*, Call<tfplugin6::SchemaQuery>,
                             tfplugin6::SchemaAnswer*) override;
    Status ValidateProviderConfig(Context*, Call<tfplugin6::ProviderConfigCheck>,
                                  tfplugin6::ProviderConfigVerdict*) override;
    Status ValidateResourceConfig(Context*, Call<tfplugin6::ConfigCheck>,
                                  tfplugin6::Verdict*) override;
    Status ValidateDataResourceConfig(Context*, Call<tfplugin6::ConfigCheck>,
                                      tfplugin6::Verdict*) override;
    Status UpgradeResourceState(Context*, Call<tfplugin6::UpgradeCall>,
                                tfplugin6::UpgradeAnswer*) override;
    Status ConfigureProvider(Context*, Call<tfplugin6::ConfigureCall>,
                             tfplugin6::Verdict*) override;
    Status ReadResource(Context*, Call<tfplugin6::ReadCall>, tfplugin6::ReadAnswer*) override;
    Status PlanResourceChange(Context*, Call<tfplugin6::PlanCall>, tfplugin6::PlanAnswer*) override;
    Status ApplyResourceChange(Context*, Call<tfplugin6::ApplyCall>,
                               tfplugin6::ApplyAnswer*) override;
    Status ImportResourceState(Context*, Call<tfplugin6::ImportCall>,
                               tfplugin6::ImportAnswer*) override;
    Status ReadDataSource(Context*, Call<tfplugin6::LookupCall>, tfplugin6::LookupAnswer*) override;
    Status StopProvider(Context*, Call<tfplugin6::StopCall>, tfplugin6::StopAnswer*) override;

private:
    struct World {
        LiveObjects objects;
        Behaviour behaviour;
    };

    // What ConfigureProvider set up; throws before that.
    std::shared_ptr<const World> world() const;

    mutable std::mutex mutex_;
    std::shared_ptr<const World> world_;
};

}  // namespace driftkeeper::box
