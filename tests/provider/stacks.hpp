#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "tests/support/terraform_world.hpp"

namespace driftkeeper::tests {

// One item with every kind of attribute set.
inline constexpr std::string_view everyKind = R"(
resource "box_item" "web" {
  name    = "web"
  size    = 12345678901234567890123
  enabled = true
  labels  = { env = "prod", "cost center" = "42" }
  zones   = ["b", "a"]
  members = ["zoe", "adam"]
  content = "hello"
  policy  = jsonencode({ Version = "1" })
  secret  = "canary-1"

  rule {
    port   = 443
    cidrs  = ["10.0.0.0/8"]
    secret = "canary-2"
  }
  rule {
    port = 80.25
    note = "plain"
  }

  grant {
    principal = "ops"
    actions   = ["read", "write"]
  }
  grant { principal = "dev" }
}
)";

inline constexpr std::string_view twoItems = R"(
resource "box_item" "a" {
  name    = "a"
  content = "one"
}

resource "box_item" "b" {
  name    = "b"
  content = "two"
  size    = 0.1
  depends = box_item.a.id
}
)";

// "a update; b delete" of the entries that change something, in terraform's order.
inline std::string actions(const nlohmann::json& entries) {
    std::string text;
    for (const auto& entry : entries) {
        const auto verbs = entry.at("change").at("actions").get<std::vector<std::string>>();
        if (verbs == std::vector<std::string>{"no-op"} && !entry.contains("previous_address"))
            continue;
        if (!text.empty()) text += "; ";
        text += entry.at("address").get<std::string>();
        for (const std::string& verb : verbs) text += " " + verb;
    }
    return text;
}

// What one plan saw.
struct Seen {
    int status = 0;
    bool errored = false;
    std::string drift;    // actions of resource_drift
    std::string changes;  // actions of resource_changes
    nlohmann::json plan;
    std::string stream;
};

inline Seen look(const TerraformWorld& world) {
    const TerraformWorld::Planned planned = world.plan();
    const auto plan =
        planned.json.empty() ? nlohmann::json::object() : nlohmann::json::parse(planned.json);
    const auto none = nlohmann::json::array();
    return {planned.status,
            plan.value("errored", false),
            actions(plan.value("resource_drift", none)),
            actions(plan.value("resource_changes", none)),
            plan,
            planned.stream};
}

}  // namespace driftkeeper::tests
