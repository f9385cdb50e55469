#pragma once

#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "tests/real/real_world.hpp"

namespace driftkeeper::tests {

// A program of Terraform's family that a test runs over: the folder that it is in comes first on
// PATH.
struct TerraformProgram {
    const char* name;
    std::filesystem::path file;

    [[nodiscard]] bool isTofu() const { return file.filename() == "tofu"; }
};

TerraformProgram terraform18();
TerraformProgram terraformOnPath();
TerraformProgram terraform114();
TerraformProgram openTofu();

// Whether the program, or the mirror of providers that tests/real/build.sh lays out, is not there.
bool isMissing(const TerraformProgram& program);

// Registers void BODY(const TerraformProgram&) for every program, as tests of their own.
#define OVER_ALL_PROGRAMS(BODY, SENTENCE)                               \
    ON_PROGRAM(BODY, terraform18(), "terraform 1.8: " SENTENCE)         \
    ON_PROGRAM(BODY, terraformOnPath(), "terraform on PATH: " SENTENCE) \
    ON_PROGRAM(BODY, terraform114(), "terraform 1.14: " SENTENCE)       \
    ON_PROGRAM(BODY, openTofu(), "tofu: " SENTENCE)
#define ON_PROGRAM(BODY, PROGRAM, SENTENCE)                  \
    TEST_CASE(SENTENCE* doctest::skip(isMissing(PROGRAM))) { \
        BODY(PROGRAM);                                       \
    }

// One stack, app, that uses providers of the real SDKs.
class ProviderWorld : public RealWorld {
public:
    explicit ProviderWorld(const TerraformProgram& program);

    // app/main.tf: a terraform block that requires these, a state outside of the tree, and this.
    // "lab5" and "lab6" are the provider `lab`, already configured.
    void stack(const std::vector<std::string>& providers, const std::string& text) const;
    // init and apply, then the tree is as a fresh clone of it.
    void apply();
    [[nodiscard]] Finished check() const { return RealWorld::check("app"); }

    // Of this provider, there are only these versions from now on; no other provider is there.
    void offerOnly(const std::string& provider, const std::vector<std::string>& versions) const;
    [[nodiscard]] std::filesystem::path cliConfigFile() const { return room() / "terraformrc"; }

    // An object of the lab's cloud, behind Terraform's back; the value is JSON.
    void set(const std::string& object, const std::string& key, std::string_view value) const;
    void remove(const std::string& object) const;
    [[nodiscard]] std::string object(const std::string& object) const;
    void restore(const std::string& object, const std::string& text) const;

private:
    void useMirror(const std::filesystem::path& mirror) const;
    [[nodiscard]] std::filesystem::path file(const std::string& object) const;

    TerraformProgram program_;
};

}  // namespace driftkeeper::tests
