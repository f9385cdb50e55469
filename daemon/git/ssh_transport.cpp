#include "daemon/git/ssh_transport.hpp"

#include <git2.h>
#include <git2/sys/transport.h>

#include <memory>
#include <string>

#include "daemon/git/ssh_session.hpp"

namespace driftkeeper {

namespace {

// libgit2 sees the bases; both ends live until it frees them.
struct SshStream : git_smart_subtransport_stream {
    std::unique_ptr<SshSession> session;
    bool hasAnswered = false;
};

struct SshTransport : git_smart_subtransport {
    SshStream* stream = nullptr;  // libgit2's
};

int report(const Error& error) {
    git_error_set_str(GIT_ERROR_SSH, error.message.c_str());
    return Attempt::current()->fail(error);
}

std::string quoted(const std::string& path) {
    std::string text = "'";
    for (const char c : path) text += c == '\'' || c == '!' ? std::string("'\\") + c + "'" : std::string(1, c);
    return text + "'";
}

int readStream(git_smart_subtransport_stream* base, char* buffer, size_t size, size_t* count) {
    auto& stream = *static_cast<SshStream*>(base);
    const auto done = stream.session->read({buffer, size});
    if (!done) return report(done.error());
    *count = *done;
    if (*done == 0 && !stream.hasAnswered) {
        const std::string said = scrubbed(stream.session->complaint());
        return report({Remedy::FixSetup, "git_not_found",
                       "the server gives no such repository" + (said.empty() ? "" : ": it answered \"" + said + "\"")});
    }
    stream.hasAnswered = true;
    return 0;
}

int writeStream(git_smart_subtransport_stream* base, const char* bytes, size_t size) {
    const auto done = static_cast<SshStream*>(base)->session->write({bytes, size});
    return done ? 0 : report(done.error());
}

void releaseStream(git_smart_subtransport_stream* base) {
    static_cast<SshTransport*>(base->subtransport)->stream = nullptr;
    delete static_cast<SshStream*>(base);
}

int act(git_smart_subtransport_stream** out, git_smart_subtransport* base, const char*, git_smart_service_t service) {
    auto& transport = *static_cast<SshTransport*>(base);
    if (service == GIT_SERVICE_UPLOADPACK && transport.stream) {
        *out = transport.stream;
        return 0;
    }
    Attempt* attempt = Attempt::current();
    if (service != GIT_SERVICE_UPLOADPACK_LS || !attempt) return -1;
    auto session = SshSession::open(*attempt);
    if (!session) return report(session.error());
    if (auto started = (*session)->run("git-upload-pack " + quoted(attempt->url.path)); !started)
        return report(started.error());
    auto stream = std::make_unique<SshStream>();
    stream->subtransport = base;
    stream->read = readStream;
    stream->write = writeStream;
    stream->free = releaseStream;
    stream->session = std::move(*session);
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
