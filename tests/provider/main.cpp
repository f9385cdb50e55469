#include <fmt/format.h>
#include <grpcpp/grpcpp.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <future>

#include "tests/provider/box_provider.hpp"
#include "tests/provider/controller.grpc.pb.h"
#include "tests/provider/handshake.hpp"

namespace {

class Controller final : public plugin::GRPCController::Service {
public:
    grpc::Status Shutdown(grpc::ServerContext*, const plugin::Nothing*, plugin::Nothing*) override {
        if (!asked_.exchange(true)) over.set_value();
        return grpc::Status::OK;
    }

    std::promise<void> over;

private:
    std::atomic<bool> asked_ = false;
};

void serve() {
    const driftkeeper::box::Handshake handshake;
    driftkeeper::box::BoxProvider provider;
    Controller controller;
    grpc::ServerBuilder builder;
    builder.AddListeningPort("unix:" + handshake.socket(), handshake.credentials());
    builder.RegisterService(&provider);
    builder.RegisterService(&controller);
    builder.SetMaxReceiveMessageSize(256 << 20);
    const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
    if (server == nullptr) throw std::runtime_error("cannot listen on " + handshake.socket());
    fmt::print("{}", handshake.line());
    std::fflush(stdout);
    controller.over.get_future().wait();
    server->Shutdown(std::chrono::system_clock::now() + std::chrono::milliseconds(50));
    unlink(handshake.socket().c_str());
}

}  // namespace

int main() {
    // Ctrl-C reaches the whole process group; it is the host who decides then.
    std::signal(SIGINT, SIG_IGN);
    const rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
    try {
        serve();
    } catch (const std::exception& error) {
        fmt::print(stderr, "{}\n", error.what());
        _exit(1);
    }
    _exit(0);  // a read that still sleeps keeps nobody waiting
}
