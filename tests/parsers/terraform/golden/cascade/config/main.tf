resource "box_item" "a" {
  name    = "a"
  content = "one"
}

resource "box_item" "b" {
  name    = "b"
  content = box_item.a.fingerprint
}

output "fingerprint" { value = box_item.b.fingerprint }
