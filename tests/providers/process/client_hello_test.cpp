#include "providers/process/client_hello.hpp"

#include <doctest/doctest.h>

#include <string>

#include "parsers/text/encoding.hpp"
#include "providers/process/real_tool_runner.hpp"

using namespace driftkeeper;
using Kind = ClientHello::Kind;

namespace client_hello_test {
namespace {

// What Python's ssl (OpenSSL) says first.
std::string greetingFor(const std::string& server) {
    ToolCall call;
    call.argv = {"python3", "-c",
                 R"(
import ssl, sys
into, out = ssl.MemoryBIO(), ssl.MemoryBIO()
context = ssl.create_default_context()
context.check_hostname = False
peer = context.wrap_bio(into, out, server_hostname=sys.argv[1] or None)
try: peer.do_handshake()
except ssl.SSLWantReadError: pass
sys.stdout.buffer.write(out.read())
)",
                 server};
    call.environment = {{"PATH", "/usr/bin:/bin"}};
    call.directory = "/";
    call.sandbox.open = true;
    const auto result = RealToolRunner().run(call, {});
    REQUIRE(result);
    REQUIRE_MESSAGE(result->status == 0, result->err);
    return result->out;
}

}  // namespace

TEST_CASE("the name that a TLS client asks for is found in its greeting") {
    const ClientHello hello = clientHello(greetingFor("api.example.com"));
    CHECK(hello.kind == Kind::Named);
    CHECK(hello.server == "api.example.com");
    const ClientHello nameless = clientHello(greetingFor(""));
    CHECK(nameless.kind == Kind::Named);
    CHECK(nameless.server.empty());
}

TEST_CASE("a greeting may come in any pieces, and in many records") {
    const std::string whole = greetingFor("api.example.com");
    for (std::size_t size = 0; size < whole.size(); ++size)
        CHECK(clientHello(whole.substr(0, size)).kind == Kind::Unfinished);
    std::string pieces;
    for (const char byte : whole.substr(5)) pieces += std::string("\x16\x03\x01\0\x01", 5) + byte;
    CHECK(clientHello(pieces).server == "api.example.com");
}

TEST_CASE("what is no TLS is something else, and what only begins like it is broken") {
    CHECK(clientHello("SSH-2.0-OpenSSH_9.2\r\n").kind == Kind::Other);
    CHECK(clientHello(std::string("\x16\x02", 2) + std::string(20, 'x')).kind == Kind::Broken);
    std::string broken = greetingFor("api.example.com");
    broken[5] = 2;  // a server's greeting
    CHECK(clientHello(broken).kind == Kind::Broken);
    std::string cut = greetingFor("api.example.com");
    cut[cut.find("api.example.com") - 1] = 99;  // longer than what is left of the list
    CHECK(clientHello(cut).kind == Kind::Broken);
    CHECK(clientHello(std::string("\x16\x03\x01\0\0", 5)).kind == Kind::Broken);
    std::string endless = std::string("\x16\x03\x01\xff\xff\x01\xff\xff\xff", 9);
    CHECK(clientHello(endless).kind == Kind::Broken);
}

}  // namespace client_hello_test
