resource "box_item" "c" {
  name    = "c"
  content = box_item.a.fingerprint
  secret  = "canary-secret-7"
  rule { port = 1 }
}
