#include "tests/real/provider_world.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace driftkeeper::tests {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

fs::path real() {
    return realPrograms().parent_path();
}

struct Provider {
    const char* name;
    const char* local;
    const char* source;
};

constexpr Provider known[] = {
    {"lab5", "lab", "driftkeeper/lab5"},       {"lab6", "lab", "driftkeeper/lab6"},
    {"labhuge", "lab", "driftkeeper/labhuge"}, {"archive", "archive", "hashicorp/archive"},
    {"null", "null", "hashicorp/null"},        {"time", "time", "hashicorp/time"},
};

const Provider& providerOf(const std::string& name) {
    for (const auto& one : known)
        if (one.name == name) return one;
    throw std::runtime_error("no provider " + name);
}

std::string textOf(const fs::path& file) {
    std::ifstream in(file);
    if (!in) throw std::runtime_error("cannot read " + file.string());
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

}  // namespace

TerraformProgram terraform18() {
    return {"terraform 1.8", real() / "terraform-1.8/terraform"};
}

TerraformProgram terraformOnPath() {
    for (const char* folder : {"/usr/local/bin", "/usr/bin", "/bin"})
        if (fs::exists(fs::path(folder) / "terraform"))
            return {"terraform", fs::path(folder) / "terraform"};
    return {"terraform", {}};
}

TerraformProgram terraform114() {
    return {"terraform 1.14", real() / "terraform-1.14/terraform"};
}

TerraformProgram openTofu() {
    return {"tofu", real() / "bin/tofu"};
}

bool isMissing(const TerraformProgram& program) {
    std::error_code error;
    return !fs::exists(program.file, error) || !fs::exists(real() / "mirror", error);
}

ProviderWorld::ProviderWorld(const TerraformProgram& program) : program_(program) {
    useMirror(real() / "mirror");
    setVariable("TF_CLI_CONFIG_FILE", cliConfigFile().string());
    setVariable("PATH", program.file.parent_path().string() + ":/usr/local/bin:/usr/bin:/bin");
    write(".gitignore", ".terraform/\n.terraform.lock.hcl\nbuild/\n");
    if (program.isTofu()) write("app/.opentofu-version", "1.12.6\n");
}

void ProviderWorld::useMirror(const fs::path& mirror) const {
    std::ofstream(cliConfigFile())
        << "provider_installation {\n  filesystem_mirror {\n    path = \"" << mirror.string()
        << "\"\n  }\n}\n";
}

void ProviderWorld::offerOnly(const std::string& provider,
                              const std::vector<std::string>& versions) const {
    const fs::path mirror = room() / "mirror";
    for (const auto& version : versions) {
        const fs::path folder = mirror / "registry.terraform.io" / providerOf(provider).source /
                                version / "linux_amd64";
        fs::create_directories(folder);
        fs::copy_file(real() / "provider/provider",
                      folder / ("terraform-provider-" + provider + "_v" + version),
                      fs::copy_options::skip_existing);
    }
    useMirror(mirror);
}

void ProviderWorld::stack(const std::vector<std::string>& providers,
                          const std::string& text) const {
    std::string required;
    std::string configured;
    for (const auto& name : providers) {
        const auto& one = providerOf(name);
        required += std::string("  ") + one.local + " = { source = \"registry.terraform.io/" +
                    one.source + "\" }\n";
        if (one.local == std::string_view("lab"))
            configured =
                "provider \"lab\" {\n  directory = \"" + (room() / "lab").string() + "\"\n}\n";
    }
    write("app/main.tf", "terraform {\n required_providers {\n" + required + " }\n}\n" +
                             configured + localBackend(state("app")) + text);
}

void ProviderWorld::apply() {
    commit();
    must({program_.file.string(), "init", "-input=false"}, "app");
    must({program_.file.string(), "apply", "-input=false", "-auto-approve"}, "app");
    commit();
    must({"git", "clean", "-fdxq"});
}

fs::path ProviderWorld::file(const std::string& object) const {
    return room() / "lab" / (object + ".json");
}

void ProviderWorld::set(const std::string& object, const std::string& key,
                        std::string_view value) const {
    auto all = fs::exists(file(object)) ? Json::parse(textOf(file(object))) : Json::object();
    all[key] = Json::parse(value);
    fs::create_directories(file(object).parent_path());
    std::ofstream(file(object)) << all.dump(1);
}

void ProviderWorld::remove(const std::string& object) const {
    if (!fs::remove(file(object))) throw std::runtime_error("no object " + object);
}

void ProviderWorld::restore(const std::string& object, const std::string& text) const {
    std::ofstream(file(object)) << text;
}

std::string ProviderWorld::object(const std::string& object) const {
    return textOf(file(object));
}

}  // namespace driftkeeper::tests
