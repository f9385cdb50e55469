resource "box_item" "a" {
  name    = "a"
  content = "one"
  lifecycle {
    postcondition {
      condition     = self.owner == "nobody"
      error_message = "somebody owns the box"
    }
  }
}

resource "box_item" "b" {
  name    = "b"
  content = "two"
}
