terraform {
  required_providers {
    box = { source = "driftkeeper/box" }
  }
}

variable "name" { type = string }
variable "above" {
  type    = string
  default = null
}

resource "box_item" "leaf" {
  count   = 2
  name    = "${var.name}-${count.index}"
  content = "leaf"
  depends = var.above
}

output "id" { value = box_item.leaf[0].id }
