resource "box_item" "other" {
  name = "other"
}
