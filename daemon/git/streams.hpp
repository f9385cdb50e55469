#pragma once

namespace driftkeeper {

// Has libgit2 open its plain and TLS connections through Connection and OpenSSL: the deadline and
// the stop of the current Attempt hold, and each repository has its own CA file. Certificates and
// host names are always verified; TLS 1.2 and 1.3. Call once, before the first fetch.
void registerStreams();

}  // namespace driftkeeper
