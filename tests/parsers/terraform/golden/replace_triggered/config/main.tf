resource "box_item" "a" {
  name    = "a"
  content = "uno"
  size    = 3
}

resource "box_item" "b" {
  name    = "b"
  content = "two"
  depends = box_item.a.id
  lifecycle { replace_triggered_by = [box_item.a.content] }
}
