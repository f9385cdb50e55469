resource "box_item" "c" {
  name    = "c"
  members = ["x", "y", "z"]
  grant { principal = "p" }
  grant { principal = "q" }
}
