resource "box_item" "a" {
  name    = "a"
  content = "one"
  size    = 3
}

