resource "box_item" "a" {
  name    = "a"
  content = "one"
  size    = 3
}

resource "box_item" "renamed" {
  name    = "b"
  content = "two"
  depends = box_item.a.fingerprint
}
moved {
  from = box_item.b
  to   = box_item.renamed
}
