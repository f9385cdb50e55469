resource "box_item" "a" {
  name    = "a"
  content = "hotfix"
  size    = 4
}

resource "box_item" "b" {
  name    = "b"
  content = "two"
  depends = box_item.a.id
}
