resource "box_item" {
