resource "box_item" "a" {
  name = "a"
  lifecycle { create_before_destroy = true }
}
