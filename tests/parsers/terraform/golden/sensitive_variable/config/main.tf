variable "password" {
  type      = string
  sensitive = true
  default   = "canary-secret-5"
}

resource "box_item" "a" {
  name    = "a"
  content = "password=${var.password}"
  labels  = { plain = "shown", hidden = var.password }
  members = ["plain", var.password]
  zones   = ["zone", var.password]
}

output "password" {
  value     = var.password
  sensitive = true
}
