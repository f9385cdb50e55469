resource "box_item" "a" {
  name    = "a"
  content = "one"
  zones   = ["x"]
  labels  = { env = "prod", scaled = "1" }
  lifecycle { ignore_changes = [content, labels["scaled"]] }
}

resource "box_item" "b" {
  name    = "b"
  content = "two"
  lifecycle { ignore_changes = all }
}
