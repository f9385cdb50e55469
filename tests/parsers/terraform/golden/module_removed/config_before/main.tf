module "net" {
  source = "./modules/net"
  name   = "prod"
}

module "many" {
  source   = "./modules/leaf"
  for_each = toset(["x", "y.z"])
  name     = "many-${each.key}"
}

resource "box_item" "root" {
  name    = "root"
  depends = module.net.leaf
}

output "leaf" { value = module.net.leaf }
