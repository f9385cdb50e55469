#include "parsers/terraform/configuration.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper;
using namespace driftkeeper::terraform;
using Texts = std::vector<std::string>;

namespace configuration_test {
namespace {

const SourceFile mainFile{"prod/net/main.tf", R"(
terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = { source = "hashicorp/aws", version = "~> 5.0" }
    null = ">= 3"
  }
  backend "s3" {
    bucket = "state"
    key    = var.key
    region = "eu-central-1"
  }
}

module "vpc" { source = "../../modules/vpc" }
module "remote" {
  source  = "terraform-aws-modules/eks/aws"
  version = "19.0"
}
locals {
  name  = "x-${var.env}-${data.aws_region.here.name}"
  fixed = 1
}
resource "aws_instance" "web" {
  user_data = templatefile("${path.module}/../shared/init.tpl", { "k" = file("../keys/a.pub") })
  lifecycle {
    ignore_changes = [tags["Name"], ami]
  }
}
resource "aws_x" "all" {
  lifecycle { ignore_changes = all }
}
resource "google_thing" "old" {
  provider = google-beta.west
  lifecycle { ignore_changes = ["labels"] }
}
)"};

}  // namespace

TEST_CASE(
    "a folder's files say modules, backend, requirements, ignored changes, locals and outside "
    "paths") {
    const auto configuration = readConfiguration({mainFile});
    CHECK(configuration.broken.empty());
    REQUIRE(configuration.modules.size() == 2);
    CHECK(configuration.modules[0].name == "vpc");
    CHECK(configuration.modules[0].isLocal());
    CHECK(configuration.modules[1].source == "terraform-aws-modules/eks/aws");
    CHECK_FALSE(configuration.modules[1].isLocal());
    CHECK(configuration.backend == "s3");
    CHECK(configuration.backendAttributes ==
          std::map<std::string, std::string>{{"bucket", "state"}, {"region", "eu-central-1"}});
    CHECK_FALSE(configuration.cloud);
    CHECK(configuration.requiredProviders ==
          std::map<std::string, std::string>{{"aws", "hashicorp/aws"}, {"null", ""}});
    CHECK(configuration.requiredVersions == Texts{">= 1.5"});
    CHECK(configuration.ignoreChanges.at("aws_instance.web") == Texts{"tags[\"Name\"]", "ami"});
    CHECK(configuration.ignoreChanges.at("aws_x.all") == Texts{"all"});
    CHECK(configuration.ignoreChanges.at("google_thing.old") == Texts{"labels"});
    CHECK(configuration.locals.at("name") == Texts{"var.env", "data.aws_region.here.name"});
    CHECK(configuration.locals.at("fixed").empty());
    CHECK(configuration.outsidePaths == Texts{"prod/keys/a.pub", "prod/shared/init.tpl"});
}

TEST_CASE("a cloud block is no backend") {
    const auto configuration =
        readConfiguration({{"main.tf", "terraform {\n cloud { organization = \"x\" }\n}\n"}});
    CHECK(configuration.cloud);
    CHECK_FALSE(configuration.backend.has_value());
}

TEST_CASE("the setup text changes with what init depends on, and with nothing else") {
    struct Row {
        std::string from;
        std::string to;
        bool changes;
    };
    const Row rows[] = {
        {"~> 5.0", "~> 6.0", true},
        {"\"state\"", "\"other\"", true},
        {"var.key", "var.other", true},
        {"../../modules/vpc", "../../modules/vpc2", true},
        {"19.0", "20.0", true},
        {">= 1.5", ">= 1.6", true},
        {"hashicorp/aws", "mirror/aws", true},
        {"google_thing", "azurerm_thing", false},  // its provider is named by hand
        {"google-beta.west", "google.west", true},
        {"google-beta.west", "google-beta.east", false},
        {"aws_instance", "azurerm_instance", true},
        {"init.tpl", "other.tpl", false},
        {"fixed = 1", "fixed = 2", false},
    };
    const auto before = readConfiguration({mainFile}).setupText;
    for (const auto& row : rows) {
        CAPTURE(row.to);
        auto file = mainFile;
        const auto at = file.text.find(row.from);
        REQUIRE(at != std::string::npos);
        file.text.replace(at, row.from.size(), row.to);
        CHECK((readConfiguration({file}).setupText != before) == row.changes);
    }
}

TEST_CASE("the order of files and attributes does not matter for the setup text") {
    const SourceFile one{"a.tf", "terraform {\n backend \"x\" {\n a = 1\n b = 2\n }\n}\n"};
    const SourceFile two{"b.tf", "module \"m\" {\n source = \"./m\"\n}\n"};
    const SourceFile turned{"c.tf", "terraform {\n backend \"x\" {\n b = 2\n a = 1\n }\n}\n"};
    CHECK(readConfiguration({one, two}).setupText == readConfiguration({two, turned}).setupText);
}

TEST_CASE("an override file replaces what the others say") {
    const auto configuration = readConfiguration({
        {"x/backend_override.tf",
         "terraform {\n backend \"local\" {\n path = \"b\"\n }\n}\nmodule \"m\" {\n source = "
         "\"./new\"\n}\n"},
        {"x/main.tf",
         "terraform {\n backend \"s3\" {\n bucket = \"a\"\n }\n}\nmodule \"m\" {\n source = "
         "\"./old\"\n}\n"},
    });
    CHECK(configuration.backend == "local");
    CHECK(configuration.backendAttributes == std::map<std::string, std::string>{{"path", "b"}});
    REQUIRE(configuration.modules.size() == 1);
    CHECK(configuration.modules[0].source == "./new");
}

TEST_CASE("a broken file is named, and what could be read counts") {
    const auto configuration =
        readConfiguration({{"a.tf", "module \"m\" {\n source = \"./m\"\n}\nresource \"x\" {\n"}});
    CHECK(configuration.broken == Texts{"a.tf"});
    CHECK(configuration.modules.size() == 1);
}

TEST_CASE("OpenTofu reads x.tofu instead of x.tf, Terraform reads no .tofu file") {
    const std::vector<SourceFile> files = {
        {"a/x.tf", "locals {\n tf = 1\n}\n"},          {"a/x.tofu", "locals {\n tofu = 1\n}\n"},
        {"a/y.tf", "locals {\n y = 1\n}\n"},           {"a/z.tf.json", R"({"locals":{"zjson":1}})"},
        {"a/z.tofu", "locals {\n z = 1\n}\n"},         {"a/w.tf.json", R"({"locals":{"w":1}})"},
        {"a/w.tofu.json", R"({"locals":{"wtofu":1}})"}};
    const auto names = [&](Language language) {
        Texts out;
        for (const auto& [name, traversals] : readConfiguration(files, language).locals)
            out.push_back(name);
        return out;
    };
    CHECK(names(Language::Terraform) == Texts{"tf", "w", "y", "zjson"});
    CHECK(names(Language::OpenTofu) == Texts{"tofu", "wtofu", "y", "z", "zjson"});
}

TEST_CASE("outputs, other states and what refers to them") {
    const auto configuration = readConfiguration({{"main.tf", R"(
data "terraform_remote_state" "net" {
  backend   = "s3"
  workspace = terraform.workspace
  config = {
    bucket = "state"
    "key"  = "net/terraform.tfstate"
    region = var.region
  }
}
data "terraform_remote_state" "file" {
  backend = "local"
  config  = { path = "${path.module}/../net/terraform.tfstate" }
}
locals {
  subnet = data.terraform_remote_state.net.outputs.subnet_id
}
module "app" {
  source = "./app"
  vpc    = data.terraform_remote_state.net.outputs.vpc["id"]
}
resource "box_item" "a" {
  name    = "x-${local.subnet}"
  content = box_item.b.id
  block {
    note = data.terraform_remote_state.file.outputs.note
  }
}
resource "box_item" "b" {
  name = "b"
}
output "both" {
  value = [box_item.a.id, module.app.id]
}
)"}});
    CHECK(configuration.remoteStates.at("net") ==
          RemoteState{"s3",
                      "${terraform.workspace}",
                      {{"bucket", "state"}, {"key", "net/terraform.tfstate"}}});
    CHECK(configuration.remoteStates.at("file").config.at("path") ==
          "${path.module}/../net/terraform.tfstate");
    CHECK(configuration.references ==
          std::map<std::string, Texts>{
              {"box_item.a", {"local.subnet", "data.terraform_remote_state.file.outputs.note"}}});
    CHECK(configuration.outputs ==
          std::map<std::string, Texts>{{"both", {"box_item.a.id", "module.app.id"}}});
    CHECK(configuration.modules.at(0).arguments.at("vpc") ==
          Texts{"data.terraform_remote_state.net.outputs.vpc"});
}

TEST_CASE("the names of configuration files") {
    for (const auto* name : {"main.tf", "a/b/x.tf.json", "x.tofu", "a/x.tofu.json"})
        CHECK(isConfigurationFile(name));
    for (const auto* name : {".x.tf", "a/.x.tf", "x.tf~", "#x.tf#", "#x.tf", "x.tfvars", "x.json",
                             "tf", "x.hcl", "x.tf.bak", ""}) {
        CAPTURE(name);
        CHECK_FALSE(isConfigurationFile(name));
    }
}

TEST_CASE("OpenTofu takes the version that a .tf file requires for Terraform's") {
    const std::string old = "terraform {\n required_version = \"~> 1.5.0\"\n}\n";
    const std::string language =
        "language {\n compatible_with {\n  opentofu = \">= 1.12\"\n }\n}\n";
    const std::vector<SourceFile> files = {
        {"a.tf", old + language}, {"b.tofu", "terraform {\n required_version = \">= 1.6\"\n}\n"}};
    const auto terraform = readConfiguration(files);
    CHECK(terraform.requiredVersions == Texts{"~> 1.5.0"});
    CHECK(terraform.requiredOfTerraform.empty());
    const auto tofu = readConfiguration(files, Language::OpenTofu);
    CHECK(tofu.requiredVersions == Texts{">= 1.12", ">= 1.6"});
    CHECK(tofu.requiredOfTerraform == Texts{"~> 1.5.0"});
}

TEST_CASE("a backend's setting that is no literal is open") {
    const auto configuration =
        readConfiguration({{"a.tf",
                            "terraform {\n backend \"s3\" {\n bucket = \"b\"\n key = "
                            "\"${var.env}.tfstate\"\n }\n}\n"}});
    CHECK(configuration.backendAttributes == std::map<std::string, std::string>{{"bucket", "b"}});
    CHECK(configuration.openBackendAttributes == std::set<std::string>{"key"});
}

}  // namespace configuration_test
