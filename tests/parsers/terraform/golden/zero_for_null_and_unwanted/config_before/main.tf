resource "box_item" "web" {
  name    = "web"
  size    = 12345678901234567890123
  enabled = true
  labels  = { env = "prod", "cost center" = "42" }
  zones   = ["b", "a"]
  members = ["zoe", "adam"]
  content = "hello"
  policy  = jsonencode({ Version = "1", Allow = ["read"] })

  rule {
    port   = 443
    cidrs  = ["10.0.0.0/8"]
  }
  rule {
    port = 80.25
    note = "plain"
  }

  grant {
    principal = "ops"
    actions   = ["read", "write"]
  }
  grant {
    principal = "dev"
    actions   = ["read"]
  }
}
