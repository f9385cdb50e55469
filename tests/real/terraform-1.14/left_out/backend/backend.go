// Package backend stands in for Terraform's backends of cloud stores. Each of them is a module that is only found beside Terraform's
// own sources, not among Go modules, and compiling their SDKs would take longer than Terraform. No test keeps a state there.
package backend

import "github.com/hashicorp/terraform/internal/backend"

func New() backend.Backend { panic("this build of Terraform leaves the backends of cloud stores out") }
