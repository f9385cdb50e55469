terraform {
  required_providers {
    box = { source = "driftkeeper/box", version = "2.0.0-beta1" }
  }
  backend "local" { path = "/tmp/driftkeeper-golden/state/terraform.tfstate" }
}

provider "box" { directory = "/tmp/driftkeeper-golden/live" }
