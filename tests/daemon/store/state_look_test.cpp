#include "daemon/store/state_look.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "tests/daemon/store/fixture.hpp"

using namespace driftkeeper;
using namespace driftkeeper::testing;

namespace state_look_test {

TEST_CASE("a look at the state reads all its pages") {
    const TemporaryDirectory place;
    {
        const auto store = must(Store::open(place.path()));
        for (int i = 0; i < 200; ++i)
            must(store->notes.keep("key " + std::to_string(i), std::string(2000, 'x')));
    }
    CHECK(must(lookAtState(place.path())).version.has_value());
    {
        const auto size = std::filesystem::file_size(place.database());
        std::fstream file(place.database(), std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(static_cast<std::streamoff>(size / 2));
        file << std::string(8 * 4096, 'z');
    }
    CHECK(codeOf(lookAtState(place.path())) == "store_damaged");
}

}  // namespace state_look_test
