#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace driftkeeper {

// What a client of TLS says first (RFC 8446 4.1.2, RFC 6066 3): the name of the server it wants.
struct ClientHello {
    enum class Kind {
        Unfinished,  // more bytes are needed
        Other,       // not TLS
        Broken,      // begins as TLS and is none
        Named,       // `server` is the name; empty: it names none
    };
    Kind kind = Kind::Unfinished;
    std::string server;
};

// Of the first bytes of a connection. A hello of more than 64 KiB is broken.
ClientHello clientHello(std::string_view bytes);

}  // namespace driftkeeper
