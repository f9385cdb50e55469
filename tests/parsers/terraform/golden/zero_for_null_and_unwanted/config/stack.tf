terraform {
  required_providers {
    box = { source = "driftkeeper/box" }
  }
  backend "local" { path = "/tmp/driftkeeper-golden/state/terraform.tfstate" }
}

provider "box" { directory = "/tmp/driftkeeper-golden/live" }
