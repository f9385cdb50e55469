resource "box_item" "n" {
  name = "n"
  size = 12345678901234567890123

  rule { port = 0.1 }
  rule { port = 1e-9 }
  rule { port = 65535 }
}
