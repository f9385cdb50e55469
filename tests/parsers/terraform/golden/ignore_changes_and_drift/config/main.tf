resource "box_item" "a" {
  name    = "a"
  content = "one"
  zones   = ["x"]
  lifecycle { ignore_changes = [content] }
}
