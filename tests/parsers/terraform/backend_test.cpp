#include "parsers/terraform/backend.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper::terraform;

TEST_CASE("a state has one name for who writes it and who reads it") {
    struct Row {
        const char* type;
        BackendSettings settings;
        const char* workspace;
        const char* key;  // "": not known
    };
    const BackendSettings s3{
        {"bucket", "b"}, {"key", "net/t.tfstate"}, {"region", "r"}, {"secret_key", "CANARY"}};
    const BackendSettings azure{
        {"storage_account_name", "a"}, {"container_name", "c"}, {"key", "k"}};
    for (const Row& row :
         {Row{"s3", s3, "", "s3://b/net/t.tfstate"},
          Row{"s3", s3, "default", "s3://b/net/t.tfstate"},
          Row{"s3", s3, "blue", "s3://b/env:/blue/net/t.tfstate"},
          Row{"s3",
              {{"bucket", "b"}, {"key", "/k"}, {"workspace_key_prefix", "w"}},
              "blue",
              "s3://b/w/blue/k"},
          Row{"s3", {{"bucket", "b"}}, "", ""},
          Row{"s3", {{"bucket", "b"}, {"key", "${var.x}/k"}}, "", ""},
          Row{"gcs", {{"bucket", "b"}}, "", "gcs://b/default.tfstate"},
          Row{"gcs", {{"bucket", "b"}, {"prefix", "p/q"}}, "blue", "gcs://b/p/q/blue.tfstate"},
          Row{"azurerm", azure, "", "azurerm://a/c/k"},
          Row{"azurerm", azure, "blue", "azurerm://a/c/kenv:blue"},
          Row{"oss", {{"bucket", "b"}}, "", "oss://b/env:/terraform.tfstate"},
          Row{"http",
              {{"address", "https://me:CANARY@h:1/a?token=CANARY"}},
              "",
              "http:https://h:1/a"},
          Row{"http", {{"address", "https://me:CANARY@h:1/a@b"}}, "", ""},
          Row{"local", {}, "", "local:/tree/net/terraform.tfstate"},
          Row{"local", {{"path", "../s/a.tfstate"}}, "", "local:/tree/s/a.tfstate"},
          Row{"local", {{"path", "/abs/a.tfstate"}}, "", "local:/abs/a.tfstate"},
          Row{"local",
              {{"path", "/abs/a.tfstate"}},
              "blue",
              "local:/tree/net/terraform.tfstate.d/blue/terraform.tfstate"},
          Row{"pg", {{"conn_str", "CANARY"}}, "", ""},
          Row{"pg",
              {{"conn_str", "postgres://me:CANARY@db:5432/states?sslmode=disable"}},
              "",
              "pg://db:5432/states/terraform_remote_state/default"},
          Row{"pg",
              {{"conn_str", "host=db password=CANARY dbname=states"}, {"schema_name", "net"}},
              "blue",
              "pg://db/states/net/blue"},
          Row{"consul", {{"address", "c:8500"}, {"path", "net"}}, "", "consul://c:8500/net"},
          Row{"consul", {{"path", "net"}}, "blue", "consul:///net-env:blue"},
          Row{"cos", {{"bucket", "b"}, {"prefix", "p"}}, "", "cos://b/p/terraform.tfstate"},
          Row{"cos", {{"bucket", "b"}, {"key", "k"}}, "blue", "cos://b/blue/k"},
          Row{"kubernetes",
              {{"secret_suffix", "net"}, {"config_context", "c"}},
              "",
              "kubernetes://c/default/tfstate-default-net"},
          Row{"remote",
              {{"organization", "o"}, {"workspaces.name", "net"}},
              "",
              "remote://app.terraform.io/o/net"},
          Row{"remote",
              {{"organization", "o"}, {"workspaces.prefix", "net-"}, {"hostname", "h"}},
              "blue",
              "remote://h/o/net-blue"},
          Row{"remote", {{"organization", "o"}, {"workspaces.prefix", "net-"}}, "", ""}}) {
        CAPTURE(row.type);
        CAPTURE(row.key);
        CHECK(backendKey(row.type, row.settings, row.workspace, "/tree/net").value_or("") ==
              row.key);
    }
}
