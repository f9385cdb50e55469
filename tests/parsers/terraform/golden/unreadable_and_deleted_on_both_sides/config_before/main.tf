resource "box_item" "a" {
  name    = "a"
  content = "one"
  size    = 3
}

resource "box_item" "b" {
  name    = "b"
  content = "two"
  depends = box_item.a.id
}
resource "box_item" "c" {
  name    = "c"
  depends = box_item.b.id
}
resource "box_item" "d" {
  name = "d"
}
