data "box_lookup" "image" { key = "image" }

resource "box_item" "a" {
  name    = "a"
  content = data.box_lookup.image.value
}

output "image" { value = data.box_lookup.image.value }
