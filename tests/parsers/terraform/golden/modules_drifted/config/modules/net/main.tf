terraform {
  required_providers {
    box = { source = "driftkeeper/box" }
  }
}

variable "name" { type = string }

resource "box_item" "net" {
  name    = "${var.name}-net"
  content = "net"
}

module "leaf" {
  source = "../leaf"
  name   = "${var.name}-leaf"
  above  = box_item.net.id
}

output "leaf" { value = module.leaf.id }
