resource "box_item" "a" {
  name  = "a"
  zones = ["x", "y", "z"]
}
