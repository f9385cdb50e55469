removed {
  from = box_item.b
  lifecycle { destroy = false }
}
