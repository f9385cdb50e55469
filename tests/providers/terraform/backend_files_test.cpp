#include "providers/terraform/backend_files.hpp"
#include "providers/look/files.hpp"

#include <doctest/doctest.h>

#include "parsers/hcl/hcl.hpp"
#include "tests/support/files.hpp"

using namespace driftkeeper;
using namespace driftkeeper::terraform;

namespace backend_files_test {

TEST_CASE("a backend's settings stand in files that are read as they were given") {
    const tests::TempDir folder;
    std::vector<std::string> names;
    {
        const auto files = BackendFiles::in(
            folder.path(), {"key=a", "password=x\"y\\z${w}%{v}$", "key=b", "prod.hcl", "token=t"});
        REQUIRE(files);
        names = files->names();
        REQUIRE(names.size() == 3);
        CHECK(names[1] == "prod.hcl");
        CHECK((std::filesystem::status(names[0]).permissions() & std::filesystem::perms::all) ==
              std::filesystem::perms(0600));
        CHECK(*fileText(names[0]) == "key = \"b\"\npassword = \"x\\\"y\\\\z$${w}%%{v}$\"\n");
        CHECK(*fileText(names[2]) == "token = \"t\"\n");
    }
    CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("lists and objects of a backend are expressions, but a secret is a text") {
    CHECK(backendAttribute("allowed_account_ids=[\"1\"]") == "allowed_account_ids = [\"1\"]\n");
    CHECK(backendAttribute("assume_role={role_arn=\"a\"}") == "assume_role = {role_arn=\"a\"}\n");
    CHECK(backendAttribute("password={a\n") == "password = \"{a\\u000a\"\n");
    CHECK(backendAttribute("encrypt=true") == "encrypt = \"true\"\n");
    CHECK(backendAttribute("query=a=b") == "query = \"a=b\"\n");
}

}  // namespace backend_files_test
