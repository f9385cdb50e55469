resource "box_item" "a" {
  name    = "a"
  content = timestamp()
}
