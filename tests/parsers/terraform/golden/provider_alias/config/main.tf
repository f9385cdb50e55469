provider "box" {
  alias     = "second"
  directory = "/tmp/driftkeeper-golden/live"
  token     = "canary-secret-10"
}

resource "box_item" "a" {
  provider = box.second
  name     = "a"
}

resource "box_item" "b" { name = "b" }
