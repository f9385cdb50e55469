#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#ifdef __SANITIZE_ADDRESS__
// libgit2 1.5 loses a compiled pattern for each repository whose format it refuses (sha256).
extern "C" const char* __lsan_default_suppressions() {
    return "leak:libpcre2";
}
#endif

#ifdef __SANITIZE_THREAD__
// glibc guards the time zone by a lock of its own, which ThreadSanitizer does not see.
extern "C" const char* __tsan_default_suppressions() {
    return "race:tzset_internal\n";
}
#endif
