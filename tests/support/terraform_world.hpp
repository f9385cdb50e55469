#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/files.hpp"
#include "tests/support/run.hpp"

namespace driftkeeper::tests {

// One stack for real terraform, its state, and the "cloud" in which the test provider
// (tests/provider) keeps its objects. Only the stack's folder may be given, for example inside a
// GitWorld; state and cloud are this world's own, as absolute paths, so the stack works from any
// folder. Throws std::runtime_error, also when terraform is not on PATH.
class TerraformWorld {
public:
    enum class Mirror { Unpacked, Packed };

    explicit TerraformWorld(std::filesystem::path stack = {}, Mirror mirror = Mirror::Unpacked);

    const std::filesystem::path& stack() const { return stack_; }
    std::filesystem::path stateFile() const { return room_ / "state/terraform.tfstate"; }
    std::filesystem::path live() const { return room_ / "live"; }
    std::filesystem::path cliConfigFile() const;
    // What terraform needs to find the provider, and keeps its data outside of the stack.
    Environment env() const;

    // stack.tf: required provider, local backend with an absolute path, provider block with these
    // further settings.
    std::string header(const std::string& providerSettings = {},
                       const std::string& version = ">= 1.0.0, < 1.1.0") const;
    // A .tf file of the stack. The header is written along with the first one, as stack.tf.
    void write(std::string_view text, const std::filesystem::path& file = "main.tf") const;

    Finished terraform(std::vector<std::string> arguments,
                       std::chrono::milliseconds timeout = std::chrono::minutes(1)) const;
    // Both throw when terraform fails.
    void init() const;
    void apply() const;  // with init
    // plan -out and show -json of it: the exit status of plan, the JSON (empty without a plan
    // file), the stream.
    struct Planned {
        int status = 0;
        std::string json;
        std::string stream;
    };
    Planned plan() const;

    // --- behind Terraform's back; TYPE is box_item ---
    std::string object(const std::string& id) const;  // its JSON, pretty, one top-level key a line
    bool exists(const std::string& id) const;
    // Replaces the text once; throws when it is not there.
    void edit(const std::string& id, std::string_view from, std::string_view to) const;
    // Gives a top-level key a new value (JSON text); all other text stays as it is. A new key is
    // added.
    void set(const std::string& id, const std::string& key, std::string_view json) const;
    void create(const std::string& id, std::string_view json) const;
    void remove(const std::string& id) const;
    void lookup(const std::string& key,
                std::string_view value) const;  // what data box_lookup finds
    // The misbehaviour from now on (JSON object of provider settings); {} ends it.
    void behave(std::string_view json) const;

private:
    std::filesystem::path file(const std::string& id) const {
        return live() / "box_item" / (id + ".json");
    }

    TempDir room_;
    std::filesystem::path stack_;
    Mirror mirror_;
};

}  // namespace driftkeeper::tests
