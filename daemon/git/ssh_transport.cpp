#include "daemon/git/ssh_transport.hpp"

#include <git2.h>
#include <git2/sys/transport.h>

#include <memory>

#include "daemon/git/ssh_process.hpp"

namespace driftkeeper {

namespace {

// libgit2 sees the bases; both ends live until it frees them.
struct SshStream : git_smart_subtransport_stream {
    std::unique_ptr<SshProcess> ssh;
};

struct SshTransport : git_smart_subtransport {
    SshStream* stream = nullptr;  // libgit2's
};

int report(const Error& error) {
    git_error_set_str(GIT_ERROR_SSH, error.message.c_str());
    return Attempt::current()->fail(error);
}

int readStream(git_smart_subtransport_stream* base, char* buffer, size_t size, size_t* count) {
    auto& stream = *static_cast<SshStream*>(base);
    const auto done = stream.ssh->read({buffer, size});
    if (!done) return report(done.error());
    *count = *done;
    Attempt::current()->hear({buffer, *done});
    return 0;
}

int writeStream(git_smart_subtransport_stream* base, const char* bytes, size_t size) {
    const auto done = static_cast<SshStream*>(base)->ssh->write({bytes, size});
    return done ? 0 : report(done.error());
}

void releaseStream(git_smart_subtransport_stream* base) {
    static_cast<SshTransport*>(base->subtransport)->stream = nullptr;
    delete static_cast<SshStream*>(base);
}

int act(git_smart_subtransport_stream** out, git_smart_subtransport* base, const char*,
        git_smart_service_t service) {
    auto& transport = *static_cast<SshTransport*>(base);
    if (service == GIT_SERVICE_UPLOADPACK && transport.stream) {
        *out = transport.stream;
        return 0;
    }
    Attempt* attempt = Attempt::current();
    if (service != GIT_SERVICE_UPLOADPACK_LS || !attempt) return -1;
    auto ssh = SshProcess::start(*attempt);
    if (!ssh) return report(ssh.error());
    auto stream = std::make_unique<SshStream>();
    stream->subtransport = base;
    stream->read = readStream;
    stream->write = writeStream;
    stream->free = releaseStream;
    stream->ssh = std::move(*ssh);
    *out = transport.stream = stream.release();
    return 0;
}

int makeSubtransport(git_smart_subtransport** out, git_transport*, void*) {
    auto transport = std::make_unique<SshTransport>();
    transport->action = act;
    transport->close = [](git_smart_subtransport*) { return 0; };
    transport->free = [](git_smart_subtransport* base) { delete static_cast<SshTransport*>(base); };
    *out = transport.release();
    return 0;
}

}  // namespace

int makeSshTransport(git_transport** out, git_remote* owner, void*) {
    git_smart_subtransport_definition definition{makeSubtransport, 0, nullptr};
    return git_transport_smart(out, owner, &definition);
}

}  // namespace driftkeeper
