#include "daemon/store/reserve.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/resource.h>

#include "tests/daemon/store/fixture.hpp"

using namespace driftkeeper;
using namespace driftkeeper::testing;

namespace reserve_test {
namespace {

// No file may grow beyond this while it lives.
class SizeLimit {
public:
    explicit SizeLimit(rlim_t most) : handler_(::signal(SIGXFSZ, SIG_IGN)) {
        REQUIRE(::getrlimit(RLIMIT_FSIZE, &before_) == 0);
        const rlimit limit{most, before_.rlim_max};
        REQUIRE(::setrlimit(RLIMIT_FSIZE, &limit) == 0);
    }
    SizeLimit(const SizeLimit&) = delete;
    ~SizeLimit() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        ::signal(SIGXFSZ, handler_);
    }

private:
    rlimit before_{};
    sighandler_t handler_;
};

}  // namespace

TEST_CASE("the reserve is a mebibyte that can be given up and taken back") {
    const TemporaryDirectory place;
    const auto file = place.path() / "driftkeeper.reserve";
    must(keepReserve(place.path()));
    must(keepReserve(place.path()));
    CHECK(std::filesystem::file_size(file) == 1U << 20U);
    spendReserve(place.path());
    CHECK_FALSE(std::filesystem::exists(file));
    must(keepReserve(place.path()));
    CHECK(std::filesystem::exists(file));
}

TEST_CASE("a reserve that finds no room leaves nothing behind") {
    const TemporaryDirectory place;
    const SizeLimit limit(512U << 10U);
    CHECK(codeOf(keepReserve(place.path())) == "store_full");
    CHECK(std::filesystem::is_empty(place.path()));
}

TEST_CASE("a limit of file size is a full disk") {
    const TemporaryDirectory place;
    const auto store = must(Store::open(place.path()));
    CHECK_FALSE(store->trouble().has_value());
    {
        const SizeLimit limit(64U << 10U);
        CHECK(codeOf(store->notes.keep("key", std::string(1U << 20U, 'x'))) == "store_full");
    }
    CHECK(store->trouble().value().code == "store_full");
    must(store->notes.keep("key", "x"));
    CHECK(store->trouble().has_value());
    store->endTrouble();
    CHECK_FALSE(store->trouble().has_value());
}

}  // namespace reserve_test
