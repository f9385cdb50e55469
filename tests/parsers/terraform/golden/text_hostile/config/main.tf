resource "box_item" "a" {
  name    = "a"
  content = "line\nquote\" \\ tab\t nul? \u001b[31m <b> ünïcödé 漢 \u202e"
  labels  = { "a.b" = "1", "a b" = "2", "quo\"te" = "3", "ü" = "4", "" = "5" }
}
