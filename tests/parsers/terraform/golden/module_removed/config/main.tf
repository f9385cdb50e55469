module "net" {
  source = "./modules/net"
  name   = "prod"
}


resource "box_item" "root" {
  name    = "root"
  depends = module.net.leaf
}

output "leaf" { value = module.net.leaf }
