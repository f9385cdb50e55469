resource "box_item" "a" {
  name = "a2"
  lifecycle { create_before_destroy = true }
}
