#include "tests/support/terraform_world.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace driftkeeper::tests {
namespace fs = std::filesystem;

TerraformWorld::TerraformWorld(fs::path stack, Mirror mirror)
    : stack_(stack.empty() ? room_ / "stack" : std::move(stack)), mirror_(mirror) {
    try {
        outputOf({"terraform", "version"});
    } catch (const std::exception& error) {
        throw std::runtime_error(
            fmt::format("this test needs terraform on PATH, which Debian does not package: install "
                        "it by hand ({})",
                        error.what()));
    }
    if (!fs::exists(cliConfigFile()))
        throw std::runtime_error("build the target test_provider_mirror first");
    fs::create_directories(stack_);
    fs::create_directories(live() / "lookup");
    fs::create_directories(stateFile().parent_path());
}

fs::path TerraformWorld::cliConfigFile() const {
    const std::string folder =
        mirror_ == Mirror::Packed ? "provider-mirror-zip" : "provider-mirror";
    return fs::path(DRIFTKEEPER_BINARY_DIR) / folder / "terraformrc";
}

Environment TerraformWorld::env() const {
    return {{"TF_CLI_CONFIG_FILE", cliConfigFile().string()},
            {"TF_DATA_DIR", (room_ / "data").string()},
            {"TF_IN_AUTOMATION", "1"},
            {"CHECKPOINT_DISABLE", "1"}};
}

std::string TerraformWorld::header(const std::string& providerSettings,
                                   const std::string& version) const {
    return fmt::format(R"(terraform {{
  required_providers {{
    box = {{
      source  = "driftkeeper/box"
      version = "{}"
    }}
  }}
  backend "local" {{ path = "{}" }}
}}

provider "box" {{
  directory = "{}"
  {}
}}
)",
                       version, stateFile().string(), live().string(), providerSettings);
}

void TerraformWorld::write(std::string_view text, const fs::path& file) const {
    if (!fs::exists(stack_ / "stack.tf") && file != "stack.tf")
        writeFile(stack_ / "stack.tf", header());
    writeFile(stack_ / file, text);
}

Finished TerraformWorld::terraform(std::vector<std::string> arguments,
                                   std::chrono::milliseconds timeout) const {
    arguments.insert(arguments.begin(), "terraform");
    return run(arguments, {.cwd = stack_, .env = env(), .timeout = timeout});
}

void TerraformWorld::init() const {
    outputOf({"terraform", "init", "-input=false", "-no-color"}, {.cwd = stack_, .env = env()});
}

void TerraformWorld::apply() const {
    init();
    outputOf({"terraform", "apply", "-input=false", "-no-color", "-auto-approve"},
             {.cwd = stack_, .env = env()});
}

TerraformWorld::Planned TerraformWorld::plan() const {
    const std::string out = room_ / "plan";
    fs::remove(out);
    const Finished planned =
        terraform({"plan", "-input=false", "-lock=false", "-json", "-out=" + out});
    const std::string json = fs::exists(out) ? terraform({"show", "-json", out}).out : "";
    return {planned.status, json, planned.out};
}

std::string TerraformWorld::object(const std::string& id) const {
    return readFile(file(id));
}

bool TerraformWorld::exists(const std::string& id) const {
    return fs::exists(file(id));
}

void TerraformWorld::edit(const std::string& id, std::string_view from, std::string_view to) const {
    replaceFile(file(id), replaced(object(id), from, to));
}

void TerraformWorld::set(const std::string& id, const std::string& key,
                         std::string_view json) const {
    std::string text = object(id);
    const std::string name = fmt::format("\n  \"{}\": ", key);
    const std::size_t place = text.find(name);
    if (place == std::string::npos) {
        replaceFile(file(id), replaced(text, "{", fmt::format("{{{}{},", name, json)));
        return;
    }
    const std::size_t start = place + name.size();
    std::size_t end = text.find(",\n  \"", start);  // the next key of the same depth
    if (end == std::string::npos) end = text.find("\n}", start);
    replaceFile(file(id), text.replace(start, end - start, json));
}

void TerraformWorld::create(const std::string& id, std::string_view json) const {
    replaceFile(file(id), json);
}

void TerraformWorld::remove(const std::string& id) const {
    if (!fs::remove(file(id))) throw std::runtime_error("there is no live object " + id);
}

void TerraformWorld::lookup(const std::string& key, std::string_view value) const {
    writeFile(live() / "lookup" / key, value);
}

void TerraformWorld::behave(std::string_view json) const {
    writeFile(live() / "behaviour.json", json);
}

}  // namespace driftkeeper::tests
