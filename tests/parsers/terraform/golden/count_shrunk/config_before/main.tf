resource "box_item" "n" {
  count   = 3
  name    = "n${count.index}"
  content = "same"
}

resource "box_item" "k" {
  for_each = { "eu west" = "one", "a.b" = "two", "quo\"te" = "three" }
  name     = "k-${each.value}"
  content  = each.key
}
