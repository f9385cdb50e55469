resource "box_item" "a" {
  name   = "a"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = ["read", "write"], Principal = { AWS = ["x", "y"] } }] })
}
resource "box_item" "b" {
  name   = "b"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = ["read", "write"] }] })
}
